// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include <duet/tensor/blas.hpp>

/// Matrices in memory taken apart, by a LAPACK library (OpenBLAS is one). All matrices are row-major.
namespace duet::tensor::lapack {

/// LAPACK's own declarations, as blas.hpp has those of BLAS.
namespace fortran {
using blas::fortran::Int;
using blas::fortran::Length;
using blas::fortran::Text;

void getrf(Int, Int, double*, Int, int*, int*) __asm__("dgetrf_");
void getrf(Int, Int, float*, Int, int*, int*) __asm__("sgetrf_");
void potrf(Text, Int, double*, Int, int*, Length) __asm__("dpotrf_");
void potrf(Text, Int, float*, Int, int*, Length) __asm__("spotrf_");
void geqrf(Int, Int, double*, Int, double*, double*, Int, int*) __asm__("dgeqrf_");
void geqrf(Int, Int, float*, Int, float*, float*, Int, int*) __asm__("sgeqrf_");
void orgqr(Int, Int, Int, double*, Int, const double*, double*, Int, int*) __asm__("dorgqr_");
void orgqr(Int, Int, Int, float*, Int, const float*, float*, Int, int*) __asm__("sorgqr_");
void syevd(Text, Text, Int, double*, Int, double*, double*, Int, int*, Int, int*, Length, Length) __asm__("dsyevd_");
void syevd(Text, Text, Int, float*, Int, float*, float*, Int, int*, Int, int*, Length, Length) __asm__("ssyevd_");
void gesdd(Text, Int, Int, double*, Int, double*, double*, Int, double*, Int, double*, Int, int*, int*,
           Length) __asm__("dgesdd_");
void gesdd(Text, Int, Int, float*, Int, float*, float*, Int, float*, Int, float*, Int, int*, int*,
           Length) __asm__("sgesdd_");
}  // namespace fortran

/// `to`, of columns x rows, becomes the transpose of `from`, of rows x columns.
template <class T>
void transpose(std::size_t rows, std::size_t columns, const T* from, T* to) {
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) to[j * rows + i] = from[i * columns + j];
  }
}

/// Calls `f(work, size)` as LAPACK wants it: first to ask how much memory it needs (size -1), then with that.
template <class T, class F>
void with_work(const F& f) {
  T wanted = 0;
  f(&wanted, -1);
  std::vector<T> work(static_cast<std::size_t>(wanted) + 1);
  f(work.data(), blas::int_of(work.size() - 1));
}

/// A square matrix as the product of a lower triangle, an upper one with ones on its diagonal, and a permutation of
/// columns (to LAPACK, which takes rows for columns, P L U of the transpose).
template <class T>
class Factors {
 public:
  Factors(std::size_t n, const T* a) : n_(n), lu_(a, a + n * n), pivots_(n) {
    if (n == 0) return;
    const int size = blas::int_of(n);
    fortran::getrf(&size, &size, lu_.data(), &size, pivots_.data(), &info_);
  }

  bool is_singular() const { return info_ > 0; }

  /// Replaces B, of n x columns, by A^-1 B, or by the inverse of the transpose times B.
  void solve(bool transposed, std::size_t columns, T* b) const {
    const blas::Triangle lower{.upper = false, .transposed = transposed};
    const blas::Triangle upper{.upper = true, .transposed = transposed, .unitriangular = true};
    if (transposed) {
      for (std::size_t i = 0; i < n_; ++i) exchange(i, columns, b);
      blas::triangular_solve(upper, n_, columns, lu_.data(), b);
      blas::triangular_solve(lower, n_, columns, lu_.data(), b);
    } else {
      blas::triangular_solve(lower, n_, columns, lu_.data(), b);
      blas::triangular_solve(upper, n_, columns, lu_.data(), b);
      for (std::size_t i = n_; i-- > 0;) exchange(i, columns, b);
    }
  }

  /// The determinant's sign (0 for a singular matrix); calls `factor` with each factor of its absolute value.
  template <class F>
  T sign(const F& factor) const {
    T sign = 1;
    for (std::size_t i = 0; i < n_; ++i) {
      const T pivot = lu_[i * n_ + i];
      if (static_cast<std::size_t>(pivots_[i]) != i + 1) sign = -sign;
      sign *= pivot > 0 ? T(1) : pivot < 0 ? T(-1) : pivot;
      factor(pivot < 0 ? -pivot : pivot);
    }
    return sign;
  }

