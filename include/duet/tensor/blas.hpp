// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <climits>
#include <string>

#include <duet/op/error.hpp>
#include <duet/tape/lanes.hpp>

/// Products of matrices in memory, by a BLAS library. Programs that multiply matrices are linked with one (-lopenblas).
namespace duet::tensor::blas {

/// BLAS as its reference describes it: Fortran, so all arguments are pointers, matrices are column-major, and the
/// lengths of strings come last. The names are our own, and only the labels are the library's, so that no other
/// declarations of them in a program (cblas.h, Eigen's, xtensor-blas's) are in conflict with these.
namespace fortran {
using Int = const int*;
using Text = const char*;
using Length = std::size_t;
using D = const double*;
using S = const float*;

void gemm(Text, Text, Int, Int, Int, D, D, Int, D, Int, D, double*, Int, Length, Length) __asm__("dgemm_");
void gemm(Text, Text, Int, Int, Int, S, S, Int, S, Int, S, float*, Int, Length, Length) __asm__("sgemm_");
void gemv(Text, Int, Int, D, D, Int, D, Int, D, double*, Int, Length) __asm__("dgemv_");
void gemv(Text, Int, Int, S, S, Int, S, Int, S, float*, Int, Length) __asm__("sgemv_");
double dot(Int, D, Int, D, Int) __asm__("ddot_");
float dot(Int, S, Int, S, Int) __asm__("sdot_");
void trsm(Text, Text, Text, Text, Int, Int, D, D, Int, double*, Int, Length, Length, Length, Length) __asm__("dtrsm_");
void trsm(Text, Text, Text, Text, Int, Int, S, S, Int, float*, Int, Length, Length, Length, Length) __asm__("strsm_");
}  // namespace fortran

/// A size as BLAS and LAPACK take it. Throws ShapeError if it is too large for them.
inline int int_of(std::size_t size) {
  if (size > INT_MAX) throw ShapeError("a matrix with an axis of " + std::to_string(size) + " is too large for BLAS");
  return static_cast<int>(size);
}

/// The sum of x[i] y[i].
template <class T>
T dot(std::size_t size, const T* x, const T* y) {
  const int n = int_of(size), step = 1;
  return fortran::dot(&n, x, &step, y, &step);
}

/// y = A x, or y += A x, or the same with the transpose of A, which is row-major in any case and has `rows` rows in
/// memory.
template <class T>
void gemv(bool transposed, std::size_t rows, std::size_t columns, const T* a, const T* x, bool adds, T* y) {
  const char t = transposed ? 'N' : 'T';  // the other way round, as what is row-major is transposed to BLAS
  const int m = int_of(columns), n = int_of(rows), step = 1;
  const T one = 1, rest = adds ? T(1) : T(0);
  fortran::gemv(&t, &m, &n, &one, a, &m, x, &step, &rest, y, &step, 1);
}

/// Whether a product without the transpose of B is made here, since BLAS would take longer for it. Measured with
/// OpenBLAS 0.3.21: 66 ns for 2 x 2, against 11; on batches of 32 bytes up to about 30 x 30, and for sums of few terms,
/// since BLAS first copies its arguments, up to what the first cache holds, or where a side of C is short; on smaller
/// batches up to about 6 x 6.
template <class T>
bool is_small(std::size_t m, std::size_t n, std::size_t k) {
  constexpr std::size_t lanes = tape::Lanes<T>::size;
  if (n < lanes || m == 1) return m * n * k <= 128;
  if (lanes * sizeof(T) < 32) return m * n * k <= 128 * lanes;
  return m * n * k <= 24 * 24 * 24 || (k <= 16 && m * k <= 4096) || (k <= 24 && (n <= 64 || m <= 16));
}

/// `Rows` rows and `Batches` batches of columns of C, kept in registers: the sum over p of A(i, p) times row p of B.
template <class T, int Rows, int Batches>
[[gnu::always_inline]] inline void small_block(std::size_t n, std::size_t k, const T* a, std::size_t down,
                                               std::size_t across, const T* b, bool adds, T* c) {
  using L = tape::Lanes<T>;
  using Batch = typename L::type;
  Batch sum[Rows][Batches], row[Batches];
  for (std::size_t i = 0; i < Rows; ++i) {
    for (std::size_t q = 0; q < Batches; ++q) sum[i][q] = adds ? L::load(c + i * n + q * L::size) : Batch(T(0));
  }
  for (std::size_t p = 0; p < k; ++p) {
    for (std::size_t q = 0; q < Batches; ++q) row[q] = L::load(b + p * n + q * L::size);
    for (std::size_t i = 0; i < Rows; ++i) {
      const Batch factor(a[i * down + p * across]);
      for (std::size_t q = 0; q < Batches; ++q) sum[i][q] = xsimd::fma(factor, row[q], sum[i][q]);
    }
  }
  for (std::size_t i = 0; i < Rows; ++i) {
    for (std::size_t q = 0; q < Batches; ++q) L::store(c + i * n + q * L::size, sum[i][q]);
  }
}

/// `Batches` batches of columns of C.
template <class T, int Batches>
[[gnu::noinline]] void small_panel(std::size_t m, std::size_t n, std::size_t k, const T* a, std::size_t down,
                                   std::size_t across, const T* b, bool adds, T* c) {
  std::size_t i = 0;
  for (; i + 4 <= m; i += 4) small_block<T, 4, Batches>(n, k, a + i * down, down, across, b, adds, c + i * n);
  for (; i < m; ++i) small_block<T, 1, Batches>(n, k, a + i * down, down, across, b, adds, c + i * n);
}

/// C of m x n; A is gone through with a step of `down` from row to row and of `across` from column to column.
template <class T>
void small_gemm(std::size_t m, std::size_t n, std::size_t k, const T* a, std::size_t down, std::size_t across,
                const T* b, bool adds, T* c) {
  constexpr std::size_t lanes = tape::Lanes<T>::size;
  std::size_t j = 0;
  for (; j + 3 * lanes <= n; j += 3 * lanes) small_panel<T, 3>(m, n, k, a, down, across, b + j, adds, c + j);
  for (; j + lanes <= n; j += lanes) small_panel<T, 1>(m, n, k, a, down, across, b + j, adds, c + j);
  if (j == n) return;
  if (!adds && n > lanes) {  // some columns once more
    j = n - lanes;
    return small_panel<T, 1>(m, n, k, a, down, across, b + j, adds, c + j);
  }
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t q = j; q < n; ++q) {
      T sum = adds ? c[i * n + q] : T(0);
      for (std::size_t p = 0; p < k; ++p) sum += a[i * down + p * across] * b[p * n + q];
      c[i * n + q] = sum;
    }
  }
}

