// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Linear systems and roots of several unknowns.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include <duet/duet.hpp>
#include <duet/rule/eigen.hpp>

#include "close.hpp"

namespace {

using duet::Dual, duet::Forward, duet::Var, duet::grad, duet::hessian;
using Tape = duet::DynamicTape<double>;

/// A number that depends on the solution of a system whose matrix and right-hand sides depend on p.
template <class Solve>
auto through(const Solve& solve) {
  return [solve](const auto& p) {
    using S = std::remove_cvref_t<decltype(p[0])>;
    Eigen::Matrix<S, 3, 3> a;
    a << p[0] + 3, p[1], p[2], p[3] * p[0], 4, p[1], p[2], p[0], 5 + p[3];
    Eigen::Matrix<S, 3, 2> b;
    b << p[0], 1, p[1] * p[2], 2, p[3], p[0];
    const Eigen::Matrix<S, 3, 2> x = solve(a, b);
    S sum = 0 * p[0];
    for (int i = 0; i < 6; ++i) sum = sum + x(i) * x(i) * (i + 1);
    return sum;
  };
}
const auto by_rule = through([](const auto& a, const auto& b) { return duet::solve(a, b); });
/// Cramer's rule needs no pivots.
const auto unrolled = through([](const auto& a, const auto& b) {
  using S = typename std::remove_cvref_t<decltype(a)>::Scalar;
  Eigen::Matrix<S, 3, 2> x;
  const S d = a.determinant();
  for (int j = 0; j < 2; ++j) {
    for (int i = 0; i < 3; ++i) {
      Eigen::Matrix<S, 3, 3> m = a;
      m.col(i) = b.col(j);
      x(i, j) = m.determinant() / d;
    }
  }
  return x;
});

const auto circle_and_line = [](const auto& x, const auto& p) {
  using S = std::remove_cvref_t<decltype(x[0])>;
  return std::array<S, 2>{S(x[0] * x[0] + x[1] * x[1] - p[0]), S(x[1] - p[1] * x[0])};
};
const auto intersect = [](const auto& p) {
  using std::sqrt;
  using S = std::remove_cvref_t<decltype(p[0])>;
  const S x = sqrt(p[0] / (1 + p[1] * p[1]));
  return std::array<S, 2>{x, S(p[1] * x)};
};

}  // namespace

TEST_CASE("solve: the derivatives of the elimination, of first and second order") {
  const std::array<double, 4> p{0.3, 0.5, -0.4, 0.8};
  CHECK(by_rule(p) == doctest::Approx(unrolled(p)));
  const auto expected = grad<Forward>(unrolled)(p);
  check_close(grad<Forward>(by_rule)(p), expected);
  check_close(grad<Tape>(by_rule)(p), expected);
  const auto second = hessian<Forward>(unrolled)(p);
  check_close(hessian<Forward>(by_rule)(p), second);
  check_close(hessian<Tape>(by_rule)(p), second);
  check_close(duet::jacobian<Tape>(grad<Tape>(by_rule))(p), second);
}

TEST_CASE("solve is one record, and takes plain matrices beside variables") {
  Tape tape;
  Eigen::MatrixXd a = Eigen::MatrixXd::Identity(50, 50) * 2;
  a(3, 7) = 1;
  Eigen::Vector<Var<double>, Eigen::Dynamic> b(50);
  for (int i = 0; i < 50; ++i) b(i) = tape.variable(i);
  const auto before = tape.position().records;
  const auto x = duet::solve(a, b);
  CHECK(tape.position().records == before + 1);
  tape.backward(x(3));
  CHECK(b(3).grad() == 0.5);
  CHECK(b(7).grad() == -0.25);
  CHECK_THROWS_AS(duet::solve(a, b.head(3)), duet::ShapeError);
}

TEST_CASE("roots of several unknowns, as arrays and as vectors") {
  const auto x = duet::root(circle_and_line, intersect);
  const auto f = [x](const auto& p) {
    const auto y = x(p);
    return y[0] * y[0] * y[1];
  };
  const auto g = [](const auto& p) {
    const auto y = intersect(p);
    return y[0] * y[0] * y[1];
  };
  const std::array<double, 2> p{2.0, 0.5};
  check_close(grad<Forward>(f)(p), grad<Forward>(g)(p));
  check_close(grad<Tape>(f)(p), grad<Forward>(g)(p));
  check_close(hessian<Forward>(f)(p), hessian<Forward>(g)(p));
  check_close(hessian<Tape>(f)(p), hessian<Forward>(g)(p));

  // x_i = (x_{i-1} + x_{i+1}) / 4 + p_i: linear, so that the iteration converges to numbers that are easily checked
  const auto step = [](const auto& y, const auto& q) {
    using S = std::remove_cvref_t<decltype(y[0])>;
    std::vector<S> next(q.size());
    for (std::size_t i = 0; i < q.size(); ++i) {
      S sum = S(q[i] * q[i]);
      if (i > 0) sum = sum + y[i - 1] / 4;
      if (i + 1 < q.size()) sum = sum + y[i + 1] / 4;
      next[i] = sum;
    }
    return next;
  };
  const auto iterate = [step](const auto& q) {
    auto y = q;
    for (int i = 0; i < 60; ++i) y = step(y, q);
    return y;
  };
  const auto chain = duet::fixed_point(step, iterate);
  const std::vector<double> q{1, 2, 3};
  const auto last = [](const auto& h) { return [h](const auto& r) { return h(r)[0] * h(r)[2]; }; };
  check_close(grad<Tape>(last(chain))(q), grad<Tape>(last(iterate))(q));
  check_close(grad<Forward>(last(chain))(q), grad<Tape>(last(iterate))(q));
  check_close(hessian<Tape>(last(chain))(q), hessian<Tape>(last(iterate))(q));
}
