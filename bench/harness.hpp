// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <ctime>
#include <functional>
#include <numeric>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

namespace bench {

/// Makes the compiler believe that `value` is read, so that it has to be computed and stored in full.
template <class T>
[[gnu::always_inline]] inline void keep(const T& value) {
  asm volatile("" : : "m"(value) : "memory");
}

/// Calls `f` at every point. Whatever is measured goes through this one loop, inlined if the compiler wants to.
template <class F, class Point>
[[gnu::noinline, gnu::flatten]] void sweep(const F& f, const std::vector<Point>& points) {
  for (const Point& point : points) {
    alignas(64) const auto result = std::apply(f, point);  // else it may straddle two cache lines for one rival only
    keep(result);
  }
}

/// The middle one of some numbers.
inline double median(std::vector<double> xs) {
  const auto middle = xs.begin() + static_cast<std::ptrdiff_t>(xs.size() / 2);
  std::nth_element(xs.begin(), middle, xs.end());
  return *middle;
}

/// The geometric mean of some numbers.
inline double geometric_mean(const std::vector<double>& xs) {
  const auto add_log = [](double sum, double x) { return sum + std::log(x); };
  return std::exp(std::accumulate(xs.begin(), xs.end(), 0.0, add_log) / static_cast<double>(xs.size()));
}

/// Measures rivals in turns, round after round: a disturbance of the machine hits neighbours alike, so the median of
/// the ratios within a round is far steadier than a ratio of two times that were taken one after the other.
class Race {
 public:
  /// What is measured: processor time, in which what other programs do meanwhile does not count; or, for rivals with
  /// threads, the time that passes, after a rest in which the threads of the last rival fall asleep.
  enum Clock { processor, wall };
  explicit Race(Clock clock = processor) : clock_(clock) {}

  /// A rival: `run` does the work of `items` calls. Returns its number.
  std::size_t add(std::function<void()> run, std::size_t items) {
    rivals_.push_back({std::move(run), items, 1, {}});
    return rivals_.size() - 1;
  }

  /// Runs every rival once per round, for about `seconds` each.
  void run(int rounds = 31, double seconds = 0.004) {
    for (Rival& rival : rivals_) {
      while (time(rival) < seconds && rival.repeats < (std::size_t{1} << 30)) {
        rival.repeats *= 2;
      }
    }
    for (int round = 0; round < rounds; ++round) {
      for (std::size_t i = 0; i < rivals_.size(); ++i) {
        Rival& rival = rivals_[(i + static_cast<std::size_t>(round)) % rivals_.size()];
        rival.times.push_back(time(rival) / static_cast<double>(rival.repeats * rival.items));
      }
    }
  }

  /// The median time of one call, in nanoseconds.
  double nanoseconds(std::size_t rival) const { return 1e9 * median(rivals_[rival].times); }

  /// The median ratio of the times of two rivals.
  double ratio(std::size_t of, std::size_t to) const {
    std::vector<double> ratios(rivals_[of].times.size());
    std::transform(rivals_[of].times.begin(), rivals_[of].times.end(), rivals_[to].times.begin(), ratios.begin(),
                   std::divides<>());
    return median(ratios);
  }

 private:
  struct Rival {
    std::function<void()> run;
    std::size_t items;
    std::size_t repeats;
    std::vector<double> times;
  };

  double time(const Rival& rival) const {
    if (clock_ == wall) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const double start = now();
    for (std::size_t i = 0; i < rival.repeats; ++i) {
      rival.run();
    }
    return now() - start;
  }
  double now() const {
    if (clock_ == processor) return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }

  Clock clock_;
  std::vector<Rival> rivals_;
};

/// A number for a table.
inline std::string fixed(double x, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, x);
  return text;
}

/// Prints rows of cells with aligned columns, the first one to the left, the others to the right.
inline void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const int width = static_cast<int>(widths[i]);
      std::printf(i == 0 ? "%-*s" : "  %*s", width, row[i].c_str());
    }
    std::printf("\n");
  }
}

}  // namespace bench
