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
template <class T>
class SGD : public Optimizer<T> {
 public:
  SGDOptions options;

  /// Throws Error for negative options.
  explicit SGD(std::vector<Tensor<T>> parameters, const SGDOptions& how = {})
      : Optimizer<T>(std::move(parameters)), options(how) {
    if (how.lr < 0 || how.momentum < 0 || how.weight_decay < 0) {
      throw Error("SGD: lr, momentum and weight_decay can't be negative");
    }
    if (how.nesterov && how.momentum == 0) throw Error("SGD: Nesterov's method needs a momentum");
  }

  void step() {
    const T lr = static_cast<T>(options.lr), momentum = static_cast<T>(options.momentum),
            decay = static_cast<T>(options.weight_decay);
    this->for_each_gradient([&](std::size_t k, Tensor<T>& x, const T* gradient) {
      if (momentum == 0) {
        for_each_element<T>(
            x.size(), [&](auto& p, const auto& g) { p = p - lr * (g + decay * p); }, x.data(), gradient);
      } else if (options.nesterov) {
        for_each_element<T>(
            x.size(),
            [&](auto& p, const auto& g, auto& b) {
              const auto direction = g + decay * p;
              b = momentum * b + direction;
              p = p - lr * (direction + momentum * b);
            },
            x.data(), gradient, buffer_.of(k, x));
      } else {
        for_each_element<T>(
            x.size(),
            [&](auto& p, const auto& g, auto& b) {
              b = momentum * b + (g + decay * p);
              p = p - lr * b;
            },
            x.data(), gradient, buffer_.of(k, x));
      }
    });
  }

 private:
  typename Optimizer<T>::Memory buffer_;
};

}  // namespace duet::optim
