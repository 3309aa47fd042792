// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/gather.hpp>
#include <duet/tensor/nn/parameter.hpp>
#include <duet/tensor/view.hpp>

namespace duet::nn {

/// A vector for each of some things: `Embedding(1000, 16, generator)(indices)` gives vectors of 16 numbers along a new
/// last axis. They begin with normally distributed numbers. Only the vectors that were asked for have gradients other
/// than zero. Calling throws ShapeError for an index that is not there.
template <class T = double, class P = DefaultPlace>
struct Embedding {
  BOOST_HANA_DEFINE_STRUCT(Embedding, (Parameter<T, P>, weight));

  Embedding() = default;
  Embedding(std::size_t things, std::size_t size, Generator& generator)
      : weight(parameter<Parameter<T, P>>({things, size})) {
    init::normal(weight, 0, 1, generator);
  }

  auto operator()(const Indices& indices, const std::source_location& where = std::source_location::current()) const {
    const Indices list = xt::reshape_view(indices, {indices.size()});
    Shape shape(indices.shape().begin(), indices.shape().end());
    shape.push_back(weight.shape()[1]);
    return reshape(index_select(weight, 0, list, where), shape, where);
  }
};

}  // namespace duet::nn
