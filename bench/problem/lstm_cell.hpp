// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace bench {

/// One step of a long short-term memory cell with diagonal weights (as in ADBench): the sum of its new hidden state.
/// Weights and biases hold the forget gate, the input gate, the output gate and the candidate, one after another.
struct LstmCell {
  template <class T, std::size_t H>
  constexpr T operator()(const std::array<T, 4 * H>& weight, const std::array<T, 4 * H>& bias,
                         const std::array<T, H>& hidden, const std::array<T, H>& cell,
                         const std::array<T, H>& input) const {
    using std::tanh;
    T sum(0.0);
    for (std::size_t i = 0; i < H; ++i) {
      const T forget = sigmoid(input[i] * weight[i] + bias[i]);
      const T entry = sigmoid(hidden[i] * weight[H + i] + bias[H + i]);
      const T exit = sigmoid(input[i] * weight[2 * H + i] + bias[2 * H + i]);
      const T candidate = tanh(hidden[i] * weight[3 * H + i] + bias[3 * H + i]);
      sum += exit * tanh(cell[i] * forget + entry * candidate);
    }
    return sum;
  }

 private:
  template <class T>
  static constexpr T sigmoid(const T& x) {
    using std::exp;
    return 1.0 / (1.0 + exp(-x));
  }
};

}  // namespace bench
