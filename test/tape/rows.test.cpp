// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Rows of variables as arguments and results of checkpoints and loops: rows stay rows, gradients are those of the plain
// recording.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <tuple>
#include <vector>

#include <duet/tape/checkpoint.hpp>
#include <duet/tape/checkpointed_loop.hpp>
#include <duet/tape/map.hpp>
#include <duet/tape/parallel_map.hpp>

namespace {

using duet::checkpoint, duet::each;
using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;
using Row = duet::Variables<double>;
using Vector = std::vector<double>;

Vector waves(std::size_t n, double rate) {
  Vector result(n);
  for (std::size_t k = 0; k < n; ++k) result[k] = std::sin(rate * double(k + 1));
  return result;
}

/// The gradients of the sum of rows, weighted, one after the other.
Vector gradients(Tape& tape, const Row& y, const std::vector<Row>& of) {
  tape.zero_grad();
  const Vector seeds = waves(y.size(), 0.3);
  tape.backward(y, seeds);
  Vector result;
  for (const Row& row : of) {
    const Vector part = row.grad();
    result.insert(result.end(), part.begin(), part.end());
  }
  return result;
}

void check_close(const Vector& a, const Vector& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t k = 0; k < a.size(); ++k) CHECK(a[k] == doctest::Approx(b[k]).epsilon(1e-13));
}

constexpr auto stir = [](const auto& u, const auto& rates) {
  return duet::map([](const auto& a, const auto& rate) { return a + 0.1 * sin(rate * a); }, each(u), each(rates));
};
constexpr auto stir_at = [](const auto& u, std::size_t i, const auto& rates) {
  return duet::map([](const auto& a, const auto& rate, const auto& time) { return a + 0.1 * sin(rate * a + time); },
                   each(u), each(rates), 0.01 * double(i));
};

}  // namespace

TEST_CASE("a checkpoint of rows gives a row") {
  Tape tape;
  const Row u = tape.variables(waves(30, 0.7)), rates = tape.variables(waves(30, 1.1));
  const Row plain = stir(stir(u, rates), rates);
  const auto twice = [](const auto& a, const auto& b) { return stir(stir(a, b), b); };
  const std::size_t records = tape.records().size();
  const Row kept = checkpoint(twice)(u, rates);
  CHECK(tape.records().size() == records + 1);
  CHECK(kept.runs().size() == 1);
  for (std::size_t k = 0; k < 30; ++k) CHECK(kept[k].primal() == plain[k].primal());
  check_close(gradients(tape, kept, {u, rates}), gradients(tape, plain, {u, rates}));

  // a function of rows only
  const Row typed = checkpoint([](const Row& a, const Row& b) { return stir(a, b); })(u, rates);
  check_close(gradients(tape, typed, {u, rates}), gradients(tape, stir(u, rates), {u, rates}));
}

TEST_CASE("rows in structures, rows of several runs, beside numbers and parameters") {
  Tape tape;
  const Row a = tape.variables(waves(10, 0.7)), b = tape.variables(waves(7, 1.1)), c = tape.variables(waves(17, 0.4));
  const Number scale = tape.variable(1.5);
  const auto f = [](const auto& rows, const auto& factor, const Vector& weights) {
    const auto& [first, second] = rows;
    const auto product = [](const auto& x, const auto& y, const auto& s) { return s * x * y; };
    std::remove_cvref_t<decltype(factor)> total = factor * factor;
    for (std::size_t k = 0; k < first.size(); ++k) total = total + weights[k] * first[k];
    return std::tuple(duet::map(product, each(first), each(second), factor), std::array{total, factor});
  };
  const auto all = [](const auto& y) { return duet::join(std::get<0>(y), std::get<0>(y).part(2, 9)); };
  const Vector weights = waves(17, 0.9);
  const std::array rows{duet::join(b, a), c};
  const auto kept = checkpoint(f)(rows, scale, weights);
  static_assert(std::is_same_v<const std::tuple<Row, std::array<Number, 2>>, decltype(kept)>);
  const auto plain = f(rows, scale, weights);
  check_close(gradients(tape, all(kept), {a, b, c}), gradients(tape, all(plain), {a, b, c}));
  const Vector of_kept =
      gradients(tape, duet::map([](const auto& x) { return x * x; }, each(std::get<1>(kept))), {a, b});
  const double by_scale = scale.grad();
  const Vector of_plain =
      gradients(tape, duet::map([](const auto& x) { return x * x; }, each(std::get<1>(plain))), {a, b});
  check_close(of_kept, of_plain);
  CHECK(by_scale == doctest::Approx(scale.grad()).epsilon(1e-13));
}

TEST_CASE("results of rows may be constant") {
  Tape tape;
  const Row u = tape.variables(waves(5, 0.7));
  const auto f = [](const auto& a) {
    const auto constant = [](const auto& x) { return 0 * x + 2; };
    return std::tuple(duet::map(constant, each(a)), 3.0, a[1] * a[2]);
  };
  const auto y = checkpoint(f)(u);
  CHECK(std::get<0>(y)[3].primal() == 2);
  CHECK(std::get<1>(y).primal() == 3);
  tape.backward(std::get<2>(y));
  CHECK(u.grad() == Vector{0, u[2].primal(), u[1].primal(), 0, 0});
}

