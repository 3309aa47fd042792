// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/lanes.hpp>
#include <duet/tensor/sum.hpp>

/// What optimisers have in common.
namespace duet::optim {

/// `f(a, b, ...)` on the elements of arrays, some at once: `f` is called with SIMD batches, and with numbers for what
/// is left over. What it does to its arguments is written back to the arrays that are not const. One pass, no
/// temporaries.
template <class T, class F, class... X>
void for_each_element(std::size_t size, const F& f, X*... x) {
  using B = tape::Lanes<T>;
  const auto put = [](auto* to, const auto& lanes) {
    if constexpr (!std::is_const_v<std::remove_pointer_t<decltype(to)>>) B::store(to, lanes);
  };
  const auto put_one = [](auto* to, T value) {
    if constexpr (!std::is_const_v<std::remove_pointer_t<decltype(to)>>) *to = value;
  };
  std::size_t i = 0;
  for (; i + B::size <= size; i += B::size) {
    [&](auto... lanes) {
      f(lanes...);
      (put(x + i, lanes), ...);
    }(B::load(x + i)...);
  }
  for (; i < size; ++i) {
    [&](auto... element) {
      f(element...);
      (put_one(x + i, element), ...);
    }(x[i]...);
  }
}

/// Sets the gradients to zero; their memory stays. Tensors without a gradient are left alone.
template <class T>
void zero_grad(const std::vector<Tensor<T>>& parameters) {
  for (Tensor<T> p : parameters) p.zero_grad();
}

/// The parameters that an optimiser changes, and what it remembers of them. A parameter without a gradient is not
/// changed in a step.
template <class T>
class Optimizer {
 public:
  explicit Optimizer(std::vector<Tensor<T>> parameters) : parameters_(std::move(parameters)) {
    for (const Tensor<T>& p : parameters_) {
      if (!p.defined()) throw Error("an optimiser changes tensors, and one of these is undefined");
      if (!p.is_leaf()) {
        throw Error("an optimiser changes leaves; a tensor of shape " + to_string(p.shape()) + " was made by " +
                    p.grad_fn()->name());
      }
    }
  }

  const std::vector<Tensor<T>>& parameters() const { return parameters_; }
  void zero_grad() { optim::zero_grad(parameters_); }

 protected:
  /// Calls `f(k, p, g)` for every parameter that has a gradient.
  template <class F>
  void for_each_gradient(const F& f) {
    for (std::size_t k = 0; k < parameters_.size(); ++k) {
      Tensor<T>& p = parameters_[k];
      const Tensor<T> gradient = p.grad();
      if (!gradient.defined()) continue;
      f(k, p, gradient.data());
      p.changed();
    }
  }

  /// Numbers that are remembered of the elements of parameters; zeros in the beginning, made when they are first used.
  class Memory {
   public:
    T* of(std::size_t k, const Tensor<T>& parameter) {
      if (all_.size() <= k) all_.resize(k + 1);
      if (!all_[k].defined()) all_[k] = Tensor<T>::full(parameter.shape(), 0);
      return all_[k].data();
    }

   private:
    std::vector<Tensor<T>> all_;
  };

 private:
  std::vector<Tensor<T>> parameters_;
};

}  // namespace duet::optim
