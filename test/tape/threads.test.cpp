// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Tapes in several threads, and loops that are recorded in parallel. Also run under ThreadSanitizer (meson.build).
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <duet/forward/forward.hpp>
#include <duet/tape/checkpoint.hpp>
#include <duet/tape/checkpointed_loop.hpp>
#include <duet/tape/parallel_map.hpp>

namespace {

using duet::Iterations, duet::ParallelLoop, duet::TapeError, duet::Threads, duet::parallel_map;
using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;

/// Takes as many steps as the iteration says; branches on the way.
struct Body {
  template <class X>
  X operator()(std::size_t i, const std::vector<X>& v, const X& a) const {
    using std::sin;
    X y = a * v[i % v.size()];
    for (std::size_t k = 0; k < i % 20; ++k) {
      if (y > 0) {
        y = sin(y) + v[k % v.size()] * a;
      } else {
        y = y * a + 0.5;
      }
    }
    return y;
  }
};

Number sum(const auto& ys) {
  Number total = 0;
  for (const auto& y : ys) total += y;
  return total;
}

/// A tape with a row of inputs and a shared one.
struct Problem {
  Tape tape;
  std::vector<Number> v;
  Number a = tape.variable(0.8);

  Problem() {
    for (int k = 0; k < 7; ++k) v.push_back(tape.variable(0.3 * k - 0.7));
  }
  std::vector<double> gradient(const Number& y) {
    tape.zero_grad();
    tape.backward(y);
    std::vector<double> result{a.grad()};
    for (const Number& x : v) result.push_back(x.grad());
    return result;
  }
};

void check_close(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t k = 0; k < a.size(); ++k) CHECK(a[k] == doctest::Approx(b[k]).epsilon(1e-12));
}

}  // namespace

TEST_CASE("every thread has a tape of its own") {
  Tape tape;
  const Number x = tape.variable(3);
  std::array<double, 4> slopes{};
  std::array<bool, 4> idle{};
  {
    std::vector<std::jthread> threads;
    for (std::size_t k = 0; k < slopes.size(); ++k) {
      threads.emplace_back([&slopes, &idle, k] {
        idle[k] = Tape::active() == nullptr;
        for (int repetition = 0; repetition < 50; ++repetition) {
          Tape own;
          const Number z = own.variable(double(k));
          Number y = 1;
          for (int i = 0; i < 100; ++i) y = y + z * z * 0.5;
          own.backward(y);
          slopes[k] = z.grad();
          own.clear();
        }
        idle[k] = idle[k] && Tape::active() == nullptr;
      });
    }
    Number y = x;
    for (int i = 0; i < 1000; ++i) y = y * 1.0;
    tape.backward(y);
  }
  CHECK(Tape::active() == &tape);
  CHECK(x.grad() == 1);
  for (std::size_t k = 0; k < slopes.size(); ++k) {
    CHECK(idle[k]);
    CHECK(slopes[k] == doctest::Approx(100.0 * double(k)));
  }
}

TEST_CASE("a variable of another thread's tape is an error") {
  Tape tape;
  const Number x = tape.variable(3);
  int errors = 0;
  std::jthread([&] {
    try {
      [[maybe_unused]] const Number y = x * x;
    } catch (const TapeError&) {
      ++errors;
    }
    Tape own;
    try {
      [[maybe_unused]] const Number y = x * own.variable(2);
    } catch (const TapeError&) {
      ++errors;
    }
  }).join();
  CHECK(errors == 2);
}

TEST_CASE("chunks divide the iterations") {
  for (std::size_t count : {0, 1, 2, 7, 64, 65, 1000}) {
    for (std::size_t chunks : {0, 1, 2, 3, 64, 5000}) {
      const Iterations iterations(count, chunks);
      CHECK(iterations.chunks <= count);
      std::size_t next = 0;
      for (std::size_t k = 0; k < iterations.chunks; ++k) {
        CHECK(iterations.begin(k) == next);
        CHECK(iterations.end(k) > next);
        next = iterations.end(k);
      }
      CHECK(next == count);
    }
  }
}

