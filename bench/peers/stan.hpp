// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <stan/math/mix.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "forward.hpp"
#include "levels.hpp"

namespace bench {

/// Stan Math's `fvar`, a number with one tangent.
struct StanNumbers {
  static constexpr const char* name = "Stan Math";
  static constexpr std::size_t width = 1;
  static constexpr bool takes_plain_numbers = true;

  template <class T, std::size_t N>
  using Number = stan::math::fvar<T>;

  template <std::size_t N, class T>
  static Number<T, N> number(const T& value, const std::array<T, N>& tangents) {
    return {value, tangents[0]};
  }
  template <class T>
  static T tangent(const stan::math::fvar<T>& number, std::size_t) {
    return number.d_;
  }
  template <class T>
  static T value(const stan::math::fvar<T>& number) {
    return number.val_;
  }
};

/// Stan Math: reverse mode by `var`, whose arena is kept from call to call; Hessians by `fvar<var>`, and the rest by
/// `fvar`. Its reverse type doesn't nest.
class Stan : public ForwardTool<StanNumbers> {
 public:
  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    const stan::math::nested_rev_autodiff arena;
    const std::vector<Number> inputs(x.begin(), x.end());
    Number result = problem(inputs);
    result.grad();
    read(inputs, gradient);
    return result.val();
  }

  template <class Problem>
  void jacobian(const Problem& problem, const std::vector<double>& x, std::span<double> jacobian) {
    stan::math::nested_rev_autodiff arena;
    const std::vector<Number> inputs(x.begin(), x.end());
    auto results = problem(inputs);
    for (Number& result : results) {
      arena.set_zero_all_adjoints();
      result.grad();
      read(inputs, jacobian.first(x.size()));
      jacobian = jacobian.subspan(x.size());
    }
  }

  template <class Problem>
  void gradient_and_product(const Problem& problem, const std::vector<double>& x, const std::vector<double>& direction,
                            std::vector<double>& gradient, std::vector<double>& product) {
    stan::math::nested_rev_autodiff arena;
    const std::vector<Number> inputs(x.begin(), x.end());
    std::vector<stan::math::fvar<Number>> line(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      line[i] = {inputs[i], direction[i]};
    }
    auto result = problem(line);
    result.val_.grad();
    read(inputs, gradient);
    arena.set_zero_all_adjoints();
    result.d_.grad();
    read(inputs, product);
  }

  struct Forward {
    static double plain(double x) { return x; }
    template <class T>
    static double plain(const T& x) {
      return plain(x.val_);
    }

    template <class F, class T, std::size_t N, class... Rest>
    static std::array<T, N> gradient(const F& f, const std::array<T, N>& x, const Rest&... rest) {
      constexpr auto lift = [](const auto& number) { return stan::math::fvar<T>(number, T(0.0)); };
      auto inputs = lifted(lift, x);
      std::array<T, N> gradient;
      for (std::size_t j = 0; j < N; ++j) {
        inputs[j].d_ = 1.0;
        gradient[j] = f(inputs, lifted(lift, rest)...).d_;
        inputs[j].d_ = 0.0;
      }
      return gradient;
    }
  };

 private:
  using Number = stan::math::var;

  static void read(const std::vector<Number>& inputs, std::span<double> gradient) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      gradient[i] = inputs[i].adj();
    }
  }
};

}  // namespace bench
