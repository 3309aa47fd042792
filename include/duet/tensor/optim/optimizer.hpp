// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/compiled.hpp>
#include <duet/tensor/sum.hpp>

/// What optimisers have in common.
namespace duet::optim {

/// Sets the gradients to zero; their memory stays. Tensors without a gradient are left alone.
template <class T, class P>
void zero_grad(const std::vector<Tensor<T, P>>& parameters) {
  for (Tensor<T, P> p : parameters) p.zero_grad();
}

/// The parameters that an optimiser changes, and what it remembers of them. A parameter without a gradient is not
/// changed in a step.
template <class T, class P = DefaultPlace>
class Optimizer {
 public:
  explicit Optimizer(std::vector<Tensor<T, P>> parameters) : parameters_(std::move(parameters)) {
    for (const Tensor<T, P>& p : parameters_) {
      if (!p.defined()) throw Error("an optimiser changes tensors, and one of these is undefined");
      if (!p.is_leaf()) {
        throw Error("an optimiser changes leaves; a tensor of shape " + to_string(p.shape()) + " was made by " +
                    p.grad_fn()->name());
      }
    }
  }

  const std::vector<Tensor<T, P>>& parameters() const { return parameters_; }
  void zero_grad() { optim::zero_grad(parameters_); }

 protected:
  /// Calls `f(k, shape, p, g)` for every parameter that has a gradient, with their elements.
  template <class F>
  void for_each_gradient(const F& f) {
    for (std::size_t k = 0; k < parameters_.size(); ++k) {
      Tensor<T, P>& p = parameters_[k];
      const Tensor<T, P> gradient = p.grad();
      if (!gradient.defined()) continue;
      f(k, p.shape(), p.data(), gradient.data());
      p.changed();
    }
  }

  /// Numbers that are remembered of the elements of parameters; zeros in the beginning, made when they are first used.
  class Memory {
   public:
    T* of(std::size_t k, const Shape& shape) {
      if (all_.size() <= k) all_.resize(k + 1);
      if (!all_[k].defined()) all_[k] = Tensor<T, P>::full(shape, 0);
      return all_[k].data();
    }

   private:
    std::vector<Tensor<T, P>> all_;
  };

 private:
  std::vector<Tensor<T, P>> parameters_;
};

}  // namespace duet::optim
