// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Each thread has its own active tape; a variable of another thread is an error.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include <duet/tape/record.hpp>

namespace {

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;

/// d/dx of x^(2^n) by squaring, in many short recordings.
double slope_of_power(double at, int n) {
  Tape tape;
  double result = 0;
  for (int round = 0; round < 200; ++round) {
    const Number x = tape.variable(at);
    Number y = x;
    for (int i = 0; i < n; ++i) y = y * y;
    tape.backward(y);
    result = x.grad();
    tape.clear();
  }
  return result;
}

void in_threads(int count, auto work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([=] { work(i); });
  for (std::thread& t : threads) t.join();
}

}  // namespace

TEST_CASE("threads record and sweep at once, each on its own tape") {
  std::vector<double> slopes(8);
  in_threads(8, [&slopes](int i) { slopes[static_cast<std::size_t>(i)] = slope_of_power(1, i); });
  for (int i = 0; i < 8; ++i) CHECK(slopes[static_cast<std::size_t>(i)] == 1 << i);
}

TEST_CASE("a thread begins without a tape, and its tape is no other thread's") {
  Tape tape;
  const Tape* there = &tape;
  std::thread([&] { there = Tape::active(); }).join();
  CHECK(there == nullptr);
  CHECK(Tape::active() == &tape);
}

TEST_CASE("a variable of another thread is an error, its value is not") {
  Tape tape;
  const Number x = tape.variable(2);
  std::atomic<int> errors = 0;
  std::atomic<double> value = 0;
  in_threads(4, [&](int i) {
    const auto expect_error = [&](auto f) {
      try {
        f();
      } catch (const duet::TapeError&) {
        ++errors;
      }
    };
    if (i == 0) value = x.primal() * 2;
    expect_error([&] { (void)Number(x * x); });  // no tape here
    Tape own;
    const Number u = own.variable(3);
    expect_error([&] { (void)Number(x * u); });
    expect_error([&] { own.backward(x); });
    expect_error([&] { (void)x.grad(); });
    const Number y = u * u;
    own.backward(y);
    if (u.grad() != 6) errors = -1000;
  });
  CHECK(errors == 16);
  CHECK(value == 4);
  const Number y = x * x;
  tape.backward(y);
  CHECK(x.grad() == 4);
}

TEST_CASE("a variable of a thread that has ended is an error") {
  Number x;
  std::thread([&] {
    Tape tape;
    x = tape.variable(2);
  }).join();
  for (int i = 0; i < 3; ++i) {
    Tape tape;
    const Number u = tape.variable(1);
    CHECK_THROWS_AS((void)Number(u * x), duet::TapeError);
    CHECK_THROWS_AS((void)x.grad(), duet::TapeError);
  }
}
