// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Derivatives most of whose elements are always zero.

#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include <Eigen/Sparse>
#include <duet/eigen.hpp>
#include <duet/sparse.hpp>

// Neighbours in a row: every result depends on at most three of the arguments.
constexpr auto diffusion = [](const auto& x) {
  auto y = x;
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i] = (3 - 2 * x[i]) * x[i] + 1;
    if (i > 0) y[i] = y[i] - x[i - 1];
    if (i + 1 < x.size()) y[i] = y[i] - 2 * x[i + 1];
  }
  return y;
};

// The pattern of a function on the static tape is a constant.
using Four = std::array<double, 4>;
constexpr const auto& pattern = duet::jacobian_pattern<decltype(diffusion), Four>;
static_assert(pattern.rows() == 4 && pattern.cols() == 4 && pattern.nonzeros() == 10);
static_assert(pattern.row_offsets()[1] == 2 && pattern.columns()[2] == 0);

// It is part of the type of the matrix, which holds ten numbers and nothing else.
constexpr auto j = duet::sparse_jacobian(diffusion)(Four{1, 2, 3, 4});
static_assert(sizeof(j) == 10 * sizeof(double));
static_assert(j.at(1, 0) == -1 && j.at(1, 1) == -5 && j.at(1, 2) == -2 && j.at(1, 3) == 0);
static_assert(j.dense() == duet::jacobian(diffusion)(Four{1, 2, 3, 4}));

// The same by forward mode: three evaluations' worth of directions, since three colours do.
static_assert(duet::sparse_jacobian<duet::Forward>(diffusion)(Four{1, 2, 3, 4}).values() == j.values());

// Second derivatives
constexpr auto energy = [](const auto& x) {
  auto sum = x[0] * x[0];
  for (std::size_t i = 1; i < x.size(); ++i) sum = sum + x[i] * x[i] * x[i - 1];
  return sum;
};
static_assert(duet::hessian_pattern<decltype(energy), Four>.nonzeros() == 10);
static_assert(duet::sparse_hessian(energy)(Four{1, 2, 3, 4}).at(2, 3) == 8);

// Sizes that are known at run time, and steps of Newton's method: the pattern is found once.
std::vector<double> solve(std::vector<double> x) {
  auto plan = duet::sparse_jacobian(diffusion).plan(x);
  Eigen::SparseLU<Eigen::SparseMatrix<double>> lu;
  for (int step = 0; step < 20; ++step) {
    const auto [y, j] = plan.value_and_matrix(x);
    const Eigen::SparseMatrix<double> matrix = duet::eigen::as_sparse(j);
    lu.compute(matrix);
    const Eigen::VectorXd change = lu.solve(Eigen::Map<const Eigen::VectorXd>(y.data(), matrix.rows()));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] -= change[static_cast<Eigen::Index>(i)];
    if (change.norm() < 1e-12) break;
  }
  return x;
}

// A function that branches may have another pattern elsewhere.
bool follows_the_branch() {
  const auto f = [](const auto& x) {
    auto y = x;
    y[1] = x[0] * x[1];
    if (x[2] > 0) y[0] = x[0] + x[2];
    return y;
  };
  const std::vector<double> here{1, 2, -3}, there{1, 2, 3};
  auto plan = duet::sparse_jacobian(f).plan(here);
  if (!plan.covers(there)) plan.refresh(there);
  return plan(there).at(0, 2) == 1;
}

int main() {
  const std::vector<double> x = solve(std::vector<double>(1000, -1.0));
  double worst = 0;
  for (double y : diffusion(x)) worst = std::fmax(worst, std::fabs(y));
  std::printf("residual of 1000 equations: %.1e\n", worst);
  return worst < 1e-10 && follows_the_branch() ? 0 : 1;
}
