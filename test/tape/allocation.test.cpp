// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Memory that runs out at any point of recording or of a sweep is a std::bad_alloc, after which all is usable and
// nothing is lost.
#include "../faults.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <duet/duet.hpp>
#include <duet/tape/checkpoint.hpp>
#include <duet/tape/checkpointed_loop.hpp>
#include <duet/tape/map.hpp>

namespace {

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;
using Gradient = std::array<double, 3>;

/// Calls `f` with three variables of a tape and returns the gradient of what comes out.
template <class F>
Gradient gradient(Tape& tape, const F& f) {
  const std::array<Number, 3> x{tape.variable(0.5), tape.variable(1.5), tape.variable(-0.25)};
  tape.backward(f(x));
  return {x[0].grad(), x[1].grad(), x[2].grad()};
}

/// Every allocation fails once, on a tape of its own and on one that is used again.
template <class F>
void check(const F& f) {
  const int alone = faults::each_allocation([&] {
    Tape tape;
    return gradient(tape, f);
  });
  CHECK(alone > 0);
  Tape tape;
  faults::each_allocation([&] {
    tape.clear();
    return gradient(tape, f);
  });
}

constexpr auto spring = [](auto x, auto y, auto k) { return k * (y - x) / (1 + square(y - x)); };

}  // namespace

TEST_CASE("statements") {
  check([](const auto& x) {
    Number y = x[0] * x[1];
    for (int i = 0; i < 3000; ++i) y = sin(y) + x[static_cast<std::size_t>(i) % 3] * y;
    return y;
  });
}

TEST_CASE("vectors of variables") {
  check([](const auto& x) {
    std::vector<Number> y(100, x[0]);
    for (std::size_t i = 1; i < y.size(); ++i) y[i] = y[i - 1] * x[i % 3] + y[i];
    return y.back();
  });
}

TEST_CASE("kernels and maps") {
  check([](const auto& x) {
    const auto force = duet::kernel(spring);
    std::vector<Number> y;
    for (int i = 0; i < 50; ++i) y.push_back(force(x[0] * i, x[1], x[2]));
    const std::vector<double> targets(y.size(), 0.5);
    const auto z = duet::map(spring, duet::each(y), duet::each(targets), x[2]);
    return Number(duet::map_sum(spring, duet::each(z), duet::each(y), x[1]) + z[3]);
  });
}

TEST_CASE("checkpoints") {
  const auto layer = [](const auto& x, const auto& w) {
    auto y = x;
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = sin(x[(i + 1) % x.size()] * w) + y[i];
    return y;
  };
  check([&](const auto& x) {
    std::vector<Number> y{x[0], x[1]};
    for (int i = 0; i < 4; ++i) y = duet::checkpoint(layer)(y, x[2]);
    return Number(y[0] * y[1]);
  });
}

TEST_CASE("loops with snapshots") {
  const auto step = [](const auto& state, std::size_t, const auto& w) { return state * sin(w) + cos(state); };
  check([&](const auto& x) { return Number(duet::checkpointed_loop(20, 3, step)(x[0] * x[1], x[2])); });
}

TEST_CASE("tapes of duals and tapes of tapes") {
  faults::each_allocation([] {
    duet::DynamicTape<duet::Dual<double>> tape;
    const auto x = tape.variable(duet::Dual<double>(0.5, 1.0));
    duet::Var<duet::Dual<double>> y = x;
    for (int i = 0; i < 500; ++i) y = sin(y) * x;
    tape.backward(y);
    return std::array{x.grad().primal(), x.grad().tangent()};
  });
  faults::each_allocation([] {
    Tape outer;
    const Number u = outer.variable(0.5);
    duet::DynamicTape<Number> inner;
    const duet::Var<Number> x = inner.variable(u);
    inner.backward(sin(x) * x * x);
    const Number slope = x.grad();
    outer.backward(slope);
    return std::array{slope.primal(), u.grad()};
  });
}
