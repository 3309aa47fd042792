// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Tapes that grow until there is no more memory, and tapes whose thread has ended.
#include <sys/resource.h>

#include <cstdio>
#include <memory>
#include <new>
#include <thread>

#include <doctest/doctest.h>

#include <duet/duet.hpp>

namespace {

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;

/// Lets this process have so many bytes more than it has now, while the limit lives.
class Limit {
 public:
  explicit Limit(std::size_t more) {
    getrlimit(RLIMIT_AS, &before_);
    rlimit now = before_;
    now.rlim_cur = taken() + more;
    setrlimit(RLIMIT_AS, &now);
  }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;
  ~Limit() { setrlimit(RLIMIT_AS, &before_); }

 private:
  static std::size_t taken() {
    unsigned long pages = 0;
    std::FILE* const file = std::fopen("/proc/self/statm", "r");
    REQUIRE(file != nullptr);
    CHECK(std::fscanf(file, "%lu", &pages) == 1);
    std::fclose(file);
    return pages * 4096;
  }
  rlimit before_{};
};

/// Records y = y x + x until there is no memory, or until `most` statements; returns how many it recorded.
long fill(const Number& x, Number& y, long most) {
  for (long i = 0; i < most; ++i) {
    try {
      y = y * x + x;
    } catch (const std::bad_alloc&) {
      return i;
    }
  }
  return most;
}

/// The derivative of what `fill` computes, by forward mode.
double slope(double x, long statements) {
  duet::Dual<double> y = 1, u(x, 1);
  for (long i = 0; i < statements; ++i) y = y * u + u;
  return y.tangent();
}

}  // namespace

TEST_CASE("a tape that has taken all memory keeps what it has, and goes on when it has been rewound") {
  constexpr double at = 0.5;
  Tape tape;
  const Number x = tape.variable(at);
  Number y = 1;
  long first = 0, half = 0;
  Tape::Position middle = tape.position();
  {
    const Limit limit(std::size_t{256} << 20);
    first = fill(x, y, 1'000'000);
    REQUIRE(first == 1'000'000);
    middle = tape.position();
    const Number kept = y;
    half = fill(x, y, 100'000'000);
    REQUIRE(half > 0);
    REQUIRE(half < 100'000'000);
    CHECK_THROWS_AS(y = y * x + x, std::bad_alloc);  // and again

    tape.rewind(middle);
    tape.backward(kept);
    CHECK(x.grad() == doctest::Approx(slope(at, first)));
    y = kept;
    CHECK(fill(x, y, 1000) == 1000);
    tape.backward(y);
    CHECK(x.grad() == doctest::Approx(slope(at, first) + slope(at, first + 1000)));
  }
  tape.clear();
  const Number again = tape.variable(3);
  tape.backward(again * again);
  CHECK(again.grad() == 6);
}

TEST_CASE("a sweep takes no memory: the derivatives have their places when the values do") {
  constexpr double at = 0.5;
  Tape tape;
  const Number x = tape.variable(at);
  Number y = 1;
  REQUIRE(fill(x, y, 10'000'000) == 10'000'000);
  const Limit limit(std::size_t{1} << 20);
  tape.backward(y);
  CHECK(x.grad() == doctest::Approx(slope(at, 1000)));  // it has converged long before
}

TEST_CASE("a tape outlives its thread") {
  std::unique_ptr<Tape> tape;
  Number x, y;
  std::thread([&] {
    tape = std::make_unique<Tape>();
    x = tape->variable(2);
    y = x * x * x;
  }).join();
  CHECK(Tape::active() == nullptr);
  tape->backward(y);
  CHECK(tape->grad(x) == 12);
  CHECK_THROWS_AS((void)x.grad(), duet::TapeError);  // it looks for its tape among those of this thread
  {
    Tape other;
    const Number u = other.variable(1);
    CHECK_THROWS_AS((void)Number(u * x), duet::TapeError);
    tape->resume();
    const Number z = y * x;
    tape->zero_grad();
    tape->backward(z);
    CHECK(x.grad() == 32);
    tape.reset();
    CHECK(Tape::active() == &other);
    other.backward(u * u);
    CHECK(u.grad() == 2);
  }
  CHECK_THROWS_AS((void)x.grad(), duet::TapeError);
}

TEST_CASE("tapes in one another outlive their thread and end in any order") {
  std::unique_ptr<Tape> outer, inner;
  Number x, u;
  std::thread([&] {
    outer = std::make_unique<Tape>();
    x = outer->variable(2);
    inner = std::make_unique<Tape>();
    u = inner->variable(3);
    u = u * u;
  }).join();
  Tape mine;
  const Number v = mine.variable(5);
  outer.reset();
  inner->backward(u);
  inner.reset();
  CHECK(Tape::active() == &mine);
  mine.backward(v * v);
  CHECK(v.grad() == 10);
}
