// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Eigen computes with duals: linear algebra on them gives the derivatives that matrix calculus does.
#include <doctest/doctest.h>

#include <cmath>

#include <Eigen/Dense>

#include <duet/eigen.hpp>
#include <duet/forward/dual.hpp>

namespace {

using duet::Dual;

template <class M, class D>
using with_scalar = Eigen::Matrix<D, M::RowsAtCompileTime, M::ColsAtCompileTime>;

/// A + sum_k dA_k eps_k.
template <int N, class M>
auto dual(const M& a, const std::array<M, N>& da) {
  using D = Dual<double, N>;
  with_scalar<M, D> result(a.rows(), a.cols());
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    std::array<double, N> tangents;
    for (std::size_t k = 0; k < N; ++k) tangents[k] = da[k](i);
    result(i) = D(a(i), tangents);
  }
  return result;
}
template <class M>
auto dual(const M& a, const M& da) {
  return dual<1>(a, std::array<M, 1>{da});
}

template <class M>
Eigen::MatrixXd primal(const M& a) {
  return a.unaryExpr([](const auto& x) { return x.primal(); });
}
template <class M>
Eigen::MatrixXd tangent(const M& a, int k = 0) {
  return a.unaryExpr([k](const auto& x) { return x.tangent(k); });
}

/// Well-conditioned matrices that differ from seed to seed.
template <class M>
M sample(int seed, Eigen::Index rows = M::RowsAtCompileTime, Eigen::Index cols = M::ColsAtCompileTime) {
  M a(rows, cols);
  for (Eigen::Index i = 0; i < rows; ++i) {
    for (Eigen::Index j = 0; j < cols; ++j) {
      a(i, j) = std::sin(1.3 * double(seed) + 2.1 * double(i) + 3.7 * double(j)) + (i == j ? 3.0 : 0.0);
    }
  }
  return a;
}

bool close(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) { return a.isApprox(b, 1e-12); }

using Matrix = Eigen::Matrix3d;
using Vector = Eigen::Vector3d;
const Matrix a = sample<Matrix>(1), da = sample<Matrix>(2), b = sample<Matrix>(3), db = sample<Matrix>(4);
const Vector v = sample<Vector>(5), dv = sample<Vector>(6);

}  // namespace

TEST_CASE("products and sums: d(A B) = dA B + A dB") {
  const auto x = dual(a, da), y = dual(b, db);
  CHECK(close(primal((x * y).eval()), a * b));
  CHECK(close(tangent((x * y).eval()), da * b + a * db));
  CHECK(close(tangent((x + y - x.transpose()).eval()), da + db - da.transpose()));
  CHECK(close(tangent(x.cwiseProduct(y).eval()), da.cwiseProduct(b) + a.cwiseProduct(db)));
  CHECK(close(tangent((x * dual(v, dv)).eval()), da * v + a * dv));
}

TEST_CASE("the inverse: dA^-1 = -A^-1 dA A^-1") {
  const auto inverse = dual(a, da).inverse().eval();
  CHECK(close(primal(inverse), a.inverse()));
  CHECK(close(tangent(inverse), -a.inverse() * da * a.inverse()));
}

TEST_CASE("the determinant: d|A| = |A| tr(A^-1 dA)") {
  const auto determinant = dual(a, da).determinant();
  CHECK(determinant.primal() == doctest::Approx(a.determinant()));
  CHECK(determinant.tangent() == doctest::Approx(a.determinant() * (a.inverse() * da).trace()));
}

TEST_CASE("solutions: dx = A^-1 (dv - dA x), by LU and by Cholesky") {
  const Vector x = a.inverse() * v;
  const auto lu = dual(a, da).partialPivLu().solve(dual(v, dv)).eval();
  CHECK(close(primal(lu), x));
  CHECK(close(tangent(lu), a.inverse() * (dv - da * x)));

  const Matrix s = a * a.transpose(), ds = da * a.transpose() + a * da.transpose();
  const Vector y = s.inverse() * v;
  const auto llt = dual(s, ds).llt().solve(dual(v, dv)).eval();
  CHECK(close(primal(llt), y));
  CHECK(close(tangent(llt), s.inverse() * (dv - ds * y)));
}

TEST_CASE("norms and reductions") {
  const auto x = dual(v, dv);
  CHECK(x.norm().tangent() == doctest::Approx(v.dot(dv) / v.norm()));
  CHECK(x.squaredNorm().tangent() == doctest::Approx(2 * v.dot(dv)));
  CHECK(x.dot(x).tangent() == doctest::Approx(2 * v.dot(dv)));
  CHECK(x.sum().tangent() == doctest::Approx(dv.sum()));
  CHECK(dual(a, da).trace().tangent() == doctest::Approx(da.trace()));
  CHECK(close(tangent(x.normalized().eval()), dv / v.norm() - v * v.dot(dv) / std::pow(v.norm(), 3)));
  CHECK(close(tangent(x.cross(dual(Vector(a.col(0)), Vector(da.col(0)))).eval()),
              dv.cross(a.col(0)) + v.cross(da.col(0))));
}

TEST_CASE("elementwise functions act on every element") {
  const auto x = dual(v, dv);
  CHECK(close(tangent(x.array().exp().matrix().eval()), (v.array().exp() * dv.array()).matrix()));
  CHECK(close(tangent(x.array().sin().matrix().eval()), (v.array().cos() * dv.array()).matrix()));
}

TEST_CASE("systems of run-time size with several directions at once") {
  using Dynamic = Eigen::MatrixXd;
  const Dynamic m = sample<Dynamic>(7, 5, 5), r = sample<Dynamic>(8, 5, 2);
  std::array<Dynamic, 3> dm, dr;
  for (int k = 0; k < 3; ++k) {
    dm[std::size_t(k)] = sample<Dynamic>(9 + k, 5, 5);
    dr[std::size_t(k)] = sample<Dynamic>(12 + k, 5, 2);
  }
  const auto x = dual<3>(m, dm).partialPivLu().solve(dual<3>(r, dr)).eval();
  const Dynamic inverse = m.inverse(), solution = inverse * r;
  CHECK(close(primal(x), solution));
  for (int k = 0; k < 3; ++k) {
    CAPTURE(k);
    CHECK(close(tangent(x, k), inverse * (dr[std::size_t(k)] - dm[std::size_t(k)] * solution)));
  }
}