/// C = op(A) op(B), or C += op(A) op(B), with C of m x n and k terms in a sum; op(A) is A or its transpose. All are
/// row-major and contiguous.
template <class T>
void gemm(bool a_transposed, bool b_transposed, std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b,
          bool adds, T* c) {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    if (!adds) std::fill_n(c, m * n, T(0));
    return;
  }
  if (m == 1 && n == 1) {
    *c = (adds ? *c : T(0)) + dot(k, a, b);
  } else if (constexpr std::size_t most = 1024; is_small<T>(m, n, k) && (!b_transposed || n * k <= most)) {
    T turned[most];
    if (b_transposed && n > 1 && k > 1) {
      for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t p = 0; p < k; ++p) turned[p * n + j] = b[j * k + p];
      }
      b = turned;
    }
    small_gemm(m, n, k, a, a_transposed ? 1 : k, a_transposed ? m : 1, b, adds, c);
  } else if (n == 1) {
    gemv(a_transposed, a_transposed ? k : m, a_transposed ? m : k, a, b, adds, c);
  } else if (m == 1) {
    gemv(!b_transposed, b_transposed ? n : k, b_transposed ? k : n, b, a, adds, c);
  } else {
    // row-major C is column-major C' = op(B)' op(A)'
    const char ta = a_transposed ? 'T' : 'N', tb = b_transposed ? 'T' : 'N';
    const int rows = int_of(m), columns = int_of(n), terms = int_of(k);
    const int a_row = a_transposed ? rows : terms, b_row = b_transposed ? terms : columns;
    const T one = 1, rest = adds ? T(1) : T(0);
    fortran::gemm(&tb, &ta, &columns, &rows, &terms, &one, b, &b_row, a, &a_row, &rest, c, &columns, 1, 1);
  }
}

/// Which triangle of a square matrix is meant, and how.
struct Triangle {
  bool upper = false;          ///< else the lower one
  bool transposed = false;     ///< its transpose
  bool unitriangular = false;  ///< with ones on the diagonal, whatever stands there
};

/// Replaces B, of n x columns, by the solution X of op(A) X = B with a triangle of A; both are row-major.
template <class T>
void triangular_solve(Triangle of, std::size_t n, std::size_t columns, const T* a, T* b) {
  if (n == 0 || columns == 0) return;
  // to BLAS both matrices are transposed: X' op(A)' = B'
  const char side = 'R', triangle = of.upper ? 'L' : 'U', t = of.transposed ? 'T' : 'N',
             diagonal = of.unitriangular ? 'U' : 'N';
  const int rows = int_of(columns), size = int_of(n);
  const T one = 1;
  fortran::trsm(&side, &triangle, &t, &diagonal, &rows, &size, &one, a, &size, b, &rows, 1, 1, 1, 1);
}

}  // namespace duet::tensor::blas
