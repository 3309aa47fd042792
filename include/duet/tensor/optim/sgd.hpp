// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/optim/optimizer.hpp>

/// Stochastic gradient descent.
namespace duet::optim {

struct SGDOptions {
  double lr = 0.001;        ///< the learning rate
  double momentum = 0;      ///< what is kept of the last step's direction
  double weight_decay = 0;  ///< of the penalty weight_decay / 2 |p|^2
  bool nesterov = false;    ///< looks ahead along the momentum
};

/// p -= lr b, where b = momentum b + g + weight_decay p (Polyak, 1964; with `nesterov`, p -= lr (momentum b + ...), as
/// Sutskever et al., 2013, write Nesterov's method). Options may be changed between steps, as schedules do.
template <class T, class P = DefaultPlace>
class SGD : public Optimizer<T, P> {
 public:
  SGDOptions options;

  /// Throws Error for negative options.
  explicit SGD(std::vector<Tensor<T, P>> parameters, const SGDOptions& how = {})
      : Optimizer<T, P>(std::move(parameters)), options(how) {
    if (how.lr < 0 || how.momentum < 0 || how.weight_decay < 0) {
      throw Error("SGD: lr, momentum and weight_decay can't be negative");
    }
    if (how.nesterov && how.momentum == 0) throw Error("SGD: Nesterov's method needs a momentum");
  }

  void step() {
    const T lr = static_cast<T>(options.lr), momentum = static_cast<T>(options.momentum),
            decay = static_cast<T>(options.weight_decay);
    this->for_each_gradient([&](std::size_t k, const Shape& shape, T* p, const T* g) {
      if (momentum == 0) {
        const auto rule = [](auto p, auto g, auto lr, auto decay) { return p - lr * (g + decay * p); };
        return tensor::compute<P, T>(rule, shape, {p, g}, {lr, decay}, {p});
      }
      T* const b = buffer_.of(k, shape);
      if (options.nesterov) {
        const auto rule = [](auto p, auto g, auto b, auto lr, auto decay, auto momentum) {
          const auto direction = g + decay * p, next = momentum * b + direction;
          return std::tuple(p - lr * (direction + momentum * next), next);
        };
        tensor::compute<P, T>(rule, shape, {p, g, b}, {lr, decay, momentum}, {p, b});
      } else {
        const auto rule = [](auto p, auto g, auto b, auto lr, auto decay, auto momentum) {
          const auto next = momentum * b + (g + decay * p);
          return std::tuple(p - lr * next, next);
        };
        tensor::compute<P, T>(rule, shape, {p, g, b}, {lr, decay, momentum}, {p, b});
      }
    });
  }

 private:
  typename Optimizer<T, P>::Memory buffer_;
};

}  // namespace duet::optim
