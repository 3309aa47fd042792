// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Memory for time: checkpoints, and loops by the binomial schedule.

#include <array>
#include <cmath>
#include <cstdio>
#include <duet/tape/checkpoint.hpp>
#include <duet/tape/checkpointed_loop.hpp>
#include <duet/tape/map.hpp>
#include <vector>

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;

// A layer of a network: a function of numbers, be they plain or variables. Generic, so it can be run on either.
constexpr auto layer = [](const auto& x, const auto& weights) {
  using std::tanh;
  auto y = x;
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t k = 0; k < x.size(); ++k) y[i] += weights[(i + k) % weights.size()] * x[k];
    y[i] = tanh(y[i]);
  }
  return y;
};

// Memory of a network on the tape, and a derivative.
template <class Layer>
std::pair<std::size_t, double> network(const Layer& layer) {
  Tape tape;
  std::vector<Number> x, weights;
  for (int i = 0; i < 20; ++i) x.push_back(tape.variable(std::cos(i)));
  for (int i = 0; i < 9; ++i) weights.push_back(tape.variable(0.1 * std::sin(i)));
  for (int depth = 0; depth < 50; ++depth) x = layer(x, weights);
  tape.backward(x[0]);
  return {tape.memory(), weights[3].grad()};
}

bool layers() {
  const auto [all, slope] = network(layer);
  const auto [few, same] = network(duet::checkpoint(layer));  // each call is one record
  return 6 * few < all && std::abs(slope - same) < 1e-12;
}

// A swing: its state is angle and speed, and the length is a parameter that all steps share.
constexpr auto step = [](const auto& state, std::size_t i, const auto& length) {
  using std::sin;
  const auto& [angle, speed] = state;
  auto next = state;
  next[1] = speed - 0.01 * sin(angle) * 9.81 / length + 0.01 * std::cos(0.02 * double(i));
  next[0] = angle + 0.01 * next[1];
  return next;
};

bool long_loop() {
  Tape tape;
  const Number angle = tape.variable(0.5), length = tape.variable(1.3);

  // ten thousand steps, of which at most twenty states are kept
  const auto swing = duet::checkpointed_loop(10'000, 20, step);
  const std::array<Number, 2> end = swing(std::array{angle, Number(0)}, length);
  tape.backward(end[0]);
  const std::array slopes{angle.grad(), length.grad()};
  const std::size_t little = tape.memory();

  // the same, with all records kept
  tape.zero_grad();
  std::array<Number, 2> state{angle, 0};
  for (std::size_t i = 0; i < 10'000; ++i) state = step(state, i, length);
  tape.backward(state[0]);
  return little < 2'000 && tape.memory() > 1'000'000 && std::abs(slopes[0] - angle.grad()) < 1e-9 &&
         std::abs(slopes[1] - length.grad()) < 1e-9;
}

// Populations that grow towards 1: the state is a row of variables, and a step is one map.
constexpr auto grow = [](const auto& sizes, std::size_t, const auto& rates) {
  return duet::map([](const auto& size, const auto& rate) { return size + 0.01 * rate * size * (1 - size); },
                   duet::each(sizes), duet::each(rates));
};

bool rows() {
  Tape tape;
  const duet::Variables<double> sizes = tape.variables(1000, 0.1), rates = tape.variables(1000, 0.8);
  const duet::Variables<double> end = duet::checkpointed_loop(500, 10, grow)(sizes, rates);
  const std::size_t little = tape.memory();  // the inputs, ten states, and the result
  tape.backward(end, std::vector(1000, 2.0));  // of twice the sum
  const double at_end = end[0].primal(), slope = rates[0].grad();
  return little < 200'000 && std::abs(slope - 2 * 5 * at_end * (1 - at_end)) < 0.02;  // as for steps without end
}

bool counts() {
  // how often a step is run on numbers before all have been reversed, known before anything is run
  static_assert(duet::revolve::forward_steps(10'000, 20) == 37'976);
  static_assert(duet::revolve::forward_steps(10'000, 10'000) == 9'999);  // all states kept
  static_assert(duet::revolve::beta(20, 4) == 10'626);  // so many steps need no step to be run more than four times
  return true;
}

int main() {
  const bool good = layers() && long_loop() && rows() && counts();
  std::puts(good ? "ok" : "wrong");
  return !good;
}
