// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Does a statement on Duet's dynamic tape cost the same, however long the tape is?
//   dynamic_length [STATEMENTS]      (the longest tape; default: 100000000, as far as memory goes)

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <duet/forward/dual.hpp>
#include <duet/tape/record.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness.hpp"

namespace {

constexpr std::size_t width = 64;     // numbers in the ring
constexpr std::size_t block = 10000;  // statements that are timed together

/// Statements on a ring of numbers: each number in turn becomes the mean of itself and x times the next one.
template <class T>
class Ring {
 public:
  Ring() {
    for (std::size_t j = 0; j < width; ++j) {
      numbers_[j] = static_cast<double>(j) / width;
    }
  }

  void advance(const T& x, std::size_t statements) {
    for (; statements > 0; --statements) {
      const std::size_t next = (at_ + 1) % width;
      numbers_[at_] = 0.5 * (numbers_[at_] + x * numbers_[next]);
      at_ = next;
    }
  }

  const T& front() const { return numbers_[0]; }

 private:
  std::array<T, width> numbers_;
  std::size_t at_ = 0;
};

/// Processor time in seconds.
double now() {
  std::timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// One recording and one sweep: seconds per statement.
struct Timing {
  double record;
  double sweep;
  double slowest;  // of the blocks of the recording, over the median: growth that stops the world shows here
};

/// Records, sweeps and checks the derivative.
Timing measure(duet::DynamicTape<double>& tape, std::size_t statements, double expected) {
  const duet::Var<double> x = tape.variable(1.0);
  Ring<duet::Var<double>> ring;
  std::vector<double> blocks;
  const double start = now();
  double before = start;
  for (std::size_t done = 0; done < statements; done += block) {
    ring.advance(x, block);
    const double after = now();
    blocks.push_back(after - before);
    before = after;
  }
  tape.backward(ring.front());
  const double end = now();
  const double tolerance = std::max(1e-9, 1e-16 * static_cast<double>(statements));  // rounding errors add up
  if (!(std::abs(x.grad() - expected) <= tolerance * std::abs(expected))) {
    throw std::runtime_error("a wrong derivative after " + std::to_string(statements) + " statements");
  }
  const auto count = static_cast<double>(statements);
  return {(before - start) / count, (end - before) / count,
          *std::max_element(blocks.begin(), blocks.end()) / bench::median(blocks)};
}

/// The derivative that a tape of this length has to give.
double derivative(std::size_t statements) {
  Ring<duet::Dual<double, 1>> ring;
  ring.advance(duet::Dual<double, 1>(1.0, {1.0}), statements);
  return ring.front().tangent(0);
}

/// Half of the machine's memory.
double memory_limit() {
  return 0.5 * static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

int main(int argc, char** argv) try {
  const double longest = argc > 1 ? std::atof(argv[1]) : 1e8;
  std::vector<std::vector<std::string>> table{
      {"statements", "first record ns", "record ns", "sweep ns", "bytes/statement", "slowest block/median"}};
  double bytes = 0;
  for (std::size_t statements = 100000; static_cast<double>(statements) <= longest; statements *= 10) {
    if (bytes * static_cast<double>(statements) > memory_limit()) {
      table.push_back({std::to_string(statements), "no memory"});
      break;
    }
    const double expected = derivative(statements);
    duet::DynamicTape<double> tape;
    const Timing first = measure(tape, statements, expected);
    bytes = static_cast<double>(tape.memory()) / static_cast<double>(statements);
    std::vector<double> records, sweeps;
    for (std::size_t i = 0; i < std::clamp<std::size_t>(100000000 / statements, 3, 31); ++i) {
      tape.clear();
      const Timing again = measure(tape, statements, expected);
      records.push_back(1e9 * again.record);
      sweeps.push_back(1e9 * again.sweep);
    }
    table.push_back({std::to_string(statements), bench::fixed(1e9 * first.record, 2),
                     bench::fixed(bench::median(records), 2), bench::fixed(bench::median(sweeps), 2),
                     bench::fixed(bytes, 1), bench::fixed(first.slowest, 1)});
  }
  std::printf("time per statement (first: on fresh memory; then medians on a tape that was cleared)\n");
  bench::print_table(table);
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
