// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

namespace bench {

template <class Loop>
struct MappedLstm;

/// GradBench's `lstm`: how badly a network of long short-term memory cells with diagonal weights predicts each
/// character of a text, given in bits, from those before it.
///
/// The variables, each a row of as many numbers as a character has bits: for every layer weights, then biases, each of
/// forget gate, input gate, output gate and candidate; weights of the input; weights and biases of the output.
struct Lstm {
  std::size_t layers, bits;
  std::vector<double> start;  ///< for every layer the hidden state, then the cell
  std::vector<double> text;   ///< the bits of one character after those of another

  std::size_t count() const { return text.size() / bits; }
  std::size_t variables() const { return (8 * layers + 3) * bits; }

  template <class T>
  T operator()(const std::vector<T>& x) const {
    using std::exp;
    using std::log;
    using std::tanh;
    const T* const extra = x.data() + 8 * layers * bits;
    std::vector<T> state(start.begin(), start.end()), signal(bits, T(0.0));
    T sum(0.0);
    for (std::size_t t = 0; t + 1 < count(); ++t) {
      for (std::size_t i = 0; i < bits; ++i) {
        signal[i] = text[t * bits + i] * extra[i];
      }
      for (std::size_t layer = 0; layer < layers; ++layer) {
        const T* const weight = x.data() + 8 * layer * bits;
        const T* const bias = weight + 4 * bits;
        T* const hidden = state.data() + 2 * layer * bits;
        T* const cell = hidden + bits;
        for (std::size_t i = 0; i < bits; ++i) {
          const T forget = sigmoid<T>(signal[i] * weight[i] + bias[i]);
          const T entry = sigmoid<T>(hidden[i] * weight[bits + i] + bias[bits + i]);
          const T exit = sigmoid<T>(signal[i] * weight[2 * bits + i] + bias[2 * bits + i]);
          const T candidate = tanh(hidden[i] * weight[3 * bits + i] + bias[3 * bits + i]);
          cell[i] = cell[i] * forget + entry * candidate;
          hidden[i] = exit * tanh(cell[i]);
          signal[i] = hidden[i];
        }
      }
      T exponentials(2.0);
      double ones = 0.0;
      for (std::size_t i = 0; i < bits; ++i) {
        const T prediction = signal[i] * extra[bits + i] + extra[2 * bits + i];
        exponentials += exp(prediction);
        sum += text[(t + 1) * bits + i] * prediction;
        ones += text[(t + 1) * bits + i];
      }
      sum -= ones * log(exponentials);
    }
    return sum * scale();
  }

  /// The same with all bits at a time.
  template <class Loop>
  MappedLstm<Loop> mapped() const {
    return {*this};
  }

  double scale() const { return -1.0 / static_cast<double>((count() - 1) * bits); }

 private:
  template <class T>
  static T sigmoid(const T& x) {
    using std::exp;
    return 1.0 / (1.0 + exp(-x));
  }
};

/// The new hidden state and cell of a bit in a layer.
struct LstmStep {
  constexpr auto operator()(const auto& forget, const auto& entry, const auto& exit, const auto& candidate,
                            const auto& forget_bias, const auto& entry_bias, const auto& exit_bias,
                            const auto& candidate_bias, const auto& hidden, const auto& cell,
                            const auto& signal) const {
    using std::tanh;
    const auto next = cell * sigmoid(signal * forget + forget_bias) +
                      sigmoid(hidden * entry + entry_bias) * tanh(hidden * candidate + candidate_bias);
    return std::array{sigmoid(signal * exit + exit_bias) * tanh(next), next};
  }

 private:
  static constexpr auto sigmoid(const auto& x) {
    using std::exp;
    return 1.0 / (1.0 + exp(-x));
  }
};

/// What a character goes into the network as.
struct LstmInput {
  constexpr auto operator()(const auto& bit, const auto& weight) const { return bit * weight; }
};

/// What a bit adds: to the sum of exponentials, and where it is one.
struct LstmOutput {
  constexpr auto operator()(const auto& signal, const auto& weight, const auto& bias, const auto& bit) const {
    using std::exp;
    const auto prediction = signal * weight + bias;
    return std::array{exp(prediction), bit * prediction};
  }
};

template <class Loop>
struct MappedLstm {
  const Lstm& problem;

  template <class Row>
  auto operator()(const Row& x) const {
    using std::log;
    const std::size_t bits = problem.bits;
    const auto row = [&](std::size_t k) { return Loop::part(x, k * bits, bits); };
    const auto character = [&](std::size_t t) { return std::span(problem.text).subspan(t * bits, bits); };
    std::vector<Row> parameters, state;
    for (std::size_t k = 0; k < 8 * problem.layers + 3; ++k) {
      parameters.push_back(row(k));
    }
    for (std::size_t k = 0; k < 2 * problem.layers; ++k) {
      const auto first = problem.start.begin() + static_cast<std::ptrdiff_t>(k * bits);
      state.push_back(Loop::row({first, first + static_cast<std::ptrdiff_t>(bits)}));
    }
    const Row* const extra = parameters.data() + 8 * problem.layers;
    auto sum = 0.0 * x[0];
    for (std::size_t t = 0; t + 1 < problem.count(); ++t) {
      Row signal = Loop::map(LstmInput{}, character(t), extra[0]);
      for (std::size_t layer = 0; layer < problem.layers; ++layer) {
        const Row* const p = parameters.data() + 8 * layer;
        Row *const hidden = state.data() + 2 * layer, *const cell = hidden + 1;
        const auto next = Loop::map(LstmStep{}, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], *hidden, *cell, signal);
        signal = *hidden = next[0];
        *cell = next[1];
      }
      const auto bits_then = character(t + 1);
      const auto output = Loop::sum(LstmOutput{}, signal, extra[1], extra[2], bits_then);
      const double ones = std::accumulate(bits_then.begin(), bits_then.end(), 0.0);
      sum += output[1] - ones * log(2.0 + output[0]);
    }
    return sum * problem.scale();
  }
};

}  // namespace bench
