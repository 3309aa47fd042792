// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Checkpoints: the gradients of plain recordings, in less memory.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <stdexcept>
#include <tuple>
#include <vector>

#include <duet/forward/forward.hpp>
#include <duet/tape/checkpoint.hpp>

namespace {

using duet::TapeError, duet::checkpoint;
using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;

template <class X>
using plain_t = typename duet::op::kept<std::remove_cvref_t<X>>::type;

/// A function with a loop and a branch: sin again and again, until it gets small.
struct Damped {
  template <class X>
  auto operator()(const X& x, const plain_t<X>& rate) const {
    using std::sin, std::exp;
    plain_t<X> y = x;
    for (int i = 0; i < 200; ++i) {
      if (y > 0.3) {
        y = sin(y) * rate;
      } else {
        y = y + exp(-y * rate);
      }
    }
    return y;
  }
};

/// The derivatives of y with respect to some variables.
std::vector<double> gradient(Tape& tape, const Number& y, const std::vector<Number>& xs) {
  tape.zero_grad();
  tape.backward(y);
  std::vector<double> result;
  for (const Number& x : xs) result.push_back(x.grad());
  return result;
}

void check_close(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t k = 0; k < a.size(); ++k) CHECK(a[k] == doctest::Approx(b[k]).epsilon(1e-13));
}

}  // namespace

TEST_CASE("a checkpoint has the value and the gradient of the function") {
  Tape tape;
  const Number x = tape.variable(0.7), rate = tape.variable(0.95);
  const Number plain = Damped{}(x, rate), again = checkpoint(Damped{})(x, rate);
  CHECK(again.primal() == plain.primal());
  check_close(gradient(tape, again, {x, rate}), gradient(tape, plain, {x, rate}));
  // within something else, with an expression as its argument
  const Number inside = exp(checkpoint(Damped{})(2 * x, rate) * x), outside = exp(Damped{}(Number(2 * x), rate) * x);
  check_close(gradient(tape, inside, {x, rate}), gradient(tape, outside, {x, rate}));
}

TEST_CASE("arguments and results are structures; other arguments go along") {
  const auto f = [](const auto& v, const auto& pair, int power, const std::vector<double>& weights) {
    using Scalar = std::remove_cvref_t<decltype(v[0])>;
    const auto& [a, row] = pair;
    Scalar sum = 0;
    for (std::size_t i = 0; i < v.size(); ++i) sum = sum + weights[i] * pow(v[i], power) * a;
    std::vector<Scalar> scaled;
    for (const auto& one : row) scaled.push_back(one * sum);
    return std::tuple(scaled, std::array<Scalar, 2>{sum, a}, 3.5);
  };
  Tape tape;
  std::vector<Number> v;
  for (int i = 0; i < 5; ++i) v.push_back(tape.variable(0.5 + i));
  const Number a = tape.variable(1.5), b = tape.variable(-2), c = tape.variable(3);
  const auto pair = std::tuple(a, std::array{b, c});
  const std::vector<double> weights{1, 2, 3, 4, 5};
  const auto total = [](const auto& y) {
    const auto& [scaled, both, constant] = y;
    return Number(scaled[0] * 2 + scaled[1] * scaled[0] + both[0] * both[1] + constant);
  };
  const auto kept = checkpoint(f)(v, pair, 3, weights);
  static_assert(std::is_same_v<const std::tuple<std::vector<Number>, std::array<Number, 2>, Number>, decltype(kept)>);
  std::vector<Number> all = v;
  all.insert(all.end(), {a, b, c});
  check_close(gradient(tape, total(kept), all), gradient(tape, total(f(v, pair, 3, weights)), all));
}

TEST_CASE("a call is one record, and memory is that of the largest checkpoint") {
  Tape tape;
  const Number x = tape.variable(0.7), rate = tape.variable(0.95);
  const auto chain = [&](const auto& f) {
    Number y = x;
    for (int i = 0; i < 50; ++i) y = f(y, rate);
    return y;
  };
  const auto start = tape.position();
  const std::size_t before = tape.memory();
  const auto expected = gradient(tape, chain(Damped{}), {x, rate});
  const std::size_t plain = tape.memory() - before;
  tape.rewind(start);
  CHECK(tape.memory() < before + 1000);

  const duet::tape::Key next = tape.next();
  const Number y = chain(checkpoint(Damped{}));
  CHECK(tape.next() - next == 50);
  check_close(gradient(tape, y, {x, rate}), expected);
  CHECK(50 * (tape.memory() - before) < plain * 2);  // 200 statements become one record
  tape.rewind(start);
  CHECK(tape.memory() < before + 1000);
}

