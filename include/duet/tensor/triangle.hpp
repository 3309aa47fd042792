// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/pick.hpp>
#include <duet/tensor/view.hpp>

/// Triangles and diagonals of matrices. Diagonal 0 is the main one, positive ones are above it.
namespace duet {

namespace tensor {

/// The matrices in the last two axes of `x` with zeros where `lower` says that they are not: above diagonal `diagonal`
/// if it holds, else below.
template <class T, class P>
Tensor<T, P> triangle(const char* name, const Tensor<T, P>& x, bool lower, std::ptrdiff_t diagonal,
                      const std::source_location& where) {
  if (x.dimension() < 2) {
    throw ShapeError(std::string(name) + ": shape " + to_string(x.shape()) + " is not that of a matrix");
  }
  return operation<T, P>(
      name, {x}, {}, where,
      [&] {
        Tensor<T, P> y = Tensor<T, P>::uninitialized(x.shape());
        const auto rows = static_cast<std::ptrdiff_t>(x.shape()[x.dimension() - 2]);
        const auto columns = static_cast<std::ptrdiff_t>(x.shape()[x.dimension() - 1]);
        if (x.size() > 0) {
          Moves<P>::triangle(Triangle{lower, diagonal, rows, columns}, x.data(), x.size() / x.shape().back(), y.data());
        }
        return y;
      },
      [name, lower, diagonal, where](const Call<T, P>& call) {
        return Tensors<T, P>{triangle(name, call.cotangent(), lower, diagonal, where)};
      });
}

/// A diagonal of a matrix.
inline Places diagonal_places(const Shape& shape, std::ptrdiff_t diagonal) {
  const auto rows = static_cast<std::ptrdiff_t>(shape[0]), columns = static_cast<std::ptrdiff_t>(shape[1]);
  const std::ptrdiff_t down = std::max<std::ptrdiff_t>(-diagonal, 0), right = std::max<std::ptrdiff_t>(diagonal, 0);
  Places places;
  places.first = down * columns + right;
  const std::ptrdiff_t size = std::max<std::ptrdiff_t>(std::min(rows - down, columns - right), 0);
  places.axes.push_back({static_cast<std::size_t>(size), columns + 1});
  return places;
}

}  // namespace tensor

/// The lower triangles of the matrices in the last two axes, up to a diagonal; zeros above.
template <tensor::tensorial X>
auto tril(const X& x, std::ptrdiff_t diagonal = 0,
          const std::source_location& where = std::source_location::current()) {
  return tensor::triangle("Tril", tensor::TensorOf<X>(x), true, diagonal, where);
}
/// The upper triangles, from a diagonal on; zeros below.
template <tensor::tensorial X>
auto triu(const X& x, std::ptrdiff_t diagonal = 0,
          const std::source_location& where = std::source_location::current()) {
  return tensor::triangle("Triu", tensor::TensorOf<X>(x), false, diagonal, where);
}

/// A diagonal of a matrix; of a vector, the square matrix with it on that diagonal and zeros elsewhere.
template <tensor::tensorial X>
auto diag(const X& x, std::ptrdiff_t diagonal = 0,
          const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  if (t.dimension() == 1) {
    const std::size_t size = t.size() + static_cast<std::size_t>(diagonal < 0 ? -diagonal : diagonal);
    return tensor::place("Diag", t, tensor::diagonal_places({size, size}, diagonal), {size, size}, where);
  }
  if (t.dimension() != 2) {
    throw ShapeError("diag: shape " + to_string(t.shape()) + " is neither that of a vector nor of a matrix");
  }
  return tensor::pick("Diag", t, tensor::diagonal_places(t.shape(), diagonal), where);
}

}  // namespace duet
