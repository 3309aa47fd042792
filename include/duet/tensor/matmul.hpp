// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/lazy.hpp>
#include <duet/tensor/product.hpp>
#include <duet/tensor/statement.hpp>

/// Products of vectors and matrices. The rule of all of them is that of a product of matrices (product.hpp).
namespace duet {

namespace tensor {

/// The type of the elements of what two operands make.
template <class A, class B>
using product_element = typename common_element<typename A::value_type, typename B::value_type>::type;

/// The same as tensors in the main memory, for operations that know no other place.
template <class A, class B>
using HostProduct = Tensor<product_element<A, B>, Host>;

inline void require_dimensions(const std::string& operation, const Shape& a, std::size_t of_a, const Shape& b,
                               std::size_t of_b) {
  if (a.size() == of_a && b.size() == of_b) return;
  throw shape_error(
      operation, a, b,
      "must have " + std::to_string(of_a) + " and " + std::to_string(of_b) + " axes; see matmul for others");
}

template <class T, class P>
Tensor<T, P> matmul_of(const char* name, const Tensor<T, P>& a, const Tensor<T, P>& b,
                       const std::source_location& where) {
  if (a.dimension() == 0 || b.dimension() == 0) {
    throw shape_error("matmul", a.shape(), b.shape(), "are not both of a vector or matrix; multiply numbers by *");
  }
  const bool a_is_row = a.dimension() == 1, b_is_column = b.dimension() == 1;
  const Matrices as = a_is_row ? Matrices{{}, 1, a.size()} : matrices(a.shape());
  const Matrices bs = b_is_column ? Matrices{{}, b.size(), 1} : matrices(b.shape());
  if (as.columns != bs.rows) {
    throw shape_error("matmul", a.shape(), b.shape(),
                      "can't be multiplied: rows of the first have " + std::to_string(as.columns) +
                          " elements, columns of the second " + std::to_string(bs.rows));
  }
  const Matrices cs{broadcast("matmul", as.batch, bs.batch), as.rows, bs.columns};
  Shape shape = cs.batch;
  if (!a_is_row) shape.push_back(as.rows);
  if (!b_is_column) shape.push_back(bs.columns);
  return product(name, a, as, b, bs, cs, shape, where);
}

}  // namespace tensor

/// The product of two matrices, of a matrix and a vector, of two vectors, or of arrays of matrices (all axes but the
/// last two), which broadcast: NumPy's rules. By BLAS. Throws ShapeError where sizes do not fit.
template <tensor::tensorial A, tensor::tensorial B>
auto matmul(const A& a, const B& b, const std::source_location& where = std::source_location::current()) {
  using T = tensor::product_element<A, B>;
  using P = typename A::place_type;
  return tensor::matmul_of<T, P>("Matmul", Tensor<T, P>(a), Tensor<T, P>(b), where);
}

/// The sum of the products of the elements of two vectors of the same length. Throws ShapeError for anything else.
template <tensor::tensorial A, tensor::tensorial B>
auto dot(const A& a, const B& b, const std::source_location& where = std::source_location::current()) {
  using T = tensor::product_element<A, B>;
  using P = typename A::place_type;
  const Tensor<T, P> x(a), y(b);
  tensor::require_dimensions("dot", x.shape(), 1, y.shape(), 1);
  if (x.size() != y.size()) throw tensor::shape_error("dot", x.shape(), y.shape(), "must be the same");
  return tensor::matmul_of<T, P>("Dot", x, y, where);
}

/// The matrix of all products of an element of `a` and one of `b`, which are vectors.
template <tensor::tensorial A, tensor::tensorial B>
auto outer(const A& a, const B& b, const std::source_location& where = std::source_location::current()) {
  using T = tensor::product_element<A, B>;
  using P = typename A::place_type;
  const Tensor<T, P> x(a), y(b);
  tensor::require_dimensions("outer", x.shape(), 1, y.shape(), 1);
  const std::size_t rows = x.size(), columns = y.size();
  return tensor::product("Outer", x, {{}, rows, 1}, y, {{}, 1, columns}, {{}, rows, columns}, {rows, columns}, where);
}

/// `matmul` of two matrices, and of nothing else.
template <tensor::tensorial A, tensor::tensorial B>
auto mm(const A& a, const B& b, const std::source_location& where = std::source_location::current()) {
  using T = tensor::product_element<A, B>;
  using P = typename A::place_type;
  const Tensor<T, P> x(a), y(b);
  tensor::require_dimensions("mm", x.shape(), 2, y.shape(), 2);
  return tensor::matmul_of<T, P>("Matmul", x, y, where);
}

/// `matmul` of a matrix and a vector, and of nothing else.
template <tensor::tensorial A, tensor::tensorial B>
auto mv(const A& a, const B& b, const std::source_location& where = std::source_location::current()) {
  using T = tensor::product_element<A, B>;
  using P = typename A::place_type;
  const Tensor<T, P> x(a), y(b);
  tensor::require_dimensions("mv", x.shape(), 2, y.shape(), 1);
  return tensor::matmul_of<T, P>("Matmul", x, y, where);
}

/// `matmul` of two arrays of as many matrices, and of nothing else.
template <tensor::tensorial A, tensor::tensorial B>
auto bmm(const A& a, const B& b, const std::source_location& where = std::source_location::current()) {
  using T = tensor::product_element<A, B>;
  using P = typename A::place_type;
  const Tensor<T, P> x(a), y(b);
  tensor::require_dimensions("bmm", x.shape(), 3, y.shape(), 3);
  if (x.shape()[0] != y.shape()[0]) {
    throw tensor::shape_error("bmm", x.shape(), y.shape(), "hold different numbers of matrices; matmul broadcasts");
  }
  return tensor::matmul_of<T, P>("Matmul", x, y, where);
}

}  // namespace duet
