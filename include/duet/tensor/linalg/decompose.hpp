// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/linalg/solve.hpp>
#include <duet/tensor/rearrange.hpp>

/// Matrices as products of simpler ones, by LAPACK. Rules of cholesky and qr: Murray, Differentiation of the Cholesky
/// decomposition, 2016; Seeger et al., Auto-Differentiating Linear Algebra, 2017; of eigh and svd: Giles, 2008, and
/// Townsend, Differentiating the Singular Value Decomposition, 2016.
namespace duet {

template <class T>
struct QR {
  Tensor<T, Host> q, r;
};
template <class T>
struct Eigh {
  Tensor<T, Host> values, vectors;
};
template <class T>
struct SVD {
  Tensor<T, Host> u, s, vh;
};

namespace tensor {

/// A term that may be undefined, which is zero.
template <class T>
Tensor<T, Host> plus(const Tensor<T, Host>& a, const Tensor<T, Host>& b) {
  return !a.defined() ? b : !b.defined() ? a : add(a, b);
}

template <class T>
Tensor<T, Host> turned(const Tensor<T, Host>& x) {
  return pick("Transpose", x, transposed("transpose", x.shape(), -2, -1), {});
}

/// The symmetric matrix that has the lower triangle of `x`.
template <class T>
Tensor<T, Host> mirrored(const Tensor<T, Host>& x) {
  return add(triangle("Tril", x, true, 0, {}), turned(triangle("Tril", x, true, -1, {})));
}

/// (x + x^T) / 2.
template <class T>
Tensor<T, Host> symmetric_part(const Tensor<T, Host>& x) {
  return mul(add(x, turned(x)), T(0.5));
}
template <class T>
std::vector<T> symmetric_elements(const Tensor<T, Host>& x) {
  const std::size_t n = x.shape()[0];
  std::vector<T> result(n * n);
  for (std::size_t i = 0; i < n * n; ++i) result[i] = (x.data()[i] + x.data()[i % n * n + i / n]) / 2;
  return result;
}

/// A vector as a matrix with one column.
template <class T>
Tensor<T, Host> as_column(const Tensor<T, Host>& x) {
  return reshaped(x, {x.size(), 1}, {});
}

/// The matrix of 1 / (x_j - x_i), with zeros on the diagonal.
template <class T>
Tensor<T, Host> inverse_gaps(const Tensor<T, Host>& x) {
  const Tensor<T, Host> one = eye<T, Host>(x.size());
  Tensor<T, Host> others = ones<T, Host>(one.shape());
  for (std::size_t i = 0; i < x.size(); ++i) others.data()[i * x.size() + i] = 0;
  return div(others, add(sub(x, as_column(x)), one));
}

template <class T>
Tensor<T, Host> cholesky_of(const Tensor<T, Host>& a, const std::source_location& where) {
  const std::size_t n = side_of_square("cholesky", a.shape());
  return operation<T, Host>(
      "Cholesky", {a}, {.output = true}, where,
      [&] {
        const std::vector<T> elements = symmetric_elements(a);
        Tensor<T, Host> l = Tensor<T, Host>::uninitialized(a.shape());
        std::copy(elements.begin(), elements.end(), l.data());
        if (!lapack::cholesky(n, l.data())) {
          throw Error("cholesky: a matrix of shape " + to_string(a.shape()) + " is not positive definite");
        }
        return l;
      },
      [where](const Call<T, Host>& call) {
        const Tensor<T, Host> l = call.output();
        const Tensor<T, Host> inner = mul(mirrored(product(l, true, call.cotangent(), false)), T(0.5));
        const blas::Triangle of{.transposed = true};
        return Tensors<T, Host>{triangle_solved(l, of, turned(triangle_solved(l, of, inner, where)), where)};
      });
}

template <class T>
QR<T> qr_of(const Tensor<T, Host>& a, const std::source_location& where) {
  if (a.dimension() != 2) throw ShapeError("qr: shape " + to_string(a.shape()) + " is not that of a matrix");
  const std::size_t m = a.shape()[0], n = a.shape()[1], k = std::min(m, n);
  const Tensors<T, Host> y = operations<T, Host>(
      "QR", {a}, {.output = true}, where,
      [&] {
        Tensors<T, Host> qr{Tensor<T, Host>::uninitialized({m, k}), Tensor<T, Host>::uninitialized({k, n})};
        lapack::qr(m, n, a.data(), qr[0].data(), qr[1].data());
        return qr;
      },
      [m, n, where](const Call<T, Host>& call) {
        if (m < n) throw Error("qr: there is no derivative for a matrix with fewer rows than columns");
        const Tensor<T, Host> q = call.output(0), r = call.output(1), dq = call.cotangent(0), dr = call.cotangent(1);
        Tensor<T, Host> inner;
        if (dr.defined()) inner = product(r, false, dr, true);
        if (dq.defined()) inner = plus(inner, neg(product(dq, true, q, false)));
        const Tensor<T, Host> left = plus(dq, product(q, false, mirrored(inner), false));
        return Tensors<T, Host>{turned(triangle_solved(r, {.upper = true}, turned(left), where))};
      });
  return {y[0], y[1]};
}

template <class T>
Eigh<T> eigh_of(const Tensor<T, Host>& a, const std::source_location& where) {
  const std::size_t n = side_of_square("eigh", a.shape());
  const Tensors<T, Host> y = operations<T, Host>(
      "Eigh", {a}, {.output = true}, where,
      [&] {
        Tensors<T, Host> result{Tensor<T, Host>::uninitialized({n}), Tensor<T, Host>::uninitialized({n, n})};
        if (!lapack::eigh(n, symmetric_elements(a).data(), result[0].data(), result[1].data())) {
          throw Error("eigh: the iteration did not converge for a matrix of shape " + to_string(a.shape()));
        }
        return result;
      },
      [](const Call<T, Host>& call) {
        const Tensor<T, Host> values = call.output(0), vectors = call.output(1);
        const Tensor<T, Host>&d_values = call.cotangent(0), &d_vectors = call.cotangent(1);
        Tensor<T, Host> left;
        if (d_values.defined()) left = mul(vectors, d_values);
        if (d_vectors.defined()) {
          const Tensor<T, Host> rates = mul(inverse_gaps(values), product(vectors, true, d_vectors, false));
          left = plus(left, product(vectors, false, rates, false));
        }
        return Tensors<T, Host>{symmetric_part(product(left, false, vectors, true))};
      });
  return {y[0], y[1]};
}

/// The cotangent of A = U diag(s) Vh.
template <class T>
Tensor<T, Host> svd_pullback(const Call<T, Host>& call) {
  const Tensor<T, Host> u = call.output(0), s = call.output(1), vh = call.output(2);
  const Tensor<T, Host>&du = call.cotangent(0), &ds = call.cotangent(1), &dvh = call.cotangent(2);
  const std::size_t m = u.shape()[0], k = s.size(), n = vh.shape()[1];
  Tensor<T, Host> left, right;  // the cotangent is left Vh + right
  if (ds.defined()) left = mul(u, ds);
  if (du.defined() || dvh.defined()) {
    const Tensor<T, Host> gaps = inverse_gaps(mul(s, s));
    Tensor<T, Host> inner;
    if (du.defined()) {
      const Tensor<T, Host> along = product(u, true, du, false), rates = mul(gaps, along);
      inner = mul(add(rates, turned(rates)), s);
      if (m > k) left = plus(left, div(sub(du, product(u, false, along, false)), s));
    }
    if (dvh.defined()) {
      const Tensor<T, Host> rates = mul(gaps, product(vh, false, dvh, true));
      inner = plus(inner, mul(as_column(s), add(rates, turned(rates))));
      if (n > k) {
        const Tensor<T, Host> across = sub(dvh, product(product(dvh, false, vh, true), false, vh, false));
        right = product(div(u, s), false, across, false);
      }
    }
    left = plus(left, product(u, false, inner, false));
  }
  return plus(product(left, false, vh, false), right);
}

template <class T>
SVD<T> svd_of(const Tensor<T, Host>& a, const std::source_location& where) {
  if (a.dimension() != 2) throw ShapeError("svd: shape " + to_string(a.shape()) + " is not that of a matrix");
  const std::size_t m = a.shape()[0], n = a.shape()[1], k = std::min(m, n);
  const Tensors<T, Host> y = operations<T, Host>(
      "SVD", {a}, {.output = true}, where,
      [&] {
        Tensors<T, Host> result{Tensor<T, Host>::uninitialized({m, k}), Tensor<T, Host>::uninitialized({k}),
                                Tensor<T, Host>::uninitialized({k, n})};
        if (!lapack::svd(m, n, a.data(), result[0].data(), result[1].data(), result[2].data())) {
          throw Error("svd: the iteration did not converge for a matrix of shape " + to_string(a.shape()));
        }
        return result;
      },
      [](const Call<T, Host>& call) { return Tensors<T, Host>{svd_pullback(call)}; });
  return {y[0], y[1], y[2]};
}

}  // namespace tensor

/// The lower triangle L with A = L L^T, of the symmetric part (A + A^T) / 2, so that the gradient is symmetric, too.
/// Throws Error if that is not positive definite.
template <tensor::tensorial A>
auto cholesky(const A& a, const std::source_location& where = std::source_location::current()) {
  return tensor::cholesky_of(tensor::in_main_memory(a), where);
}

/// A = Q R for an m x n matrix: Q, m x k, has orthonormal columns, R, k x n, is an upper triangle; k = min(m, n). The
/// signs are LAPACK's. The derivative exists for m >= n and independent columns; for m < n it throws Error.
template <tensor::tensorial A>
auto qr(const A& a, const std::source_location& where = std::source_location::current()) {
  return tensor::qr_of(tensor::in_main_memory(a), where);
}

/// The eigenvalues of the symmetric part (A + A^T) / 2, in rising order, and its eigenvectors, which are the columns of
/// `vectors`; the element of largest absolute value in each is positive. The gradient is symmetric. Where eigenvalues
/// are equal, vectors have no derivative (it comes out infinite or NaN), nor have values a second one; first
/// derivatives of functions that treat equal values alike, as their sum does, are right all the same.
template <tensor::tensorial A>
auto eigh(const A& a, const std::source_location& where = std::source_location::current()) {
  return tensor::eigh_of(tensor::in_main_memory(a), where);
}

/// A = U diag(s) Vh for an m x n matrix: U, m x k, has orthonormal columns, Vh, k x n, orthonormal rows, and `s` falls;
/// k = min(m, n). The element of largest absolute value in each column of U is positive. Vectors have no derivative (it
/// comes out infinite or NaN) where singular values are equal, or, unless m = n, zero; the values have first ones
/// wherever they are distinct and not zero.
template <tensor::tensorial A>
auto svd(const A& a, const std::source_location& where = std::source_location::current()) {
  return tensor::svd_of(tensor::in_main_memory(a), where);
}

}  // namespace duet
