// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/blas.hpp>
#include <duet/tensor/operation.hpp>
#include <duet/tensor/place.hpp>
#include <duet/tensor/walk.hpp>

/// The operation behind all products of matrices.
namespace duet::tensor {

/// What the elements of a tensor are taken for: an array of matrices, `rows` x `columns` each, that stand in memory row
/// by row, or transposed.
struct Matrices {
  Shape batch;
  std::size_t rows, columns;
  bool transposed = false;

  /// The same elements as the transposes of these matrices.
  Matrices flipped() const { return {batch, columns, rows, !transposed}; }
  std::size_t size() const { return rows * columns; }
};

/// How a place multiplies matrices that stand in memory row by row: `gemm(a_transposed, b_transposed, m, n, k, a, b,
/// adds, c)` writes the product of A (m x k) and B (k x n) to C, or adds it; `gemms(..., size, a_step, b_step, c_step)`
/// adds as many products of matrices so many elements apart to theirs. A place specialises this.
template <class P>
struct Products;

template <>
struct Products<Host> {
  template <class T>
  static void gemm(bool a_transposed, bool b_transposed, std::size_t m, std::size_t n, std::size_t k, const T* a,
                   const T* b, bool adds, T* c) {
    blas::gemm(a_transposed, b_transposed, m, n, k, a, b, adds, c);
  }
  template <class T>
  static void gemms(bool a_transposed, bool b_transposed, std::size_t m, std::size_t n, std::size_t k, const T* a,
                    const T* b, T* c, std::size_t size, std::size_t a_step, std::size_t b_step, std::size_t c_step) {
    for (std::size_t i = 0; i < size; ++i) {
      blas::gemm(a_transposed, b_transposed, m, n, k, a + i * a_step, b + i * b_step, true, c + i * c_step);
    }
  }
};

/// c += a b for all matrices of the batches, which broadcast: matrices of `c` on which several products fall get their
/// sum. `c` begins with zeros.
template <class P, class T>
void multiply(const T* a, const Matrices& as, const T* b, const Matrices& bs, T* c, const Matrices& cs) {
  if (cs.transposed) return multiply<P>(b, bs.flipped(), a, as.flipped(), c, cs.flipped());
  const std::size_t m = cs.rows, n = cs.columns, k = as.columns;
  if (as.batch.empty() && bs.batch.empty() && cs.batch.empty()) {
    return Products<P>::gemm(as.transposed, bs.transposed, m, n, k, a, b, false, c);
  }
  const Shape whole = broadcast("matmul", broadcast("matmul", as.batch, bs.batch), cs.batch);
  const Walk walk(whole, {&as.batch, &bs.batch, &cs.batch});
  const std::size_t row = walk.row();
  walk([&](const Walk::Offsets& offsets) {
    const T* const x = a + offsets[0] * as.size();
    const T* const y = b + offsets[1] * bs.size();
    T* const z = c + offsets[2] * cs.size();
    if (walk.moves(0) && !walk.moves(1) && walk.moves(2) && !as.transposed) {  // one matrix below the other
      Products<P>::gemm(false, bs.transposed, row * m, n, k, x, y, true, z);
    } else if (walk.moves(0) && walk.moves(1) && !walk.moves(2) && as.transposed && !bs.transposed) {  // one long sum
      Products<P>::gemm(true, false, m, n, row * k, x, y, true, z);
    } else {
      Products<P>::gemms(as.transposed, bs.transposed, m, n, k, x, y, z, row, walk.moves(0) ? as.size() : 0,
                         walk.moves(1) ? bs.size() : 0, walk.moves(2) ? cs.size() : 0);
    }
  });
}

/// The products of the matrices in `a` and `b`, as a tensor of shape `shape` in which the matrices stand as `cs` says.
/// The batches broadcast to each other; where that of `cs` is smaller than what they broadcast to, products are summed.
/// So the gradients of a product are products of the same kind, and none of them copies a transposed matrix:
/// for C = A B they are C' B^T and A^T C' with the cotangent C'.
template <class T, class P>
Tensor<T, P> product(const char* name, const Tensor<T, P>& a, const Matrices& as, const Tensor<T, P>& b,
                     const Matrices& bs, const Matrices& cs, const Shape& shape,
                     const std::source_location& where = {}) {
  return operation<T, P>(
      name, {a, b}, {.inputs = true}, where,
      [&] {
        const bool is_one = as.batch.empty() && bs.batch.empty() && cs.batch.empty();
        Tensor<T, P> c = is_one ? Tensor<T, P>::uninitialized(shape) : Tensor<T, P>::full(shape, 0);
        multiply<P>(a.data(), as, b.data(), bs, c.data(), cs);
        return c;
      },
      [as, bs, cs, a_shape = a.shape(), b_shape = b.shape(), name, where](const Call<T, P>& call) {
        Tensors<T, P> result(2);
        if (call.needs(0)) {
          result[0] = product(name, call.cotangent(), cs, call.input(1), bs.flipped(), as, a_shape, where);
        }
        if (call.needs(1)) {
          result[1] = product(name, call.input(0), as.flipped(), call.cotangent(), cs, bs, b_shape, where);
        }
        return result;
      });
}

/// A tensor of at least two axes as an array of matrices.
inline Matrices matrices(const Shape& shape, bool transposed = false) {
  const std::size_t axes = shape.size();
  const Matrices stored{Shape(shape.begin(), shape.end() - 2), shape[axes - 2], shape[axes - 1]};
  return transposed ? Matrices{stored.batch, stored.columns, stored.rows, true} : stored;
}

/// op(A) op(B) for two tensors of two axes, or batches of such.
template <class T, class P>
Tensor<T, P> product(const Tensor<T, P>& a, bool a_transposed, const Tensor<T, P>& b, bool b_transposed) {
  const Matrices as = matrices(a.shape(), a_transposed), bs = matrices(b.shape(), b_transposed);
  const Matrices cs{broadcast("matmul", as.batch, bs.batch), as.rows, bs.columns};
  Shape shape = cs.batch;
  shape.push_back(cs.rows);
  shape.push_back(cs.columns);
  return product("Matmul", a, as, b, bs, cs, shape);
}

}  // namespace duet::tensor
