// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The first sweep, in which records may set derivatives instead of adding to zeros, says what later sweeps say,
// whatever the memory held before.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <duet/tape/checkpoint.hpp>
#include <duet/tape/map.hpp>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

namespace {

using Numbers = std::vector<double>;
using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;
using Row = duet::Variables<double>;

struct Product {
  constexpr auto operator()(const auto& a, const auto& b, const auto& s) const { return a * b + s * a; }
};

/// Leaves derivatives that are no numbers where the next ones will be.
void spoil(Tape& tape, std::size_t count) {
  tape.clear();
  const Row x = tape.variables(count, 1.0);
  const std::vector<Number> one{x[0] * x[0]};
  const auto same = [](const auto& a) { return a * 1.0; };
  const auto y = duet::map(same, duet::each(x));
  const std::vector<Number> ends{duet::map_sum(same, duet::each(y))};
  const Numbers seeds{std::numeric_limits<double>::quiet_NaN()};
  tape.backward(ends, seeds);
  tape.clear();
}

/// A recording at random: rows and numbers, each made of some before.
class Recording {
 public:
  Recording(Tape& tape, std::mt19937& engine) : engine_(engine) {
    std::uniform_real_distribution<double> number(-1, 1);
    const auto some = [&](std::size_t count) {
      Numbers xs(count);
      std::generate(xs.begin(), xs.end(), [&] { return number(engine_); });
      return xs;
    };
    numbers_.push_back(tape.variable(number(engine_)));
    rows_.push_back(tape.variables(some(1 + below(900))));
    if (below(2) == 0) numbers_.push_back(numbers_[0] * rows_[0][0]);
    rows_.push_back(tape.variables(some(1 + below(900))));
    numbers_.push_back(tape.variable(number(engine_)));
    for (std::size_t steps = 1 + below(6); steps > 0; --steps) {
      step();
    }
  }

  const Number& last() const { return numbers_.back(); }
  const Number& any() { return numbers_[below(numbers_.size())]; }

  Numbers gradients() const {
    Numbers all;
    for (const Row& row : rows_) {
      const Numbers own = row.grad();
      all.insert(all.end(), own.begin(), own.end());
    }
    for (const Number& number : numbers_) all.push_back(number.grad());
    return all;
  }

 private:
  std::size_t below(std::size_t end) { return engine_() % end; }

  /// Part of a row, or parts of two.
  Row row(std::size_t count) {
    const Row& from = rows_[below(rows_.size())];
    const std::size_t size = std::min(count, from.size());
    const Row part = from.part(below(from.size() - size + 1), size);
    return size == count ? part : duet::join(part, row(count - size));
  }

  void step() {
    const std::size_t count = 1 + below(700);
    const Row a = row(count), b = below(3) == 0 ? a : row(count);
    switch (below(4)) {
      case 0:
        rows_.push_back(duet::map(Product{}, duet::each(a), duet::each(b), any()));
        numbers_.push_back(duet::map_sum(Product{}, duet::each(rows_.back()), duet::each(b), any()));
        break;
      case 1:
        numbers_.push_back(duet::map_sum(Product{}, duet::each(a), duet::each(b), any()));
        numbers_.push_back(any() * numbers_.back() * 0.5);
        break;
      case 2:
        numbers_.push_back(duet::map_logsumexp(Product{}, duet::each(a), duet::each(b), any()));
        break;
      default:
        numbers_.push_back(duet::map_sum(Product{}, duet::each(a), duet::each(b), any()));
    }
  }

  std::mt19937& engine_;
  std::vector<Row> rows_;
  std::vector<Number> numbers_;
};

TEST_CASE("a first sweep, which sets derivatives, gives what one gives that adds to zeros") {
  std::mt19937 engine(2026);
  for (int times = 0; times < 400; ++times) {
    CAPTURE(times);
    Tape tape;
    spoil(tape, 5000);
    Recording recording(tape, engine);
    std::vector<Number> outputs{recording.last()};
    const int kind = times % 3;
    if (kind == 1) outputs = {recording.any()};
    if (kind == 2) outputs = {recording.any(), recording.last(), recording.any()};
    const auto sweep = [&] {
      if (kind == 2) {
        tape.backward(outputs, {});
      } else {
        tape.backward(outputs[0]);
      }
      return recording.gradients();
    };
    const Numbers set = sweep();
    // once there are derivatives, zeros here, a sweep adds
    tape.zero_grad();
    const Number first = tape.variable(1.0);
    tape.backward(Number(first * first));
    for (const double slope : recording.gradients()) REQUIRE(slope == 0);
    REQUIRE(sweep() == set);
  }
}

}  // namespace

TEST_CASE("a first sweep that is left by an exception leaves numbers, and none that are too many") {
  for (const std::size_t between : {0, 10, 1000}) {
    CAPTURE(between);
    Tape tape;
    spoil(tape, 2000);
    bool fail = false;
    const Row x = tape.variables(100, 0.5);
    tape.variables(between, 1.0);
    const Number y = duet::checkpoint([&fail](const auto& a) {
      if (fail) throw std::domain_error("in the sweep");
      return a * a;
    })(x[99]);
    const auto squares = duet::map([](const auto& a) { return a * a; }, duet::each(x));
    const Number total = duet::map_sum([](const auto& a) { return 3.0 * a; }, duet::each(squares)) * y;
    fail = true;
    CHECK_THROWS_AS(tape.backward(total), std::domain_error);
    for (std::size_t k = 0; k < x.size(); ++k) CHECK_FALSE(std::isnan(tape.grad(x[k])));
    fail = false;
    tape.zero_grad();
    tape.backward(total);
    CHECK(tape.grad(x[0]) == doctest::Approx(3 * 0.25));  // 3 sum(x^2) x_99^2
    CHECK(tape.grad(x[99]) == doctest::Approx(3 * 0.25 + 75 * 1.0));
  }
}
