// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <utility>

namespace bench::hand {

/// Value and gradient of bench::LstmCell.
struct LstmCell {
  template <std::size_t H>
  using Result = std::pair<double, std::tuple<std::array<double, 4 * H>, std::array<double, 4 * H>,
                                              std::array<double, H>, std::array<double, H>, std::array<double, H>>>;

  template <std::size_t H>
  Result<H> operator()(const std::array<double, 4 * H>& weight, const std::array<double, 4 * H>& bias,
                       const std::array<double, H>& hidden, const std::array<double, H>& cell,
                       const std::array<double, H>& input) const {
    Result<H> result;
    auto& [sum, gradient] = result;
    auto& [by_weight, by_bias, by_hidden, by_cell, by_input] = gradient;
    sum = 0.0;
    for (std::size_t i = 0; i < H; ++i) {
      const double forget = sigmoid(input[i] * weight[i] + bias[i]);
      const double entry = sigmoid(hidden[i] * weight[H + i] + bias[H + i]);
      const double exit = sigmoid(input[i] * weight[2 * H + i] + bias[2 * H + i]);
      const double candidate = std::tanh(hidden[i] * weight[3 * H + i] + bias[3 * H + i]);
      const double state = std::tanh(cell[i] * forget + entry * candidate);
      sum += exit * state;

      const double by_state = exit * (1.0 - state * state);
      const double by_forget = by_state * cell[i] * forget * (1.0 - forget);
      const double by_entry = by_state * candidate * entry * (1.0 - entry);
      const double by_exit = state * exit * (1.0 - exit);
      const double by_candidate = by_state * entry * (1.0 - candidate * candidate);
      by_weight[i] = by_forget * input[i];
      by_weight[H + i] = by_entry * hidden[i];
      by_weight[2 * H + i] = by_exit * input[i];
      by_weight[3 * H + i] = by_candidate * hidden[i];
      by_bias[i] = by_forget;
      by_bias[H + i] = by_entry;
      by_bias[2 * H + i] = by_exit;
      by_bias[3 * H + i] = by_candidate;
      by_hidden[i] = by_entry * weight[H + i] + by_candidate * weight[3 * H + i];
      by_cell[i] = by_state * forget;
      by_input[i] = by_forget * weight[i] + by_exit * weight[2 * H + i];
    }
    return result;
  }

 private:
  static double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }
};

}  // namespace bench::hand