TEST_CASE("a parallel loop is one record with the values and gradients of the plain one") {
  Problem p;
  constexpr std::size_t n = 200;
  std::vector<Number> plain;
  for (std::size_t i = 0; i < n; ++i) plain.push_back(Body{}(i, p.v, p.a));
  const auto expected = p.gradient(sum(plain));
  for (std::size_t chunks : {1, 2, 13, 200}) {
    std::vector<double> first;
    for (unsigned threads : {0, 1, 2, 3, 8}) {
      const duet::tape::Key next = p.tape.next();
      const std::vector<Number> y = parallel_map(Threads{threads}, {n, chunks}, Body{}, p.v, p.a);
      CHECK(p.tape.next() - next == n);
      REQUIRE(y.size() == n);
      for (std::size_t i = 0; i < n; ++i) CHECK(y[i].primal() == plain[i].primal());
      const auto gradient = p.gradient(sum(y));
      check_close(gradient, expected);
      if (first.empty()) first = gradient;
      CHECK(gradient == first);  // the same bits, whatever the threads
      CHECK(p.gradient(sum(y)) == first);
    }
  }
  CHECK(Tape::active() == &p.tape);
}

TEST_CASE("structures, other arguments, nothing to do, plain numbers") {
  Problem p;
  const auto body = [](std::size_t i, const auto& v, int power, const auto& a) {
    using Scalar = std::remove_cvref_t<decltype(a)>;
    return std::tuple(std::vector<Scalar>(i + 1, pow(v[i], power)), std::array<Scalar, 1>{a * double(i)});
  };
  const auto y = parallel_map({5, 2}, body, p.v, 2, p.a);
  static_assert(std::is_same_v<decltype(y), const std::vector<std::tuple<std::vector<Number>, std::array<Number, 1>>>>);
  Number total = 0;
  for (const auto& [row, one] : y) total += sum(row) + one[0];
  const auto gradient = p.gradient(total);
  CHECK(gradient[0] == 10);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(gradient[i + 1] == doctest::Approx(double(i + 1) * 2 * p.v[i].primal()));
  }
  CHECK(parallel_map(0, body, p.v, 2, p.a).empty());
  CHECK(parallel_map(
            5, [](std::size_t i, double a) { return a * double(i) > 3; }, 2.0) ==
        std::vector{false, false, true, true, true});
  const auto passive = parallel_map(
      3, [](std::size_t, const auto& a) { return a * a; }, Number(2));
  CHECK(passive[2].primal() == 4);
  CHECK(!passive[2].is_recorded());
}

TEST_CASE("chunks run by hand") {
  Problem p;
  ParallelLoop loop({90, 6}, Body{}, p.v, p.a);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t k = t; k < loop.chunks(); k += 3) loop.run(k);
      });
    }
  }
  const auto gradient = p.gradient(sum(loop.results()));
  CHECK(gradient == p.gradient(sum(parallel_map(Threads{2}, {90, 6}, Body{}, p.v, p.a))));

  loop.run(0);
  CHECK_THROWS_WITH_AS(loop.results(), "duet: a ParallelLoop gives its results once", duet::Error);

  ParallelLoop lazy(10, Body{}, p.v, p.a);
  lazy.run(0);
  CHECK_THROWS_WITH_AS(lazy.results(), "duet: not all chunks of a ParallelLoop were run", duet::Error);
}

TEST_CASE("what bodies throw reaches the caller, the first by number, and all stays usable") {
  Problem p;
  const auto failing = [](std::size_t i, const auto& a) {
    if (i >= 5) throw std::domain_error(std::to_string(i));
    return a * a;
  };
  for (int repetition = 0; repetition < 20; ++repetition) {
    const duet::tape::Key next = p.tape.next();
    CHECK_THROWS_WITH_AS(parallel_map(Threads{3}, {40, 40}, failing, p.a), "5", std::domain_error);
    CHECK_THROWS_WITH_AS(parallel_map(Threads{3}, {40, 40}, failing, 2.0), "5", std::domain_error);
    CHECK(p.tape.next() == next);
    CHECK(Tape::active() == &p.tape);
  }
  // a variable that was captured, in other threads and in this one
  const auto capturing = [&](std::size_t i, const auto& a) { return Number(a * p.v[i]); };
  CHECK_THROWS_AS(parallel_map(Threads{3}, {7, 7}, capturing, p.a), TapeError);
  CHECK_THROWS_AS(parallel_map(duet::InOrder{}, {7, 7}, capturing, p.a), TapeError);
  CHECK(p.gradient(sum(parallel_map({5, 5}, failing, p.a)))[0] == doctest::Approx(10 * 0.8));
}

