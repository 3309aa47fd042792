// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <autodiff/forward/dual.hpp>
#include <autodiff/forward/real.hpp>
#include <autodiff/reverse/var.hpp>
#include <cstddef>
#include <vector>

#include "forward.hpp"
#include "levels.hpp"

namespace bench {

/// autodiff's `real`, a number with one derivative, so one direction at a time.
struct AutodiffNumbers {
  static constexpr const char* name = "autodiff";
  static constexpr std::size_t width = 1;
  static constexpr bool takes_plain_numbers = true;

  template <class T, std::size_t N>
  using Number = autodiff::Real<1, T>;

  template <std::size_t N, class T>
  static Number<T, N> number(const T& value, const std::array<T, N>& tangents) {
    return std::array<T, 2>{value, tangents[0]};
  }
  template <class T>
  static T tangent(const autodiff::Real<1, T>& number, std::size_t) {
    return number[1];
  }
  template <class T>
  static T value(const autodiff::Real<1, T>& number) {
    return number[0];
  }
};

/// autodiff: gradients and Hessians by its reverse type `var`, the rest by its forward types. A `var` is a tree: every
/// path from the result to an input is walked on its own, by calls inside calls, so that it needs much of the call
/// stack, and very long where intermediate results are used again and again.
class Autodiff : public ForwardTool<AutodiffNumbers> {
 public:
  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    std::vector<Number> inputs(x.begin(), x.end());
    const Number result = problem(inputs);
    sweep(result, inputs, gradient);
    return result.expr->val;
  }

  /// The gradient as expressions, whose sum with the direction's weights is differentiated once more.
  template <class Problem>
  void gradient_and_product(const Problem& problem, const std::vector<double>& x, const std::vector<double>& direction,
                            std::vector<double>& gradient, std::vector<double>& product) {
    std::vector<Number> inputs(x.begin(), x.end());
    const Number result = problem(inputs);
    std::vector<Number> slopes(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      inputs[i].expr->bind_expr(&slopes[i].expr);
    }
    result.expr->propagatex(autodiff::reverse::detail::constant(1.0));
    Number sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      inputs[i].expr->bind_expr(nullptr);
      gradient[i] = slopes[i].expr->val;
      sum += direction[i] * slopes[i];
    }
    sweep(sum, inputs, product);
  }

  /// By `dual`, which nests.
  struct Forward {
    static double plain(double x) { return x; }
    template <class T>
    static double plain(const T& x) {
      return plain(x.val);
    }

    template <class F, class T, std::size_t N, class... Rest>
    static std::array<T, N> gradient(const F& f, const std::array<T, N>& x, const Rest&... rest) {
      using Tangent = autodiff::Dual<T, T>;
      constexpr auto lift = [](const auto& number) {
        Tangent result;
        result.val = number;
        return result;
      };
      auto inputs = lifted(lift, x);
      std::array<T, N> gradient;
      for (std::size_t j = 0; j < N; ++j) {
        inputs[j].grad = 1.0;
        gradient[j] = f(inputs, lifted(lift, rest)...).grad;
        inputs[j].grad = 0.0;
      }
      return gradient;
    }
  };

 private:
  using Number = autodiff::var;

  /// As autodiff::derivatives does for inputs that are counted when compiling.
  static void sweep(const Number& result, std::vector<Number>& inputs, std::vector<double>& gradient) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      gradient[i] = 0.0;
      inputs[i].expr->bind_value(&gradient[i]);
    }
    result.expr->propagate(1.0);
    for (Number& input : inputs) {
      input.expr->bind_value(nullptr);
    }
  }
};

}  // namespace bench