 private:
  void exchange(std::size_t i, std::size_t columns, T* b) const {
    const auto with = static_cast<std::size_t>(pivots_[i]) - 1;
    if (with != i) std::swap_ranges(b + i * columns, b + (i + 1) * columns, b + with * columns);
  }

  std::size_t n_;
  std::vector<T> lu_;
  std::vector<int> pivots_;
  int info_ = 0;
};

/// Replaces a symmetric matrix by L with A = L L^T and zeros above; false if it is not positive definite.
template <class T>
bool cholesky(std::size_t n, T* a) {
  if (n == 0) return true;
  const int size = blas::int_of(n);
  int info = 0;
  fortran::potrf("U", &size, a, &size, &info, 1);
  for (std::size_t i = 0; i < n; ++i) std::fill(a + i * n + i + 1, a + (i + 1) * n, T(0));
  return info == 0;
}

/// A = Q R: Q of m x k and R of k x n, with k the smaller of m and n.
template <class T>
void qr(std::size_t m, std::size_t n, const T* a, T* q, T* r) {
  const std::size_t k = std::min(m, n);
  if (k == 0) return;
  const int rows = blas::int_of(m), columns = blas::int_of(n), inner = blas::int_of(k);
  std::vector<T> turned(m * n), scale(k);
  transpose(m, n, a, turned.data());
  int info = 0;
  with_work<T>([&](T* work, int size) {
    fortran::geqrf(&rows, &columns, turned.data(), &rows, scale.data(), work, &size, &info);
  });
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < n; ++j) r[i * n + j] = j < i ? T(0) : turned[j * m + i];
  }
  with_work<T>([&](T* work, int size) {
    fortran::orgqr(&rows, &inner, &inner, turned.data(), &rows, scale.data(), work, &size, &info);
  });
  transpose(k, m, turned.data(), q);
}

/// Whether the element of largest absolute value is negative. Vectors that are determined but for their sign get the
/// one with which it is not: that of LAPACK may change from one matrix to another close by.
template <class T>
bool points_down(const T* x, std::size_t size, std::size_t step) {
  T largest = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (std::abs(x[i * step]) > std::abs(largest)) largest = x[i * step];
  }
  return largest < 0;
}
template <class T>
void negate(T* x, std::size_t size, std::size_t step) {
  for (std::size_t i = 0; i < size; ++i) x[i * step] = -x[i * step];
}

/// A = V diag(values) V^T for a symmetric A, values in rising order; false if the iteration does not converge.
template <class T>
bool eigh(std::size_t n, const T* a, T* values, T* vectors) {
  if (n == 0) return true;
  const int size = blas::int_of(n);
  std::vector<T> turned(a, a + n * n);
  std::vector<int> integers(3 + 5 * n);
  const int many = blas::int_of(integers.size());
  int info = 0;
  with_work<T>([&](T* work, int length) {
    const int wanted = length < 0 ? -1 : many;
    fortran::syevd("V", "L", &size, turned.data(), &size, values, work, &length, integers.data(), &wanted, &info, 1, 1);
  });
  transpose(n, n, turned.data(), vectors);
  for (std::size_t i = 0; i < n; ++i) {
    if (points_down(vectors + i, n, n)) negate(vectors + i, n, n);
  }
  return info == 0;
}

/// A = U diag(s) Vh: U of m x k, Vh of k x n, with k the smaller of m and n, s in falling order; false if the iteration
/// does not converge.
template <class T>
bool svd(std::size_t m, std::size_t n, const T* a, T* u, T* s, T* vh) {
  const std::size_t k = std::min(m, n);
  if (k == 0) return true;
  const int rows = blas::int_of(n), columns = blas::int_of(m), inner = blas::int_of(k);  // of the transpose
  std::vector<T> copy(a, a + m * n);
  std::vector<int> integers(8 * k);
  int info = 0;
  with_work<T>([&](T* work, int length) {
    fortran::gesdd("S", &rows, &columns, copy.data(), &rows, s, vh, &rows, u, &inner, work, &length, integers.data(),
                   &info, 1);
  });
  for (std::size_t i = 0; i < k; ++i) {
    if (!points_down(u + i, m, k)) continue;
    negate(u + i, m, k);
    negate(vh + i * n, n, 1);
  }
  return info == 0;
}

}  // namespace duet::tensor::lapack
