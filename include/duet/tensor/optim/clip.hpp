// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>

#include <duet/tensor/optim/optimizer.hpp>

/// Gradients that got too large.
namespace duet::optim {

/// The Euclidean norm of all gradients together.
template <class T>
double grad_norm(const std::vector<Tensor<T>>& parameters) {
  double square = 0;
  for (const Tensor<T>& p : parameters) {
    const Tensor<T> gradient = p.grad();
    if (!gradient.defined()) continue;
    const T* const g = std::as_const(gradient).data();
    for (std::size_t i = 0; i < gradient.size(); ++i) square += static_cast<double>(g[i]) * static_cast<double>(g[i]);
  }
  return std::sqrt(square);
}

/// Scales all gradients by one number so that their norm is at most `max_norm` (Pascanu et al., 2013). Returns the norm
/// that they had.
template <class T>
double clip_grad_norm(const std::vector<Tensor<T>>& parameters, double max_norm) {
  const double norm = grad_norm(parameters);
  if (norm <= max_norm) return norm;
  const T factor = static_cast<T>(max_norm / norm);
  for (const Tensor<T>& p : parameters) {
    Tensor<T> gradient = p.grad();
    if (!gradient.defined()) continue;
    for_each_element<T>(
        gradient.size(), [&](auto& g) { g = g * factor; }, gradient.data());
    gradient.changed();
  }
  return norm;
}

/// Clamps every element of the gradients to [-max_value, max_value].
template <class T>
void clip_grad_value(const std::vector<Tensor<T>>& parameters, double max_value) {
  const T high = static_cast<T>(max_value);
  for (const Tensor<T>& p : parameters) {
    Tensor<T> gradient = p.grad();
    if (!gradient.defined()) continue;
    T* const g = gradient.data();
    for (std::size_t i = 0; i < gradient.size(); ++i) g[i] = std::clamp(g[i], -high, high);
    gradient.changed();
  }
}

}  // namespace duet::optim
