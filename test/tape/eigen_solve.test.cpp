// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Systems solved by Eigen on variables of a tape: sweeps through decompositions give what matrix calculus does.
#include <doctest/doctest.h>

#include "matrices.hpp"

namespace {

using namespace matrices;

constexpr int n = 50;
const Matrix a = sample(1, n, n), w = sample(2, n, 2), r = sample(3, n, 2);
const Matrix inverse = a.inverse(), solution = inverse * r;
/// Symmetric and positive definite.
const Matrix s = a * a.transpose() / n + Matrix::Identity(n, n);

}  // namespace

TEST_CASE("solutions by LU: R' += A^-T W, A' -= A^-T W X^T") {
  Tape tape;
  const Numbers x = variables(tape, a), y = variables(tape, r);
  const Matrix by_rhs = inverse.transpose() * w, by_matrix = -by_rhs * solution.transpose();
  const Numbers z = x.partialPivLu().solve(y);
  CHECK(close(primal(z), solution));
  backward(tape, z, w);
  CHECK(close(grad(y), by_rhs));
  CHECK(close(grad(x), by_matrix));
  backward(tape, Numbers(x.partialPivLu().solve(r.cast<Number>())), w);
  CHECK(close(grad(x), by_matrix));
}

TEST_CASE("solutions by Cholesky, whose decompositions read the lower half alone") {
  Tape tape;
  const Numbers x = variables(tape, s), y = variables(tape, r);
  const Matrix by_rhs = s.inverse() * w, full = -by_rhs * (s.inverse() * r).transpose();
  Matrix lower = full + full.transpose();
  lower.diagonal() /= 2;
  lower = Matrix(lower.triangularView<Eigen::Lower>());
  const Numbers llt = x.llt().solve(y), ldlt = x.ldlt().solve(y);
  for (const Numbers& z : {llt, ldlt}) {
    CHECK(close(primal(z), s.inverse() * r));
    backward(tape, z, w);
    CHECK(close(grad(y), by_rhs));
    CHECK(close(grad(x), lower));
  }
}

TEST_CASE("least squares by QR: the gradient of the residual's norm") {
  Tape tape;
  const Matrix b = sample(11, 12, 4);
  const Vector y = sample(12, 12, 1);
  const NumberVector rhs = variables(tape, y);
  const Numbers x = variables(tape, b);
  const Number residual = (x * x.householderQr().solve(rhs) - rhs).squaredNorm();
  tape.backward(residual);
  const Vector p = b.householderQr().solve(y), rest = b * p - y;
  CHECK(close(grad(rhs), -2 * rest));
  CHECK(close(grad(x), 2 * rest * p.transpose()));
}
