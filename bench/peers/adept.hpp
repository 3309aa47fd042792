// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <adept_source.h>

#include <cstddef>
#include <vector>

namespace bench {

/// Adept, whose stack is kept from call to call.
class Adept {
 public:
  static constexpr const char* name = "Adept";

  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    inputs_.resize(x.size());
    adept::set_values(inputs_.data(), x.size(), x.data());
    stack_.new_recording();
    adept::adouble result = problem(inputs_);
    result.set_gradient(1.0);
    stack_.reverse();
    adept::get_gradients(inputs_.data(), x.size(), gradient.data());
    return result.value();
  }

  /// Of the last recording.
  std::size_t bytes() const {
    return stack_.n_statements() * sizeof(adept::internal::Statement) +
           stack_.n_operations() * (sizeof(adept::Real) + sizeof(adept::uIndex));
  }

 private:
  adept::Stack stack_;  // before the numbers that live on it
  std::vector<adept::adouble> inputs_;
};

}  // namespace bench
