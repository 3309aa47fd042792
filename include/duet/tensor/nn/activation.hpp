// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>

#include <duet/op/table.hpp>
#include <duet/tensor/softmax.hpp>
#include <duet/tensor/view.hpp>

/// Layers without parameters, for `Sequential`. Elementwise ones give formulas, which become part of the statement that
/// takes them.
namespace duet::nn {

/// x times the probability that a standard normal number is below x (Hendrycks and Gimpel, 2016), of anything that has
/// derivatives.
template <class X>
auto gelu(const X& x) {
  return 0.5 * x * (1 + erf(x * (1 / std::numbers::sqrt2)));
}
/// x sigmoid(x) (Elfwing et al., 2018; also called swish).
template <class X>
auto silu(const X& x) {
  return x * sigmoid(x);
}

struct ReLU {
  auto operator()(const auto& x) const { return relu(x); }
};
struct Tanh {
  auto operator()(const auto& x) const { return tanh(x); }
};
struct Sigmoid {
  auto operator()(const auto& x) const { return sigmoid(x); }
};
struct Softplus {
  auto operator()(const auto& x) const { return softplus(x); }
};
struct GELU {
  auto operator()(const auto& x) const { return gelu(x); }
};
struct SiLU {
  auto operator()(const auto& x) const { return silu(x); }
};

/// Softmax along an axis, by default the last.
struct Softmax {
  std::ptrdiff_t axis = -1;
  auto operator()(const auto& x) const { return softmax(x, axis); }
};

/// All axes from `first` on as one: by default all but that of the examples.
struct Flatten {
  std::ptrdiff_t first = 1;
  auto operator()(const auto& x) const { return flatten(x, first); }
};

}  // namespace duet::nn
