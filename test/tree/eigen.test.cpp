// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Eigen's matrices and arrays as structures.
#include <doctest/doctest.h>

#include <Eigen/Core>
#include <string>
#include <vector>

#include <duet/duet.hpp>
#include <duet/eigen.hpp>

namespace {

namespace tree = duet::tree;
using duet::DynamicTape, duet::Forward;
using std::pair;
using Square = Eigen::Matrix2d;

template <class T>
struct Pose {
  Eigen::Matrix<T, 3, 1> position;
  Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> weights;
  int id;
};

/// |position|^2 + the sum of i j w(i, j), counted from 1.
const auto energy = []<class T>(const Pose<T>& pose) {
  T sum = pose.position.squaredNorm();
  for (int i = 0; i < pose.weights.rows(); ++i) {
    for (int j = 0; j < pose.weights.cols(); ++j) sum += (i + 1) * (j + 1) * pose.weights(i, j);
  }
  return sum;
};

Pose<double> pose() {
  Pose<double> p{{1, 2, 3}, Eigen::MatrixXd(2, 3), 7};
  p.weights << 1, 2, 3, 4, 5, 6;
  return p;
}

}  // namespace

TEST_CASE("matrices of fixed size are arrays, the others sequences") {
  static_assert(tree::leaves<Square> == 4);
  static_assert(!tree::run_time_sized<pair<Square, Eigen::Array<float, 1, 3>>>);
  static_assert(tree::run_time_sized<Eigen::VectorXd>);
  static_assert(tree::run_time_sized<Pose<double>>);
  static_assert(std::is_same_v<tree::rebind<Eigen::Array3d, float>, Eigen::Array3f>);
  static_assert(std::is_same_v<tree::rebind<Pose<double>, float>, Pose<float>>);
  static_assert(!tree::same_structure<Eigen::Vector3d, Eigen::RowVector3d>);
}

TEST_CASE_TEMPLATE("the gradient of a function of matrices has their shapes", P, Forward, DynamicTape<>, duet::BySize) {
  const Pose<double> g = duet::grad<P>(energy)(pose());
  CHECK(g.position == 2 * pose().position);
  CHECK(g.id == 7);
  Eigen::MatrixXd expected(2, 3);
  expected << 1, 2, 3, 2, 4, 6;
  CHECK(g.weights == expected);
}

TEST_CASE_TEMPLATE("matrices of fixed size are differentiated", P, Forward, DynamicTape<>, duet::BySize) {
  const auto det = []<class T>(const Eigen::Matrix<T, 2, 2>& m) -> T { return m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0); };
  Square m;
  m << 1, 2, 3, 4;
  Square cofactors;
  cofactors << 4, -3, -2, 1;
  CHECK(duet::grad<P>(det)(m) == cofactors);
  CHECK(duet::value_and_grad<P>(det)(m).first == -2);
  CHECK(duet::vjp<P>(det, m).second(2.0) == 2 * cofactors);
  CHECK(duet::jvp<P>(det, m, m).second == -4);
  CHECK(duet::hvp<P>(det, m, m) == cofactors);
  const auto j = duet::jacobian<P>(det)(m);  // by columns, as Eigen stores them
  CHECK(j.rows() == 1);
  CHECK(j(0, 1) == -2);
  CHECK(j(0, 2) == -3);
  CHECK(duet::hessian<P>(det)(m)(1, 2) == -1);
}

TEST_CASE_TEMPLATE("results may be matrices", P, Forward, DynamicTape<>) {
  const auto twice = []<class T>(const Eigen::Matrix<T, 2, 2>& m) -> Eigen::Matrix<T, 2, 2> { return m * m; };
  Square m, along, expected;
  m << 1, 2, 3, 4;
  along << 0, 1, 0, 0;
  expected = m * along + along * m;
  CHECK(duet::jvp<P>(twice, m, along).second == expected);
  CHECK(duet::jvp<P>(twice, m, along).first == m * m);
  const auto scaled = []<class T>(const T& a) -> Eigen::Matrix<T, Eigen::Dynamic, 1> {
    Eigen::Matrix<T, Eigen::Dynamic, 1> y(3);
    y << a, 2 * a, a * a;
    return y;
  };
  CHECK(duet::jacobian<P>(scaled)(3.0)(2, 0) == 6);
}

TEST_CASE("matrices are parameters where they are left out, and combine with plain numbers") {
  const auto f = []<class T>(const T& a, const Eigen::Vector2d& v) -> T { return a * a * v[0] + v[1]; };
  CHECK(duet::grad<DynamicTape>(f, duet::wrt<0>)(3.0, Eigen::Vector2d(2, 1)) == 12);
  CHECK(duet::grad<Forward>(f, duet::wrt<0>)(3.0, Eigen::Vector2d(2, 1)) == 12);
}

TEST_CASE("steps along gradients, leaves and their names") {
  const Pose<double> g = duet::grad(energy)(pose());
  const Pose<double> step = duet::axpy(-0.5, g, pose());
  CHECK(step.position == Eigen::Vector3d(0, 0, 0));
  CHECK(step.weights(1, 2) == 3);
  CHECK(duet::flatten(pose()) == std::vector<double>{1, 2, 3, 1, 4, 2, 5, 3, 6});
  CHECK(duet::unflatten(pose(), duet::flatten(pose())).weights == pose().weights);
  const auto names = duet::leaf_names(pose());
  CHECK(names[1] == "[0][1]");
  CHECK(names[4] == "[1][1, 0]");
  Pose<double> other = pose();
  other.weights.resize(3, 2);
  CHECK_THROWS_AS(duet::axpy(1, g, other), duet::ShapeError);
}
