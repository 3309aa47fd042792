// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <XAD/XAD.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "levels.hpp"

namespace bench {

/// XAD: its reverse type on tapes that are kept from call to call, and its forward type for products with many
/// directions. The library has tapes of doubles, of pairs of adjoints, and of both types with one direction.
class Xad {
 public:
  static constexpr const char* name = "XAD";

  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    const Recording recording(tape_, restart(inputs_, x));
    auto result = problem(inputs_);
    tape_.registerOutput(result);
    sweep(result, gradient);
    bytes_ = tape_.getMemory();
    return value(result);
  }

  template <class Problem>
  void jacobian(const Problem& problem, const std::vector<double>& x, std::span<double> jacobian) {
    const Recording recording(rows_tape_, restart(rows_inputs_, x));
    auto results = problem(rows_inputs_);
    rows_tape_.registerOutputs(results.begin(), results.end());
    for (std::size_t first = 0; first < results.size(); first += width) {
      const std::size_t count = std::min(width, results.size() - first);
      rows_tape_.clearDerivatives();
      for (std::size_t i = 0; i < count; ++i) {
        derivative(results[first + i])[i] = 1.0;
      }
      rows_tape_.computeAdjoints();
      for (std::size_t j = 0; j < x.size(); ++j) {
        const auto& adjoint = derivative(rows_inputs_[j]);
        for (std::size_t i = 0; i < count; ++i) {
          jacobian[(first + i) * x.size() + j] = adjoint[i];
        }
      }
    }
  }

  /// The gradient and the product of the Hessian with a direction: two sweeps over a recording of the forward type. The
  /// reverse type on the forward one would need one sweep, but leaves out adjoints whose value is zero, though their
  /// tangents may not be.
  template <class Problem>
  void gradient_and_product(const Problem& problem, const std::vector<double>& x, const std::vector<double>& direction,
                            std::vector<double>& gradient, std::vector<double>& product) {
    const Recording recording(tape_, restart(inputs_, x));
    std::vector<xad::FReal<Number>> inputs(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      value(inputs[i]) = inputs_[i];
      derivative(inputs[i]) = direction[i];
    }
    auto result = problem(inputs);
    tape_.registerOutput(value(result));
    tape_.registerOutput(derivative(result));
    sweep(value(result), gradient);
    tape_.clearDerivatives();
    sweep(derivative(result), product);
  }

  template <class Problem, class Seed>
  void pushforward(const Problem& problem, const std::vector<double>& x, std::size_t directions, const Seed& seed,
                   std::span<double> products) {
    constexpr std::size_t at_once = 4;
    std::vector<xad::FReal<double, at_once>> inputs(x.begin(), x.end());
    for (std::size_t first = 0; first < directions; first += at_once) {
      const std::size_t count = std::min(at_once, directions - first);
      for (std::size_t j = 0; j < x.size(); ++j) {
        for (std::size_t d = 0; d < count; ++d) {
          derivative(inputs[j])[d] = seed(j, first + d);
        }
      }
      const auto results = problem(inputs);
      for (std::size_t i = 0; i < results.size(); ++i) {
        for (std::size_t d = 0; d < count; ++d) {
          products[i * directions + first + d] = derivative(results[i])[d];
        }
      }
    }
  }

  struct Mode {
    static double plain(double x) { return x; }
    template <class T>
    static double plain(const T& x) {
      return plain(value(x));
    }
  };

  struct Forward : Mode {
    template <class F, class T, std::size_t N, class... Rest>
    static std::array<T, N> gradient(const F& f, const std::array<T, N>& x, const Rest&... rest) {
      using Tangent = xad::FReal<T>;
      std::array<Tangent, N> inputs = lifted(lift<Tangent>, x);
      std::array<T, N> gradient;
      for (std::size_t j = 0; j < N; ++j) {
        derivative(inputs[j]) = 1.0;
        gradient[j] = derivative(f(inputs, lifted(lift<Tangent>, rest)...));
        derivative(inputs[j]) = 0.0;
      }
      return gradient;
    }
  };

  struct Reverse : Mode {
    template <class F, class T, std::size_t N, class... Rest>
    static std::array<T, N> gradient(const F& f, const std::array<T, N>& x, const Rest&... rest) {
      using Taped = xad::AReal<T>;
      static thread_local xad::Tape<T> tape(false);
      std::array<Taped, N> inputs = lifted(lift<Taped>, x);
      const Recording recording(tape, inputs);
      Taped result = f(inputs, lifted(lift<Taped>, rest)...);
      tape.registerOutput(result);
      derivative(result) = 1.0;
      tape.computeAdjoints();
      std::array<T, N> gradient;
      for (std::size_t j = 0; j < N; ++j) {
        gradient[j] = derivative(inputs[j]);
      }
      return gradient;
    }
  };

  /// Of the last recording.
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t width = 2;  // rows in a sweep

  using Number = xad::AReal<double>;
  using Row = xad::AReal<double, width>;

  /// While it lives, numbers record on a tape, which is empty before and afterwards: the places of numbers that have
  /// ended would not be used again by the next recording, and numbers that are on another tape must not outlive that.
  template <class Tape>
  class Recording {
   public:
    Recording(Tape& tape, auto& inputs) : tape_(tape) {
      tape_.activate();
      tape_.registerInputs(inputs.begin(), inputs.end());
      tape_.newRecording();
    }
    ~Recording() {
      tape_.deactivate();
      tape_.clearAll();
    }
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;

   private:
    Tape& tape_;
  };

  /// New inputs: those of the recording before keep places on the tape.
  template <class T>
  static std::vector<T>& restart(std::vector<T>& inputs, const std::vector<double>& x) {
    inputs.clear();
    inputs.assign(x.begin(), x.end());
    return inputs;
  }

  void sweep(Number& result, std::vector<double>& gradient) {
    derivative(result) = 1.0;
    tape_.computeAdjoints();
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      gradient[i] = derivative(inputs_[i]);
    }
  }

  /// A number of the level around as a constant.
  template <class Lifted>
  static constexpr auto lift = [](const auto& x) {
    Lifted result;
    value(result) = x;
    return result;
  };

  xad::Tape<double> tape_{false};
  xad::Tape<double, width> rows_tape_{false};
  std::vector<Number> inputs_;
  std::vector<Row> rows_inputs_;
  std::size_t bytes_ = 0;
};

}  // namespace bench
