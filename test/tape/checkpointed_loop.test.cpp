// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Loops by the binomial schedule: optimal numbers of steps, bounded memory, the gradients of plain recordings.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <tuple>
#include <vector>

#include <duet/forward/forward.hpp>
#include <duet/tape/checkpointed_loop.hpp>

namespace {

using duet::checkpointed_loop;
using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;

namespace revolve = duet::revolve;

/// A pendulum that is pushed: the state is angle and speed, the parameters length and friction.
struct Pendulum {
  template <class X, class P>
  std::array<X, 2> operator()(const std::array<X, 2>& state, std::size_t i, const P& length, const P& friction) const {
    using std::sin;
    const auto& [angle, speed] = state;
    const X faster = speed - 0.1 * (sin(angle) / length + friction * speed) + 0.01 * std::cos(0.3 * double(i));
    return {angle + 0.1 * faster, faster};
  }
};

/// Counts how often it is run on numbers and on variables.
template <class Step>
struct Counted {
  Step step;
  std::size_t *numbers, *variables;

  template <class X>
  X operator()(const X& state, std::size_t i, const auto&... parameters) const {
    ++(duet::tape::has_variables<X> ? *variables : *numbers);
    return step(state, i, parameters...);
  }
};

/// Counts the bytes that are in use.
struct Bytes {
  static inline std::size_t now = 0, most = 0;
};
template <class T>
struct Counting {
  using value_type = T;
  Counting() = default;
  template <class U>
  Counting(const Counting<U>&) {}
  T* allocate(std::size_t n) {
    if (std::same_as<T, double>) Bytes::most = std::max(Bytes::most, Bytes::now += n * sizeof(T));
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* p, std::size_t n) {
    if (std::same_as<T, double>) Bytes::now -= n * sizeof(T);
    std::allocator<T>().deallocate(p, n);
  }
  bool operator==(const Counting&) const { return true; }
};

/// Diffusion along a ring.
struct Diffusion {
  template <class V, class P>
  V operator()(const V& u, std::size_t, const P& rate) const {
    V next = u;
    const std::size_t n = u.size();
    for (std::size_t k = 0; k < n; ++k) next[k] = u[k] + rate * (u[(k + 1) % n] - 2 * u[k] + u[(k + n - 1) % n]);
    return next;
  }
};

}  // namespace

