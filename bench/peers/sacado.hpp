// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#define SACADO_DISABLE_FAD_VIEW_SPEC  // arrays of Kokkos, which ask for MPI
#include <Sacado_Fad_Exp_SFad.hpp>
#include <Sacado_Fad_Exp_SLFad.hpp>
// after those
#include <Sacado_Fad_Exp_MathFunctions.hpp>
#include <Sacado_Fad_Exp_Ops.hpp>
#include <Sacado_trad.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace bench {

/// Sacado's reverse mode, and its forward mode for products with many directions. The former has one arena for the
/// whole program, which a recording reuses after a sweep.
class SacadoRad {
 public:
  static constexpr const char* name = "Sacado Rad";

  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    start(x);
    const Number result = problem(inputs_);
    Number::Gradcomp();
    read(gradient);
    return result.val();
  }

  template <class Problem>
  void jacobian(const Problem& problem, const std::vector<double>& x, std::span<double> jacobian) {
    start(x);
    auto results = problem(inputs_);
    for (Number& result : results) {
      Number::Outvar_Gradcomp(result);
      read(jacobian.first(x.size()));
      jacobian = jacobian.subspan(x.size());
    }
  }

  template <class Problem, class Seed>
  void pushforward(const Problem& problem, const std::vector<double>& x, std::size_t directions, const Seed& seed,
                   std::span<double> products) {
    // as many directions at once as there are in a hand's pose, which is the fastest here
    constexpr std::size_t width = 28;
    using Tangent = Sacado::Fad::Exp::SLFad<double, width>;
    for (std::size_t first = 0; first < directions; first += width) {
      const std::size_t count = std::min(width, directions - first);
      std::vector<Tangent> inputs(x.begin(), x.end());
      for (std::size_t j = 0; j < x.size(); ++j) {
        inputs[j].resize(static_cast<int>(count));
        for (std::size_t d = 0; d < count; ++d) {
          inputs[j].fastAccessDx(static_cast<int>(d)) = seed(j, first + d);
        }
      }
      const auto results = problem(inputs);
      for (std::size_t i = 0; i < results.size(); ++i) {
        for (std::size_t d = 0; d < count; ++d) {
          products[i * directions + first + d] = results[i].dx(static_cast<int>(d));
        }
      }
    }
  }

  struct Forward {
    template <class F, class T, std::size_t N, class... Rest>
    static std::array<T, N> gradient(const F& f, const std::array<T, N>& x, const Rest&... rest) {
      using Tangent = Sacado::Fad::Exp::SFad<T, static_cast<int>(N)>;
      std::array<Tangent, N> inputs;
      for (std::size_t j = 0; j < N; ++j) {
        inputs[j] = Tangent(static_cast<int>(N), static_cast<int>(j), x[j]);
      }
      const Tangent result = f(inputs, rest...);
      std::array<T, N> gradient;
      for (std::size_t j = 0; j < N; ++j) {
        gradient[j] = result.dx(static_cast<int>(j));
      }
      return gradient;
    }
  };

 private:
  using Number = Sacado::Rad::ADvar<double>;

  void start(const std::vector<double>& x) {
    inputs_.resize(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      inputs_[i] = x[i];
    }
  }

  void read(std::span<double> gradient) const {
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      gradient[i] = inputs_[i].adj();
    }
  }

  std::vector<Number> inputs_;
};

}  // namespace bench
