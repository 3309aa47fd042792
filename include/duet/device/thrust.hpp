// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <thrust/device_vector.h>

#include <duet/device/memory.hpp>
#include <duet/tensor/tensor.hpp>

/// Device tensors and Thrust: iterators for its algorithms, and its vectors as tensors.
namespace duet::device {

/// The elements of a device tensor, row-major, for algorithms of Thrust. Who writes through them says so by
/// `x.changed()`.
template <class T>
thrust::device_ptr<const T> begin(const Tensor<T, Device>& x) {
  return thrust::device_pointer_cast(x.data());
}
template <class T>
thrust::device_ptr<T> begin(Tensor<T, Device>& x) {
  return thrust::device_pointer_cast(x.data());
}
template <class T>
auto end(const Tensor<T, Device>& x) {
  return begin(x) + x.size();
}
template <class T>
auto end(Tensor<T, Device>& x) {
  return begin(x) + x.size();
}

/// A copy of a vector of Thrust as a tensor of this shape. Throws ShapeError if the sizes differ.
template <class T, class Allocator>
Tensor<T, Device> tensor_of(const thrust::device_vector<T, Allocator>& elements, const Shape& shape) {
  if (tensor::size_of(shape) != elements.size()) {
    throw ShapeError("tensor_of: " + std::to_string(elements.size()) + " elements don't make a tensor of shape " +
                     to_string(shape));
  }
  auto x = Tensor<T, Device>::uninitialized(shape);
  tensor::Memory<Device>::copy(thrust::raw_pointer_cast(elements.data()), elements.size(), x.data());
  return x;
}
template <class T, class Allocator>
Tensor<T, Device> tensor_of(const thrust::device_vector<T, Allocator>& elements) {
  return tensor_of(elements, {elements.size()});
}

/// A copy of a tensor's elements as a vector of Thrust.
template <class T>
thrust::device_vector<T> vector_of(const Tensor<T, Device>& x) {
  return thrust::device_vector<T>(begin(x), end(x));
}

}  // namespace duet::device
