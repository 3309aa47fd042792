// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/create.hpp>
#include <duet/tensor/elementwise.hpp>

/// Leaving out elements at random.
namespace duet {

/// Sets each element to zero with probability `p` and divides the others by 1 - p, so that the expectation stays. The
/// same state of `generator` leaves out the same elements of tensors in the same place. Throws Error unless 0 <= p
/// <= 1.
template <tensor::tensorial X>
auto dropout(const X& x, double p, Generator& generator) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  if (!(p >= 0 && p <= 1)) throw Error("dropout: a probability is between 0 and 1, not " + std::to_string(p));
  const Tensor<T, P> t(x);
  Tensor<T, P> factors = Tensor<T, P>::uninitialized(t.shape());
  const T kept = p < 1 ? static_cast<T>(1 / (1 - p)) : T(0);
  if constexpr (P::is_main_memory) {
    std::generate_n(factors.data(), factors.size(), [&] { return generator.uniform() < p ? T(0) : kept; });
  } else {
    tensor::Moves<P>::generate(factors.data(), factors.size(),
                               tensor::DropoutFactors<T>{{tensor::Philox(generator.bits())}, static_cast<T>(p), kept});
  }
  return tensor::mul(t, factors);
}

}  // namespace duet
