// Sparse matrices as Eigen's.
#include <doctest/doctest.h>

#include <vector>

#include <Eigen/Sparse>
#include <duet/eigen.hpp>
#include <duet/sparse.hpp>

namespace {

constexpr auto arrowhead = [](const auto& x) {
  auto y = x;
  for (std::size_t i = 1; i < x.size(); ++i) {
    y[0] = y[0] + x[i] * x[i];
    y[i] = x[0] * x[i];
  }
  return y;
};

}  // namespace

TEST_CASE("Eigen sees the entries of a sparse matrix, in place or as a copy by columns") {
  constexpr std::array<double, 5> fixed{0.5, -1, 2, 0.25, 1.5};
  const std::vector<double> x(fixed.begin(), fixed.end());
  const auto check = [](const auto& j) {
    const auto view = duet::eigen::as_sparse(j);
    const Eigen::SparseMatrix<double> copy = view;
    CHECK(view.valuePtr() == j.values().data());
    CHECK(view.nonZeros() == static_cast<Eigen::Index>(j.nonzeros()));
    CHECK(view.rows() == static_cast<Eigen::Index>(j.rows()));
    CHECK(view.cols() == static_cast<Eigen::Index>(j.cols()));
    for (int i = 0; i < view.rows(); ++i) {
      for (int k = 0; k < view.cols(); ++k) {
        const double element = j.at(static_cast<std::size_t>(i), static_cast<std::size_t>(k));
        CHECK(view.coeff(i, k) == element);
        CHECK(copy.coeff(i, k) == element);
      }
    }
  };
  check(duet::sparse_jacobian(arrowhead)(fixed));
  check(duet::sparse_jacobian(arrowhead)(x));
}
