// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Parallel recording in OpenMP's threads. Compile with -fopenmp.

#include <cmath>
#include <cstdio>
#include <duet/tape/parallel_loop.hpp>
#include <duet/tape/record.hpp>
#include <vector>

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;

constexpr auto body = [](std::size_t i, const auto& a) {
  using std::sin;
  return a * sin(a * double(i));
};

// Runs tasks in OpenMP's threads. A record keeps it for its sweeps.
constexpr auto openmp = [](std::size_t count, const auto& task) {
#pragma omp parallel for schedule(dynamic)
  for (std::size_t k = 0; k < count; ++k) task(k);
};

double slope(Tape& tape, const std::vector<Number>& ys, const Number& x) {
  Number sum = 0;
  for (const Number& y : ys) sum += y;
  tape.zero_grad();
  tape.backward(sum);
  return x.grad();
}

int main() {
  Tape tape;
  const Number x = tape.variable(0.3);

  // 1000 iterations in 32 chunks, each recorded privately by the thread that runs it
  duet::ParallelLoop loop({1000, 32}, body, x);
#pragma omp parallel for
  for (std::size_t k = 0; k < loop.chunks(); ++k) loop.run(k);
  const std::vector<Number> ys = loop.results(openmp);  // one record on `tape`, swept by `openmp`

  std::vector<Number> plain;
  for (std::size_t i = 0; i < 1000; ++i) plain.push_back(body(i, x));
  const bool good = std::abs(slope(tape, ys, x) - slope(tape, plain, x)) < 1e-9;
  std::puts(good ? "ok" : "wrong");
  return !good;
}
