// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/recording.hpp>

/// Other shapes for the same elements.
namespace duet {

namespace tensor {
template <class T>
class Reshape;
}

/// The same elements in another shape and the same memory; one size may be -1 and follows from the others. While the
/// result lives, neither can be changed in place. Throws ShapeError where the sizes don't fit.
template <class T>
Tensor<T> reshape(const Tensor<T>& x, const Shape& shape) {
  if (tensor::size_of(shape) != x.size()) {
    throw tensor::shape_error("reshape", x.shape(), shape, "have different numbers of elements");
  }
  auto state = std::make_shared<tensor::State<T>>(x.state()->storage, shape);
  state->is_view = true;
  ++state->storage->views;
  const Tensor<T> y(std::move(state));
  if (tensor::is_recorded(x)) tensor::record(y, std::make_shared<tensor::Reshape<T>>(x.shape()), {x});
  return y;
}

namespace tensor {

template <class T>
class Reshape final : public Node<T> {
 public:
  explicit Reshape(const Shape& shape) : shape_(shape) {}
  std::string name() const override { return "Reshape"; }
  Tensors<T> pullback(const Tensors<T>& cotangents) override { return {reshape(cotangents[0], shape_)}; }
  void release() override {}

 private:
  Shape shape_;
};

}  // namespace tensor
}  // namespace duet