TEST_CASE("a row that is made of passive numbers has variables like any other") {
  Tape tape;
  const auto scaled = [](const auto& factor) {
    return duet::map([](const auto& x, const auto& s) { return s * x; }, each(Vector{1, 2, 3}), factor);
  };
  const Row y = checkpoint(scaled)(Number(2));
  REQUIRE(y.size() == 3);
  CHECK(y[2].primal() == 6);
  tape.backward(y);
  CHECK(y.grad() == Vector{1, 1, 1});
}

TEST_CASE("a row that a function captured is an error, and the tape stays usable") {
  Tape tape;
  const Row u = tape.variables(waves(5, 0.7)), w = tape.variables(waves(5, 0.2));
  CHECK_THROWS_AS(checkpoint([&](const auto& a) { return stir(a, w); })(u), duet::TapeError);
  CHECK_THROWS_AS(checkpoint([&](const auto&) { return w; })(u), duet::TapeError);
  CHECK_THROWS_AS(checkpoint([&](const Row& a) { return stir(a, w); })(u), duet::TapeError);
  const Row y = checkpoint(stir)(u, w);
  check_close(gradients(tape, y, {u, w}), gradients(tape, stir(u, w), {u, w}));
}

TEST_CASE("a loop over rows keeps as few as it is told") {
  constexpr std::size_t n = 500, steps = 40;
  const Vector start = waves(n, 0.7), rates = waves(n, 1.1);
  Tape tape;
  const Row u = tape.variables(start), r = tape.variables(rates);
  Row plain = u;
  for (std::size_t i = 0; i < steps; ++i) plain = stir_at(plain, i, r);
  const Vector expected = gradients(tape, plain, {u, r});
  for (const std::size_t snapshots : {1, 3, 8, 50}) {
    const std::size_t records = tape.records().size(), before = tape.memory();
    const Row y = duet::checkpointed_loop(steps, snapshots, stir_at)(u, r);
    CHECK(tape.records().size() == records + 1);
    CHECK(tape.memory() - before < (std::min(snapshots, steps) + 4) * n * sizeof(double));  // with rates and result
    for (std::size_t k = 0; k < n; ++k) CHECK(y[k].primal() == plain[k].primal());
    check_close(gradients(tape, y, {u, r}), expected);
    check_close(gradients(tape, y, {u, r}), expected);
  }
  // of numbers
  const Vector numbers = duet::checkpointed_loop(steps, 3, stir_at)(start, rates);
  for (std::size_t k = 0; k < n; ++k) CHECK(numbers[k] == plain[k].primal());
}

TEST_CASE("a state of several rows") {
  const auto swing = [](const auto& state, std::size_t, const auto& stiffness) {
    const auto& [place, speed] = state;
    const auto faster = duet::map([](const auto& x, const auto& v, const auto& k) { return v - 0.1 * k * sin(x); },
                                  each(place), each(speed), stiffness);
    const auto moved = duet::map([](const auto& x, const auto& v) { return x + 0.1 * v; }, each(place), each(faster));
    return std::array{moved, faster};
  };
  Tape tape;
  const Row x = tape.variables(waves(12, 0.7)), v = tape.variables(waves(12, 1.9));
  const Number stiffness = tape.variable(1.3);
  std::array<Row, 2> plain{x, v};
  for (std::size_t i = 0; i < 15; ++i) plain = swing(plain, i, stiffness);
  const std::array<Row, 2> looped = duet::checkpointed_loop(15, 3, swing)(std::array{x, v}, stiffness);
  const Vector a = gradients(tape, duet::join(looped[0], looped[1]), {x, v});
  const double slope = stiffness.grad();
  const Vector b = gradients(tape, duet::join(plain[0], plain[1]), {x, v});
  check_close(a, b);
  CHECK(slope == doctest::Approx(stiffness.grad()).epsilon(1e-13));
}

TEST_CASE("parallel maps read rows") {
  Tape tape;
  const Row u = tape.variables(waves(20, 0.7));
  const auto body = [](std::size_t i, const auto& x) { return x[i] * x[(i + 1) % x.size()]; };
  const std::vector<Number> y = duet::parallel_map({20, 4}, body, u);
  tape.backward(y, {});
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(u[i].grad() == doctest::Approx(u[(i + 1) % 20].primal() + u[(i + 19) % 20].primal()));
  }
}

TEST_CASE("a row is swept with a seed for each variable") {
  Tape tape;
  const Row u = tape.variables(Vector{1, 2, 3});
  const Row y = duet::join(u.part(2, 1), duet::map([](const auto& x) { return x * x; }, each(u)));
  tape.backward(y, Vector{10, 1, 2, 3});
  CHECK(u.grad() == Vector{2, 8, 18 + 10});
  CHECK_THROWS_AS(tape.backward(y, Vector{1, 2}), duet::TapeError);
  tape.zero_grad();
  tape.backward(y);
  CHECK(u.grad() == Vector{2, 4, 6 + 1});
}
