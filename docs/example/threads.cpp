// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Tapes in threads, and loops that are recorded in parallel.

#include <cmath>
#include <cstdio>
#include <duet/tape/parallel_map.hpp>
#include <duet/tape/record.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;

bool own_tapes() {
  // each thread has its own active tape; there is nothing to set up
  double slopes[2];
  const auto work = [&](int k) {
    Tape tape;
    const Number x = tape.variable(k + 1);
    tape.backward(x * x);
    slopes[k] = x.grad();
  };
  std::jthread other(work, 1);
  work(0);
  other.join();
  return slopes[0] == 2 && slopes[1] == 4;
}

// The time until a particle that is slowed down stops: data decides how long the loop runs.
constexpr auto stop = [](std::size_t i, const auto& friction, const auto& push) {
  auto time = 0 * friction;
  std::remove_cvref_t<decltype(friction)> speed = 1 + 0.1 * double(i % 17), total = time;
  while (speed > 0.01) {
    speed = speed - 0.1 * friction * speed + 0.001 * push;
    total = total + speed * 0.1;
  }
  return total;
};

bool parallel() {
  Tape tape;
  const Number friction = tape.variable(0.7), push = tape.variable(0.3);

  // a thousand bodies, in as many threads as there are cores; each result is a variable of `tape`
  const std::vector<Number> ways = duet::parallel_map(1000, stop, friction, push);

  Number sum = 0;
  for (const Number& way : ways) sum += way;
  tape.backward(sum);  // goes through the bodies' records in parallel, too
  const double slope = friction.grad();

  // the same in a plain loop
  sum = 0;
  for (std::size_t i = 0; i < 1000; ++i) sum += stop(i, friction, push);
  tape.zero_grad();
  tape.backward(sum);
  return std::abs(slope / friction.grad() - 1) < 1e-12;
}

bool reproducible() {
  Tape tape;
  const Number friction = tape.variable(0.7), push = tape.variable(0.3);
  const auto slope = [&](const auto& executor) {
    Number sum = 0;
    for (const Number& way : duet::parallel_map(executor, {1000, 16}, stop, friction, push)) sum += way;
    tape.zero_grad();
    tape.backward(sum);
    return friction.grad();
  };
  // with the same number of chunks, here 16, the same bits, whatever the number of threads
  return slope(duet::Threads{1}) == slope(duet::Threads{4}) && slope(duet::Threads{2}) == slope(duet::InOrder{});
}

bool failing() {
  Tape tape;
  const Number x = tape.variable(2);
  try {
    duet::parallel_map(
        100,
        [](std::size_t i, const auto& a) {
          if (i == 17) throw std::domain_error("seventeen");
          return a * a;
        },
        x);
  } catch (const std::domain_error&) {  // in the thread that has asked; nothing was recorded
    tape.backward(x * x);
    return x.grad() == 4;
  }
  return false;
}

int main() {
  const bool good = own_tapes() && parallel() && reproducible() && failing();
  std::puts(good ? "ok" : "wrong");
  return !good;
}
