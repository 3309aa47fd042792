// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/conv.hpp>
#include <duet/tensor/nn/parameter.hpp>

namespace duet::nn {

/// Convolutions of images: `Conv2d(3, 16, {5, 5}, generator, {.padding = 2})` makes 16 channels of 3, by windows of 5
/// x 5. `weight` has the shape (outputs, inputs / groups, rows, columns), `bias` (outputs,); both begin as in PyTorch.
template <class T = double, class P = DefaultPlace>
struct Conv2d {
  BOOST_HANA_DEFINE_STRUCT(Conv2d, (Parameter<T, P>, weight), (Parameter<T, P>, bias), (Conv2dOptions, options));

  Conv2d() = default;
  Conv2d(std::size_t inputs, std::size_t outputs, std::array<std::size_t, 2> window, Generator& generator,
         const Conv2dOptions& how = {})
      : weight(parameter<Parameter<T, P>>({outputs, inputs / how.groups, window[0], window[1]})),
        bias(parameter<Parameter<T, P>>({outputs})),
        options(how) {
    init::layer(weight, bias, generator);
  }

  template <class X>
  auto operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    return conv2d(x, weight, bias, options, where);
  }
};

}  // namespace duet::nn
