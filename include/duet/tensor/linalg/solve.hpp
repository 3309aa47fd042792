// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cctype>
#include <cmath>

#include <duet/tensor/create.hpp>
#include <duet/tensor/elementwise.hpp>
#include <duet/tensor/lapack.hpp>
#include <duet/tensor/matmul.hpp>
#include <duet/tensor/triangle.hpp>

/// Systems of linear equations, and what else the factors of a matrix tell, by LAPACK. Programs that use this are
/// linked with it (-lopenblas). Rules: Giles, Collected Matrix Derivative Results for Forward and Reverse Mode AD,
/// 2008.
namespace duet {

namespace tensor {

inline std::size_t side_of_square(const char* operation, const Shape& shape) {
  if (shape.size() != 2 || shape[0] != shape[1]) {
    throw ShapeError(std::string(operation) + ": shape " + to_string(shape) + " is not that of a square matrix");
  }
  return shape[0];
}

/// How many columns `b` has as the right side of equations with an n x n matrix; a vector is one.
inline std::size_t columns_of_right_side(const std::string& operation, const Shape& a, const Shape& b) {
  if (b.size() < 1 || b.size() > 2 || b[0] != a[0]) {
    throw shape_error(operation, a, b,
                      "don't fit: the right side is a vector or matrix with as many rows as the matrix");
  }
  return b.size() == 1 ? 1 : b[1];
}

/// The function that makes operations of this name.
inline std::string function_of(std::string name) {
  name[0] = static_cast<char>(std::tolower(name[0]));
  return name;
}

inline Error singular(const std::string& operation, const Shape& shape) {
  return Error(operation + ": a matrix of shape " + to_string(shape) + " is singular");
}

template <class T>
using SharedFactors = std::shared_ptr<const lapack::Factors<T>>;

template <class T>
SharedFactors<T> factored(const Tensor<T, Host>& a) {
  return std::make_shared<const lapack::Factors<T>>(a.shape()[0], a.data());
}

/// A^-1 B, or the inverse of the transpose of A times B. `factors` are those of `a`, and serve all gradients, too.
template <class T>
Tensor<T, Host> solved(const char* name, const Tensor<T, Host>& a, const SharedFactors<T>& factors, bool transposed,
                       const Tensor<T, Host>& b, const std::source_location& where) {
  const std::size_t n = a.shape()[0], columns = columns_of_right_side(function_of(name), a.shape(), b.shape());
  if (factors->is_singular()) throw singular(function_of(name), a.shape());
  return operation<T, Host>(
      name, {a, b}, {.inputs = true, .output = true}, where,
      [&] {
        Tensor<T, Host> x = b.copy();
        factors->solve(transposed, columns, x.data());
        return x;
      },
      [name, factors, transposed, where, xs = Matrices{{}, n, columns}](const Call<T, Host>& call) {
        const Tensor<T, Host> db = solved(name, call.input(0), factors, !transposed, call.cotangent(), where);
        Tensors<T, Host> result{{}, db};
        if (call.needs(0)) {  // -db x^T, or its transpose
          const Matrices as{{}, xs.rows, xs.rows, transposed};
          result[0] = neg(product(name, db, xs, call.output(), xs.flipped(), as, {xs.rows, xs.rows}, where));
        }
        return result;
      });
}

template <class T>
Tensor<T, Host> determinant(const Tensor<T, Host>& a, const std::source_location& where) {
  const std::size_t n = side_of_square("det", a.shape());
  const SharedFactors<T> factors = factored(a);
  return operation<T, Host>(
      "Det", {a}, {.inputs = true, .output = true}, where,
      [&] {
        T product = 1;
        const T sign = factors->sign([&](T factor) { product *= factor; });
        return Tensor<T, Host>(sign * product);
      },
      [n, factors, where](const Call<T, Host>& call) {
        const Tensor<T, Host> inverse = solved("Det", call.input(0), factors, true, eye<T, Host>(n), where);
        return Tensors<T, Host>{mul(inverse, mul(call.cotangent(), call.output()))};
      });
}

template <class T>
Tensor<T, Host> log_determinant(const Tensor<T, Host>& a, const SharedFactors<T>& factors,
                                const std::source_location& where) {
  return operation<T, Host>(
      "Slogdet", {a}, {.inputs = true}, where,
      [&] {
        T sum = 0;
        factors->sign([&](T factor) { sum += std::log(factor); });
        return Tensor<T, Host>(sum);
      },
      [factors, where, n = a.shape()[0]](const Call<T, Host>& call) {
        return Tensors<T, Host>{
            mul(solved("Slogdet", call.input(0), factors, true, eye<T, Host>(n), where), call.cotangent())};
      });
}

template <class T>
Tensor<T, Host> triangle_solved(const Tensor<T, Host>& a, blas::Triangle of, const Tensor<T, Host>& b,
                                const std::source_location& where) {
  const std::size_t n = side_of_square("triangular_solve", a.shape());
  const std::size_t columns = columns_of_right_side("triangular_solve", a.shape(), b.shape());
  for (std::size_t i = 0; i < n && !of.unitriangular; ++i) {
    if (a.data()[i * n + i] == 0) throw singular("triangular_solve", a.shape());
  }
  return operation<T, Host>(
      "TriangularSolve", {a, b}, {.inputs = true, .output = true}, where,
      [&] {
        Tensor<T, Host> x = b.copy();
        blas::triangular_solve(of, n, columns, a.data(), x.data());
        return x;
      },
      [of, where, xs = Matrices{{}, n, columns}](const Call<T, Host>& call) {
        blas::Triangle other = of;
        other.transposed = !of.transposed;
        const Tensor<T, Host> db = triangle_solved(call.input(0), other, call.cotangent(), where);
        Tensors<T, Host> result{{}, db};
        if (call.needs(0)) {
          const Matrices as{{}, xs.rows, xs.rows, of.transposed};
          const Tensor<T, Host> whole =
              product("TriangularSolve", db, xs, call.output(), xs.flipped(), as, {xs.rows, xs.rows}, where);
          const std::ptrdiff_t diagonal = of.unitriangular ? 1 : 0;
          result[0] = neg(triangle("TriangularSolve", whole, !of.upper, of.upper ? diagonal : -diagonal, where));
        }
        return result;
      });
}

}  // namespace tensor

/// The solution x of A x = b, for a vector `b` or all columns of a matrix. A is factored once, its gradients use the
/// factors again. Throws Error for a matrix that is exactly singular, ShapeError for shapes that do not fit.
template <tensor::tensorial A, tensor::tensorial B>
auto solve(const A& a, const B& b, const std::source_location& where = std::source_location::current()) {
  const tensor::HostProduct<A, B> matrix = tensor::in_main_memory(a), right = tensor::in_main_memory(b);
  tensor::side_of_square("solve", matrix.shape());
  return tensor::solved("Solve", matrix, tensor::factored(matrix), false, right, where);
}

/// The inverse of a square matrix. To multiply something by it, `solve` is faster and more accurate. Throws Error for a
/// matrix that is exactly singular.
template <tensor::tensorial A>
auto inverse(const A& a, const std::source_location& where = std::source_location::current()) {
  using T = typename A::value_type;
  const Tensor<T, Host> matrix = tensor::in_main_memory(a);
  const std::size_t n = tensor::side_of_square("inverse", matrix.shape());
  return tensor::solved<T>("Inverse", matrix, tensor::factored(matrix), false, eye<T, Host>(n), where);
}

/// The determinant of a square matrix; zero for a singular one, whose gradient, which goes by the inverse, throws
/// Error.
template <tensor::tensorial A>
auto det(const A& a, const std::source_location& where = std::source_location::current()) {
  return tensor::determinant(tensor::in_main_memory(a), where);
}

/// The sign of a determinant, a constant, and the logarithm of its absolute value.
template <class T>
struct SlogDet {
  Tensor<T, Host> sign, logabsdet;
};
/// The determinant of a square matrix in a form that doesn't overflow. A singular matrix has the sign 0 and the
/// logarithm -inf, and a gradient that throws Error.
template <tensor::tensorial A>
auto slogdet(const A& a, const std::source_location& where = std::source_location::current()) {
  using T = typename A::value_type;
  const Tensor<T, Host> matrix = tensor::in_main_memory(a);
  tensor::side_of_square("slogdet", matrix.shape());
  const auto factors = tensor::factored(matrix);
  const T sign = factors->sign([](T) {});
  return SlogDet<T>{Tensor<T, Host>(sign), tensor::log_determinant(matrix, factors, where)};
}

/// Which triangle of a matrix `triangular_solve` takes.
using Triangle = tensor::blas::Triangle;
/// The solution x of A x = b with a triangle of A (the lower one, if nothing else is said: `{.upper = true}`); the rest
/// of A is not looked at, and has gradient zero. Throws Error if there is a zero on the diagonal.
template <tensor::tensorial A, tensor::tensorial B>
auto triangular_solve(const A& a, const B& b, const Triangle& of = {},
                      const std::source_location& where = std::source_location::current()) {
  const tensor::HostProduct<A, B> matrix = tensor::in_main_memory(a), right = tensor::in_main_memory(b);
  return tensor::triangle_solved(matrix, of, right, where);
}

}  // namespace duet
