// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <array>
#include <codi.hpp>
#include <cstddef>
#include <span>
#include <vector>

namespace bench {

/// CoDiPack's default reverse type, which tapes Jacobians, and its forward type for products with many directions.
class Codi {
 public:
  static constexpr const char* name = "CoDiPack";

  /// The gradient and the product of the Hessian with a direction, by the same type on duals.
  template <class Problem>
  void gradient_and_product(const Problem& problem, const std::vector<double>& x, const std::vector<double>& direction,
                            std::vector<double>& gradient, std::vector<double>& product) {
    using Dual = codi::RealForward;
    using Second = codi::RealReverseGen<Dual>;
    auto& tape = Second::getTape();
    std::vector<Second> inputs(x.size());
    tape.setActive();
    for (std::size_t i = 0; i < x.size(); ++i) {
      Dual input = x[i];
      input.setGradient(direction[i]);
      inputs[i] = input;
      tape.registerInput(inputs[i]);
    }
    Second result = problem(inputs);
    tape.registerOutput(result);
    tape.setPassive();
    result.setGradient(Dual(1.0));
    tape.evaluate();
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Dual derivative = inputs[i].getGradient();
      gradient[i] = derivative.getValue();
      product[i] = derivative.getGradient();
    }
    tape.reset();
  }

  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    auto& tape = Number::getTape();
    start(x);
    Number result = problem(inputs_);
    tape.registerOutput(result);
    tape.setPassive();
    result.setGradient(1.0);
    tape.evaluate();
    for (std::size_t i = 0; i < x.size(); ++i) {
      gradient[i] = inputs_[i].getGradient();
    }
    if (measure_) {
      bytes_ = static_cast<std::size_t>(tape.getTapeValues().getUsedMemorySize());
      measure_ = false;
    }
    tape.reset();
    return result.getValue();
  }

  template <class Problem>
  void jacobian(const Problem& problem, const std::vector<double>& x, std::span<double> jacobian) {
    constexpr std::size_t width = 2;  // rows in a sweep
    auto& tape = Number::getTape();
    start(x);
    auto results = problem(inputs_);
    for (Number& result : results) {
      tape.registerOutput(result);
    }
    tape.setPassive();
    for (std::size_t first = 0; first < results.size(); first += width) {
      const std::size_t count = std::min(width, results.size() - first);
      for (std::size_t i = 0; i < count; ++i) {
        rows_.gradient(results[first + i].getIdentifier())[i] = 1.0;
      }
      rows_.evaluate();
      for (std::size_t j = 0; j < x.size(); ++j) {
        auto& adjoint = rows_.gradient(inputs_[j].getIdentifier());
        for (std::size_t i = 0; i < count; ++i) {
          jacobian[(first + i) * x.size() + j] = adjoint[i];
        }
        adjoint = {};
      }
    }
    tape.reset(false);
  }

  template <class Problem, class Seed>
  void pushforward(const Problem& problem, const std::vector<double>& x, std::size_t directions, const Seed& seed,
                   std::span<double> products) {
    constexpr std::size_t width = 4;  // directions at once
    std::vector<codi::RealForwardVec<width>> inputs(x.begin(), x.end());
    for (std::size_t first = 0; first < directions; first += width) {
      const std::size_t count = std::min(width, directions - first);
      for (std::size_t j = 0; j < x.size(); ++j) {
        for (std::size_t d = 0; d < count; ++d) {
          inputs[j].gradient()[d] = seed(j, first + d);
        }
      }
      const auto results = problem(inputs);
      for (std::size_t i = 0; i < results.size(); ++i) {
        for (std::size_t d = 0; d < count; ++d) {
          products[i * directions + first + d] = results[i].getGradient()[d];
        }
      }
    }
  }

  struct Mode {
    static double plain(double x) { return x; }
    template <class T>
    static double plain(const T& x) {
      return plain(x.getValue());
    }
  };

  struct Forward : Mode {
    template <class F, class T, std::size_t N, class... Rest>
    static std::array<T, N> gradient(const F& f, const std::array<T, N>& x, const Rest&... rest) {
      using Tangent = codi::RealForwardGen<T, codi::Direction<T, N>>;
      std::array<Tangent, N> inputs;
      for (std::size_t j = 0; j < N; ++j) {
        inputs[j] = x[j];
        inputs[j].gradient()[j] = 1.0;
      }
      const Tangent result = f(inputs, rest...);
      std::array<T, N> gradient;
      for (std::size_t j = 0; j < N; ++j) {
        gradient[j] = result.getGradient()[j];
      }
      return gradient;
    }
  };

  struct Reverse : Mode {
    template <class F, class T, std::size_t N, class... Rest>
    static std::array<T, N> gradient(const F& f, const std::array<T, N>& x, const Rest&... rest) {
      using Taped = codi::RealReverseGen<T>;
      auto& tape = Taped::getTape();
      tape.setActive();
      std::array<Taped, N> inputs;
      for (std::size_t j = 0; j < N; ++j) {
        inputs[j] = x[j];
        tape.registerInput(inputs[j]);
      }
      Taped result = f(inputs, rest...);
      tape.registerOutput(result);
      tape.setPassive();
      result.setGradient(1.0);
      tape.evaluate();
      std::array<T, N> gradient;
      for (std::size_t j = 0; j < N; ++j) {
        gradient[j] = inputs[j].getGradient();
      }
      tape.reset();
      return gradient;
    }
  };

  /// Of the first recording: counting takes long.
  std::size_t bytes() const { return bytes_; }

 private:
  using Number = codi::RealReverse;

  void start(const std::vector<double>& x) {
    auto& tape = Number::getTape();
    inputs_.resize(x.size());
    tape.setActive();
    for (std::size_t i = 0; i < x.size(); ++i) {
      inputs_[i] = x[i];
      tape.registerInput(inputs_[i]);
    }
  }

  std::vector<Number> inputs_;
  codi::CustomAdjointVectorHelper<Number, codi::Direction<double, 2>> rows_;
  std::size_t bytes_ = 0;
  bool measure_ = true;
};

}  // namespace bench