TEST_CASE("checkpoints nest") {
  Tape tape;
  const Number x = tape.variable(0.7), rate = tape.variable(0.95);
  const auto twice = [](const auto& a, const auto& r) {
    const auto once = checkpoint(Damped{})(a, r);
    return checkpoint(Damped{})(once * r, r);
  };
  const Number plain = Damped{}(Number(Damped{}(x, rate) * rate), rate);
  check_close(gradient(tape, checkpoint(twice)(x, rate), {x, rate}), gradient(tape, plain, {x, rate}));
}

TEST_CASE("a record is swept as often as one likes, with several outputs and seeds") {
  Tape tape;
  const Number x = tape.variable(2);
  const auto y = checkpoint([](const auto& a) { return std::array<plain_t<decltype(a)>, 2>{a * a, a * a * a}; })(x);
  tape.backward(y[0]);
  tape.backward(y[1]);
  CHECK(x.grad() == 4 + 12);
  tape.zero_grad();
  const double seeds[] = {10, 1};
  tape.backward(y, seeds);
  CHECK(x.grad() == 40 + 12);
}

TEST_CASE("numbers that are not recorded") {
  const auto f = checkpoint([](const auto& a, const auto& b) { return a * b; });
  CHECK(f(2.0, 3.0) == 6);
  const Number passive = f(Number(2), Number(3));  // no tape
  CHECK(passive.primal() == 6);
  CHECK(!passive.is_recorded());
  Tape tape;
  const Number x = tape.variable(2);
  const Number y = f(x, Number(5));
  tape.backward(y);
  CHECK(x.grad() == 5);
  CHECK(!Number(f(Number(2), Number(3))).is_recorded());
}

TEST_CASE("a function may take variables only") {
  Tape tape;
  const Number x = tape.variable(3);
  int runs = 0;
  const Number y = checkpoint([&](const Number& a) {
    ++runs;
    Number b = a * a;
    return b * a;
  })(x);
  CHECK(y.primal() == 27);
  CHECK(tape.next() - x.key() == 2);  // only the result was recorded
  tape.backward(y);
  CHECK(x.grad() == 27);
  CHECK(runs == 2);
}

TEST_CASE("variables that a function captured are an error, and the tape stays usable") {
  Tape tape;
  const Number x = tape.variable(3), w = tape.variable(2);
  const Number passive = 5;
  CHECK_THROWS_AS(checkpoint([&](const auto& a) { return a * w; })(x), TapeError);
  CHECK_THROWS_AS(checkpoint([&](const auto&) { return w; })(x), TapeError);
  CHECK_THROWS_AS(checkpoint([&](const Number& a) { return Number(a * w); })(x), TapeError);
  CHECK(Tape::active() == &tape);
  const Number y = checkpoint([&](const auto& a) { return a * a * passive; })(x);
  tape.backward(y);
  CHECK(x.grad() == 30);
  CHECK(w.grad() == 0);
}

TEST_CASE("what a function throws, in either run, reaches the caller") {
  Tape tape;
  const Number x = tape.variable(3);
  int run = 0, failing = 1;
  const auto f = checkpoint([&](const auto& a) {
    if (++run == failing) throw std::domain_error("no");
    return std::vector(static_cast<std::size_t>(run == 4 ? 2 : 1), plain_t<decltype(a)>(a * a));
  });
  CHECK_THROWS_AS(f(x), std::domain_error);
  CHECK(tape.next() - x.key() == 1);
  failing = 3;
  const Number y = f(x)[0];
  CHECK_THROWS_AS(tape.backward(y), std::domain_error);
  CHECK_THROWS_WITH_AS(tape.backward(y),
                       "duet: a function gave another number of results when it was run again; what it does must "
                       "depend on its arguments only (2 instead of 1)",
                       duet::Error);
  CHECK(Tape::active() == &tape);
  tape.zero_grad();
  tape.backward(y);
  CHECK(x.grad() == 6);
}

TEST_CASE("second derivatives: forward over checkpoints, and checkpoints on two tapes") {
  // f = damped(x, rate) along (1, 0.5)
  using Dual = duet::Dual<double>;
  const auto product = [](const auto& f) {
    duet::DynamicTape<Dual> tape;
    const duet::Var<Dual> x = tape.variable(Dual(0.7, 1.0)), rate = tape.variable(Dual(0.95, 0.5));
    tape.backward(f(x, rate));
    return std::vector{x.grad().tangent(), rate.grad().tangent()};
  };
  const auto expected = product(Damped{});
  check_close(product(checkpoint(Damped{})), expected);

  Tape lower;
  const Number a = lower.variable(0.7), b = lower.variable(0.95);
  duet::DynamicTape<Number> upper;
  const duet::Var<Number> x = upper.variable(a), rate = upper.variable(b);
  upper.backward(checkpoint(Damped{})(x, rate));
  check_close(gradient(lower, x.grad() + 0.5 * rate.grad(), {a, b}), expected);
}
