// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/linear.hpp>
#include <duet/tensor/nn/parameter.hpp>

namespace duet::nn {

/// x W^T + b along the last axis: `Linear(4, 3, generator)` takes 4 numbers and gives 3. `weight` has the shape
/// (outputs, inputs), `bias` (outputs,) or none; both begin as in PyTorch.
template <class T = double, class P = DefaultPlace>
struct Linear {
  BOOST_HANA_DEFINE_STRUCT(Linear, (Parameter<T, P>, weight), (Parameter<T, P>, bias));

  Linear() = default;
  Linear(std::size_t inputs, std::size_t outputs, Generator& generator, bool has_bias = true)
      : weight(parameter<Parameter<T, P>>({outputs, inputs})) {
    if (has_bias) bias = parameter<Parameter<T, P>>({outputs});
    init::layer(weight, bias, generator);
  }

  template <class X>
  auto operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    return linear(x, weight, bias, where);
  }
};

}  // namespace duet::nn