TEST_CASE("what is thrown in a parallel sweep reaches the caller") {
  Problem p;
  std::atomic<bool> fail = false;
  const auto y = parallel_map(
      Threads{3}, {12, 12},
      [&](std::size_t i, const auto& a) {
        return duet::checkpoint([&fail, i](const auto& x) {
          if (fail && i > 2) throw std::domain_error(std::to_string(i));
          return x * x;
        })(a);
      },
      p.a);
  const Number total = sum(y);
  fail = true;
  CHECK_THROWS_WITH_AS(p.tape.backward(total), "3", std::domain_error);
  fail = false;
  CHECK(p.gradient(total)[0] == doctest::Approx(24 * 0.8));
}

TEST_CASE("parallel loops, checkpoints and loops in one another") {
  Problem p;
  const auto once = [](std::size_t i, const auto& v, const auto& a) {
    return duet::checkpointed_loop(10, 3, [i](const auto& y, std::size_t, const auto& b) {
      using std::sin;
      return sin(y * b) + 0.1 * double(i);
    })(v[i % 7], a);
  };
  const auto plain = [&] {
    Number total = 0;
    for (std::size_t i = 0; i < 12; ++i) {
      Number y = p.v[i % 7];
      for (int k = 0; k < 10; ++k) y = sin(y * p.a) + 0.1 * double(i);
      total += y;
    }
    return total;
  };
  const auto expected = p.gradient(plain());
  check_close(p.gradient(sum(parallel_map(Threads{2}, {12, 4}, once, p.v, p.a))), expected);
  // in a body
  const auto rows = parallel_map(
      Threads{2}, {3, 3},
      [&](std::size_t k, const auto& v, const auto& a) {
        const auto part = [&once, k](std::size_t i, const auto& w, const auto& b) { return once(4 * k + i, w, b); };
        return parallel_map(Threads{2}, {4, 2}, part, v, a);
      },
      p.v, p.a);
  Number total = 0;
  for (const auto& row : rows) total += sum(row);
  check_close(p.gradient(total), expected);
  // in a checkpoint
  const auto y = duet::checkpoint([&](const auto& v, const auto& a) {
    return parallel_map(Threads{2}, {12, 4}, once, v, a);
  })(p.v, p.a);
  check_close(p.gradient(sum(y)), expected);
}

TEST_CASE("memory counts the chunks, and comes back") {
  Problem p;
  const auto start = p.tape.position();
  const std::size_t before = p.tape.memory();
  const auto y = parallel_map(Threads{2}, {200, 8}, Body{}, p.v, p.a);
  CHECK(p.tape.memory() > before + 200 * 10 * 24);
  p.tape.rewind(start);
  CHECK(p.tape.memory() < before + 1000);
  CHECK_THROWS_AS(p.tape.backward(y[0]), TapeError);
}

TEST_CASE("second derivatives of a parallel loop, forward over reverse") {
  using Dual = duet::Dual<double>;
  duet::DynamicTape<Dual> tape;
  const duet::Var<Dual> x = tape.variable(Dual(0.7, 1.0));
  const auto y = parallel_map(
      Threads{2}, {10, 4}, [](std::size_t i, const auto& a) { return exp(a * double(i)); }, x);
  duet::Var<Dual> total = 0;
  double expected = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    total += y[i];
    expected += double(i * i) * std::exp(0.7 * double(i));
  }
  tape.backward(total);
  CHECK(x.grad().tangent() == doctest::Approx(expected).epsilon(1e-13));
}
