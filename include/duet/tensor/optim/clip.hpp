// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/optim/optimizer.hpp>

/// Gradients that got too large.
namespace duet::optim {

/// Those gradients of parameters that there are.
template <class T, class P>
std::vector<Tensor<T, P>> gradients_of(const std::vector<Tensor<T, P>>& parameters) {
  std::vector<Tensor<T, P>> all;
  for (const Tensor<T, P>& p : parameters) {
    if (p.grad().defined()) all.push_back(p.grad());
  }
  return all;
}

/// The Euclidean norm of all gradients together, a tensor without axes; nobody waits for it.
template <class T, class P>
Tensor<T, P> grad_norm(const std::vector<Tensor<T, P>>& parameters) {
  using tensor::single;
  const std::vector<Tensor<T, P>> gradients = gradients_of(parameters);
  if (gradients.empty()) return Tensor<T, P>::full({}, 0);
  auto squares = Tensor<T, P>::uninitialized({gradients.size()}), norm = Tensor<T, P>::uninitialized({});
  const auto square = [](auto g) { return g * g; };
  for (std::size_t k = 0; k < gradients.size(); ++k) {
    tensor::compute<P, T>(square, gradients[k].shape(), {gradients[k].data()}, {single(squares.data() + k)});
  }
  tensor::compute<P, T>([](auto x) { return x; }, squares.shape(), {squares.data()}, {single(norm.data())});
  tensor::compute<P, T>([](auto x) { return sqrt(x); }, {}, {norm.data()}, {norm.data()});
  return norm;
}

/// Scales all gradients by one number so that their norm is at most `max_norm` (Pascanu et al., 2013). Returns the norm
/// that they had, a tensor without axes; nobody waits for it.
template <class T, class P>
Tensor<T, P> clip_grad_norm(const std::vector<Tensor<T, P>>& parameters, double max_norm) {
  const Tensor<T, P> norm = grad_norm(parameters);
  const T most = static_cast<T>(max_norm);
  if (const std::optional<T> known = norm.known(); known && *known <= most) return norm;
  const auto scaled = [](auto g, auto norm, auto most) { return g * where(norm <= most, 1, most / norm); };
  for (Tensor<T, P>& gradient : gradients_of(parameters)) {
    T* const g = gradient.data();
    tensor::compute<P, T>(scaled, gradient.shape(), {g, tensor::single(norm.data())}, {most}, {g});
    gradient.changed();
  }
  return norm;
}

/// Clamps every element of the gradients to [-max_value, max_value].
template <class T, class P>
void clip_grad_value(const std::vector<Tensor<T, P>>& parameters, double max_value) {
  const auto clamped = [](auto g, auto most) { return clamp(g, -most, most); };
  for (Tensor<T, P>& gradient : gradients_of(parameters)) {
    T* const g = gradient.data();
    tensor::compute<P, T>(clamped, gradient.shape(), {g}, {static_cast<T>(max_value)}, {g});
    gradient.changed();
  }
}

}  // namespace duet::optim
