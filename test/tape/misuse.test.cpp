// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Calls that a tape can't answer are errors, never crashes or wrong numbers, and leave it usable; tapes nest.
#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "slope.hpp"

namespace {

using duet::TapeError;
using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;

/// Everything that may be asked of a variable, but its value.
void check_that_every_use_throws(Tape& tape, const Number& x, const Number& good) {
  CHECK_THROWS_AS((void)Number(x + 1), TapeError);
  CHECK_THROWS_AS((void)Number(sin(x)), TapeError);
  CHECK_THROWS_AS((void)Number(x * x), TapeError);
  CHECK_THROWS_AS((void)Number(good * x), TapeError);
  CHECK_THROWS_AS((void)Number(exp(good) - x * 2), TapeError);
  CHECK_THROWS_AS((void)Number(duet::where(true, x * 1, good)), TapeError);
  CHECK_THROWS_AS(tape.backward(x), TapeError);
  CHECK_THROWS_AS(tape.backward(std::array{good, x}, std::array{1.0, 1.0}), TapeError);
  CHECK_THROWS_AS((void)tape.grad(x), TapeError);
  Number target = good;
  CHECK_THROWS_AS(target += x, TapeError);
  CHECK(slope(tape, target, good) == 1);
}

std::string message(auto f) {
  try {
    f();
  } catch (const duet::Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the tape made last is active, and the one around it again once that is gone") {
  CHECK(Tape::active() == nullptr);
  Tape outer;
  CHECK(Tape::active() == &outer);
  const Number x = outer.variable(2);
  {
    Tape inner;
    CHECK(Tape::active() == &inner);
    const Number u = inner.variable(3), v = u * u;
    CHECK(slope(inner, v, u) == 6);
    const Tape innermost;
    CHECK(Tape::active() == &innermost);
  }
  CHECK(Tape::active() == &outer);
  const Number y = x * x;
  CHECK(slope(outer, y, x) == 4);
}

TEST_CASE("tapes may end in any order") {
  auto first = std::make_unique<Tape>();
  auto second = std::make_unique<Tape>();
  auto third = std::make_unique<Tape>();
  second.reset();
  CHECK(Tape::active() == third.get());
  first.reset();
  const Number x = third->variable(2), y = x * x;
  CHECK(slope(*third, y, x) == 4);
  third.reset();
  CHECK(Tape::active() == nullptr);
}

TEST_CASE("an inner tape's result goes on as a plain number") {
  Tape outer;
  const Number x = outer.variable(2);
  double inner_slope;
  {
    Tape inner;
    const Number u = inner.variable(x.primal()), v = u * u * u;
    inner_slope = slope(inner, v, u);
  }
  const Number y = x * inner_slope;
  CHECK(slope(outer, y, x) == 12);
}

TEST_CASE("a variable of a suspended tape is an error, though its gradient may be asked for") {
  Tape outer;
  const Number x = outer.variable(2), y = x * x;
  outer.backward(y);
  {
    Tape inner;
    const Number good = inner.variable(1);
    check_that_every_use_throws(inner, x, good);
    CHECK(x.grad() == 4);
    CHECK(outer.grad(x) == 4);
    outer.backward(y);  // sweeps need no active tape
    CHECK(x.grad() == 8);
    CHECK(message([&] { (void)Number(x * good); }).find("suspended") != std::string::npos);
  }
  CHECK(Number(x * 2).primal() == 4);
}

TEST_CASE("a variable of a dead tape is an error, with and without another tape") {
  std::optional<Number> x;
  {
    Tape dead;
    x = dead.variable(2);
  }
  CHECK_THROWS_AS((void)Number(*x + 1), TapeError);
  CHECK_THROWS_AS((void)x->grad(), TapeError);
  CHECK(message([&] { (void)Number(*x + 1); }).find("no tape is active") != std::string::npos);
  for (int i = 0; i < 5; ++i) {
    Tape tape;
    const Number good = tape.variable(1);
    check_that_every_use_throws(tape, *x, good);
    CHECK_THROWS_AS((void)x->grad(), TapeError);
  }
  CHECK(x->primal() == 2);
}

TEST_CASE("a variable of a cleared tape is an error, also when its place is taken again") {
  Tape tape;
  const Number x = tape.variable(2), y = x * x;
  CHECK(slope(tape, y, x) == 4);
  for (int i = 0; i < 5; ++i) {
    tape.clear();
    const Number good = tape.variable(7);
    check_that_every_use_throws(tape, x, good);
    check_that_every_use_throws(tape, y, good);
    CHECK_THROWS_AS((void)x.grad(), TapeError);
    const Number again = good * good;
    CHECK(slope(tape, again, good) == 14);
  }
}

TEST_CASE("a variable of another tape of the thread is an error, in both directions") {
  Tape outer;
  const Number x = outer.variable(2);
  auto inner = std::make_unique<Tape>();
  const Number u = inner->variable(3);
  CHECK_THROWS_AS(outer.backward(u), TapeError);
  CHECK_THROWS_AS((void)outer.grad(u), TapeError);
  CHECK_THROWS_AS(inner->backward(x), TapeError);
  inner.reset();
  check_that_every_use_throws(outer, u, x);
}

TEST_CASE("a passive number has no gradient") {
  Tape tape;
  const Number passive = 2;
  CHECK_THROWS_AS((void)passive.grad(), TapeError);
  CHECK_THROWS_AS((void)tape.grad(passive), TapeError);
  CHECK_THROWS_AS((void)(passive * passive).grad(), TapeError);
  CHECK(message([&] { (void)passive.grad(); }).find("never recorded") != std::string::npos);
}

TEST_CASE("seeds that do not match the outputs are an error that says how many there were") {
  Tape tape;
  const Number x = tape.variable(2);
  const std::vector<Number> y{x, x * x};
  const std::vector<double> one{1}, three{1, 2, 3};
  CHECK_THROWS_AS(tape.backward(y, one), TapeError);
  CHECK(message([&] { tape.backward(y, three); }).find("got 3 for 2") != std::string::npos);
  CHECK(x.grad() == 0);
}

TEST_CASE("a failed sweep adds nothing to any gradient") {
  Tape tape;
  const Number x = tape.variable(2), y = x * x;
  const auto here = tape.position();
  const Number gone = y * x;
  tape.rewind(here);
  tape.backward(y);
  CHECK_THROWS_AS(tape.backward(std::array{y, gone}, {}), TapeError);
  CHECK(x.grad() == 4);
  CHECK(y.grad() == 1);
}

TEST_CASE("an exception in the middle of a computation leaves a tape that works") {
  Tape tape;
  const Number x = tape.variable(2);
  const auto risky = [&](int steps) {
    Number y = x;
    for (int i = 0; i < 10; ++i) {
      if (i == steps) throw std::runtime_error("no more");
      y = sin(y) * x;
    }
    return y;
  };
  const Number before = x * x;
  for (int steps = 0; steps < 5; ++steps) CHECK_THROWS_AS(risky(steps), std::runtime_error);
  const Number y = before * x;
  CHECK(slope(tape, y, x) == 12);
  try {
    Tape inner;
    const Number u = inner.variable(1);
    throw std::runtime_error(u < 2 ? "an inner tape" : "");
  } catch (const std::runtime_error&) {
  }
  CHECK(Tape::active() == &tape);
  CHECK(slope(tape, y, x) == 12);
}

TEST_CASE("a full buffer is a TapeError, keeps what it has, and can be used once there is room again") {
  duet::tape::Buffer<int> buffer(100);
  for (int i = 0; i < 100; ++i) buffer.push(i);
  CHECK_THROWS_AS(buffer.push(100), TapeError);
  CHECK_THROWS_AS(buffer.room(1), TapeError);
  CHECK_THROWS_AS(buffer.extend(101, 0), TapeError);
  CHECK(buffer.size() == 100);
  CHECK(buffer[99] == 99);
  buffer.truncate(50);
  buffer.extend(100, 7);
  CHECK(buffer[49] == 49);
  CHECK(buffer[50] == 7);
  CHECK_THROWS_AS(duet::tape::Buffer<int>(10).room(11), TapeError);
  duet::tape::Buffer<int> small(3);
  for (int i = 0; i < 3; ++i) small.push(i);
  CHECK_THROWS_AS(small.push(3), TapeError);
}

TEST_CASE("a buffer of numbers that own memory constructs and destroys them") {
  duet::tape::Buffer<std::shared_ptr<int>> buffer;
  const auto shared = std::make_shared<int>(1);
  for (int i = 0; i < 1000; ++i) buffer.push(shared);
  CHECK(shared.use_count() == 1001);
  buffer.truncate(10);
  CHECK(shared.use_count() == 11);
  buffer.extend(20, shared);
  CHECK(shared.use_count() == 21);
  buffer.truncate(5);
  CHECK(shared.use_count() == 6);
  {
    duet::tape::Buffer<std::shared_ptr<int>> other;
    other.push(shared);
    CHECK(shared.use_count() == 7);
  }
  CHECK(shared.use_count() == 6);
}