TEST_CASE("the schedule is optimal") {
  // the least number of forward steps by trying every place for the next snapshot
  constexpr std::size_t longest = 90, most = 9;
  std::vector<std::array<std::size_t, most + 1>> least(longest + 1);
  const auto by = [&](std::size_t steps, std::size_t s, std::size_t m) {
    return m + least[steps - m][s - 1] + least[m][s];
  };
  for (std::size_t steps = 2; steps <= longest; ++steps) {
    least[steps][1] = steps * (steps - 1) / 2;
    for (std::size_t s = 2; s <= most; ++s) {
      least[steps][s] = by(steps, s, 1);
      for (std::size_t m = 2; m < steps; ++m) least[steps][s] = std::min(least[steps][s], by(steps, s, m));
      CHECK(by(steps, s, revolve::next_snapshot(steps, s)) == least[steps][s]);
    }
    for (std::size_t s = 1; s <= most; ++s) {
      CHECK(revolve::forward_steps(steps, s) == least[steps][s]);
      const std::size_t r = revolve::repetitions(steps, s);
      CHECK(revolve::beta(s, r) >= steps);
      CHECK(revolve::beta(s, r - 1) < steps);
    }
  }
  static_assert(revolve::beta(3, 2) == 10);  // C(5, 3)
  static_assert(revolve::beta(10, 10) == 184'756);
  static_assert(revolve::forward_steps(10, 3) == 2 * 10 - 5);
  static_assert(revolve::forward_steps(0, 1) == 0 && revolve::forward_steps(1, 1) == 0);
  static_assert(revolve::forward_steps(1000, 1000) == 999);
  static_assert(revolve::forward_steps(1000, ~std::size_t{0}) == 999);
}

TEST_CASE("gradients are those of the plain loop, and steps are run as often as the formula says") {
  for (std::size_t steps : {1, 2, 3, 4, 7, 10, 11, 20, 35, 36, 64}) {
    for (std::size_t snapshots : {1, 2, 3, 4, 5, 8, 70}) {
      CAPTURE(steps);
      CAPTURE(snapshots);
      Tape tape;
      const Number angle = tape.variable(1.2), length = tape.variable(0.8), friction = tape.variable(0.1);
      std::array<Number, 2> plain{angle, Number(0.5)};
      for (std::size_t i = 0; i < steps; ++i) plain = Pendulum{}(plain, i, length, friction);
      const std::array all{angle, length, friction};
      std::array<double, 3> expected;
      tape.backward(plain[0] + plain[1]);
      std::ranges::transform(all, expected.begin(), [](const Number& x) { return x.grad(); });

      std::size_t numbers = 0, variables = 0;
      const duet::tape::Key before = tape.next();
      const auto y = checkpointed_loop(steps, snapshots, Counted<Pendulum>{{}, &numbers, &variables})(
          std::array{angle, Number(0.5)}, length, friction);
      CHECK(tape.next() - before == 2);
      CHECK(numbers == steps);
      CHECK(y[0].primal() == plain[0].primal());
      const Number sum = y[0] + y[1];
      const auto check_sweep = [&] {
        tape.zero_grad();
        tape.backward(sum);
        for (std::size_t k = 0; k < 3; ++k) CHECK(all[k].grad() == doctest::Approx(expected[k]).epsilon(1e-13));
      };
      check_sweep();
      const std::size_t t = revolve::forward_steps(steps, snapshots);
      CHECK(numbers == t + 1);  // the last step, too, since its result is asked for
      CHECK(variables == steps);
      check_sweep();
      CHECK(numbers == t + 1 + t);
      CHECK(variables == 2 * steps);
    }
  }
}

TEST_CASE("memory is that of the snapshots") {
  using Field = std::vector<Number, Counting<Number>>;
  constexpr std::size_t cells = 1000, steps = 200, snapshots = 6;
  Tape tape;
  const Number rate = tape.variable(0.2);
  Field u;
  for (std::size_t k = 0; k < cells; ++k) u.push_back(tape.variable(std::sin(0.05 * double(k))));
  const auto start = tape.position();
  const std::size_t before = tape.memory();
  Bytes::now = Bytes::most = 0;
  const Field y = checkpointed_loop(steps, snapshots, Diffusion{})(u, rate);
  Number energy = 0;
  for (const Number& one : y) energy += one * one;
  tape.backward(energy);

  constexpr std::size_t state = cells * sizeof(double);
  CHECK(Bytes::most <= (snapshots + 3) * state);  // the one where the loop is, the one that is being made, a copy of it
  CHECK(Bytes::most >= snapshots * state);
  // states, and on the tape the inputs' places, outputs with what is made of them, and derivatives
  CHECK(tape.memory() - before < (snapshots + 1) * state + cells * 100);
  const double derivative = rate.grad();
  tape.rewind(start);
  CHECK(tape.memory() < before + cells * 20);  // derivatives, and a little that the tape keeps for the next time
  CHECK(Bytes::now == 0);

  Field plain = u;
  for (std::size_t i = 0; i < steps; ++i) plain = Diffusion{}(plain, i, rate);
  energy = 0;
  for (const Number& one : plain) energy += one * one;
  tape.zero_grad();
  tape.backward(energy);
  CHECK(rate.grad() == doctest::Approx(derivative).epsilon(1e-12));
  CHECK(tape.memory() > 200 * cells * 24);
}

TEST_CASE("the state may be plain, and may change its size") {
  // appends the sum of the state
  const auto step = [](const auto& v, std::size_t, const auto& factor) {
    auto next = v;
    auto sum = 0 * v[0];
    typename std::remove_cvref_t<decltype(v)>::value_type total = sum;
    for (const auto& one : v) total += one * factor;
    next.push_back(total);
    return next;
  };
  Tape tape;
  const Number factor = tape.variable(1.5);
  std::vector<Number> plain{1, 2};
  for (std::size_t i = 0; i < 9; ++i) plain = step(plain, i, factor);
  tape.backward(plain.back());
  const double expected = factor.grad();
  tape.zero_grad();
  const std::vector<Number> y = checkpointed_loop(9, 3, step)(std::vector{1.0, 2.0}, factor);
  REQUIRE(y.size() == 11);
  tape.backward(y.back());
  CHECK(factor.grad() == doctest::Approx(expected).epsilon(1e-14));
}

TEST_CASE("edges: no steps, no snapshots, no variables, steps that throw") {
  const auto step = [](const auto& x, std::size_t i, const auto& a) {
    if (i == 7) throw std::domain_error("seven");
    return a * x + double(i);
  };
  CHECK(checkpointed_loop(3, 2, step)(1.0, 2.0) == 12);
  Tape tape;
  const Number x = tape.variable(3), a = tape.variable(2);
  const Number same = checkpointed_loop(0, 2, step)(x, a);
  CHECK(same.primal() == 3);
  tape.backward(same);
  CHECK(x.grad() == 1);
  CHECK(a.grad() == 0);
  CHECK_THROWS_AS(checkpointed_loop(3, 0, step)(x, a), duet::Error);
  CHECK_THROWS_AS(checkpointed_loop(10, 2, step)(x, a), std::domain_error);
  CHECK_THROWS_AS(checkpointed_loop(3, 2, [&](const auto& y, std::size_t) { return a * y; })(x), duet::TapeError);
  const Number y = checkpointed_loop(3, 2, step)(x, a);
  CHECK(Number(checkpointed_loop(3, 2, step)(Number(3), Number(2))).is_recorded() == false);
  tape.zero_grad();
  tape.backward(y);
  CHECK(x.grad() == 8);
}

TEST_CASE("a sweep that fails does not spoil the next one") {
  Tape tape;
  const Number x = tape.variable(1.1);
  int left = 1000;
  const auto step = [&](const auto& y, std::size_t) {
    using std::sin;
    if (--left == 0) throw std::runtime_error("enough");
    return sin(y) + y;
  };
  const Number y = checkpointed_loop(20, 3, step)(x);
  tape.backward(y);
  const double expected = x.grad();
  for (int fail = 1; fail < 60; fail += 7) {
    left = fail;
    CHECK_THROWS_AS(tape.backward(y), std::runtime_error);
    left = 1000;
    tape.zero_grad();
    tape.backward(y);
    CHECK(x.grad() == expected);
  }
}

TEST_CASE("loops in loops, and second derivatives") {
  const auto inner = [](const auto& x, std::size_t, const auto& a) {
    using std::sin;
    return sin(a * x);
  };
  const auto outer = [&](const auto& x, std::size_t, const auto& a) {
    return checkpointed_loop(4, 2, inner)(x, a) + 0.25;
  };
  using Dual = duet::Dual<double>;
  const auto derivatives = [](const auto& run) {
    duet::DynamicTape<Dual> tape;
    const duet::Var<Dual> x = tape.variable(Dual(0.7, 1.0)), a = tape.variable(Dual(1.25, 0.5));
    tape.backward(run(x, a));
    return std::array{x.grad().primal(), x.grad().tangent(), a.grad().primal(), a.grad().tangent()};
  };
  const auto expected = derivatives([&](duet::Var<Dual> x, const duet::Var<Dual>& a) {
    for (int i = 0; i < 5; ++i) {
      for (int k = 0; k < 4; ++k) x = sin(a * x);
      x = x + 0.25;
    }
    return x;
  });
  const auto looped = derivatives([&](const auto& x, const auto& a) { return checkpointed_loop(5, 2, outer)(x, a); });
  for (std::size_t k = 0; k < 4; ++k) CHECK(looped[k] == doctest::Approx(expected[k]).epsilon(1e-12));
}
