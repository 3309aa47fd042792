// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <Sacado_trad.hpp>
#include <cstddef>
#include <vector>

namespace bench {

/// Sacado's reverse mode. It has one arena for the whole program, which a recording reuses after a sweep.
class SacadoRad {
 public:
  static constexpr const char* name = "Sacado Rad";

  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    inputs_.resize(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      inputs_[i] = x[i];
    }
    const Number result = problem(inputs_);
    Number::Gradcomp();
    for (std::size_t i = 0; i < x.size(); ++i) {
      gradient[i] = inputs_[i].adj();
    }
    return result.val();
  }

 private:
  using Number = Sacado::Rad::ADvar<double>;
  std::vector<Number> inputs_;
};

}  // namespace bench
