// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The dynamic tape: loops and branches on values, rewinding, nesting, threads, errors.

#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <duet/tape/record.hpp>
#include <string>
#include <thread>
#include <vector>

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;

// Newton's method, until it is close enough: how many steps that takes depends on the value.
template <class T>
T cube_root(const T& a) {
  T x = a > 1 ? a : T(1);
  while (abs(x * x * x - a) > 1e-12) x -= (x * x * x - a) / (3 * x * x);
  return x;
}

bool gradient() {
  Tape tape;
  const Number a = tape.variable(8.0), b = tape.variable(3.0);
  const Number y = b * cube_root(a);
  tape.backward(y);
  return std::abs(a.grad() - 3.0 / 12) < 1e-9 && std::abs(b.grad() - 2) < 1e-9;
}

bool accumulation() {
  Tape tape;
  const Number x = tape.variable(3.0);
  const Number square = x * x, cube = square * x;

  tape.backward(cube);
  const bool first = x.grad() == 27 && square.grad() == 3;

  // sweeps add up in variables; other numbers hold what the last sweep said
  tape.backward(square);
  const bool second = x.grad() == 27 + 6 && square.grad() == 1;

  // several outputs at once, with their weights
  tape.zero_grad();
  const std::vector<Number> outputs{square, cube};
  const std::vector<double> seeds{10.0, 1.0};
  tape.backward(outputs, seeds);
  return first && second && x.grad() == 60 + 27;
}

bool rewinding() {
  Tape tape;
  const Number x = tape.variable(2.0);
  const auto here = tape.position();
  for (int step = 0; step < 3; ++step) {
    const Number y = x * x * step;
    tape.zero_grad();
    tape.backward(y);
    if (x.grad() != 4 * step) return false;
    tape.rewind(here);  // y is gone, x is still there
  }
  tape.clear();  // all is gone, the memory is kept for the next recording
  return !tape.owns(x);
}

double inner_slope(double at) {
  Tape tape;  // suspends the one around it
  const Number u = tape.variable(at);
  tape.backward(Number(u * u * u));
  return u.grad();
}

bool nesting() {
  Tape tape;
  const Number x = tape.variable(2.0);
  const Number y = x * inner_slope(x.primal());
  tape.backward(y);
  return x.grad() == 12;
}

bool second_derivatives() {
  // a tape of duals: a sweep gives the gradient, and the Hessian times the tangents
  using Dual = duet::Dual<double>;
  duet::DynamicTape<Dual> tape;
  const duet::Var<Dual> x = tape.variable(Dual(2.0, 1.0)), w = tape.variable(Dual(5.0, 0.0));
  tape.backward(duet::Var<Dual>(x * x * w));
  return x.grad().primal() == 20 && x.grad().tangent() == 10 && w.grad().tangent() == 4;
}

bool threads() {
  std::vector<double> slopes(4);
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < 4; ++i) {
    workers.emplace_back([i, &slopes] { slopes[i] = inner_slope(double(i)); });
  }
  for (std::thread& worker : workers) worker.join();
  return slopes == std::vector<double>{0, 3, 12, 27};
}

bool errors() {
  Tape tape;
  const Number x = tape.variable(2.0);
  tape.clear();
  try {
    const Number y = x * x;  // x is a variable of records that have been dropped
    return y > 0 && false;
  } catch (const duet::TapeError& error) {
    return std::string(error.what()).starts_with("duet: this variable belongs to another tape");
  }
}

int main() {
  const bool right =
      gradient() && accumulation() && rewinding() && nesting() && second_derivatives() && threads() && errors();
  std::puts(right ? "as the page says" : "not as the page says");
  return right ? 0 : 1;
}
