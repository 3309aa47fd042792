// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>

#include <Eigen/Dense>

#include <duet/eigen.hpp>
#include <duet/tape/record.hpp>

/// Matrices of variables, and what sweeps say of them.
namespace matrices {

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Numbers = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;
using NumberVector = Eigen::Matrix<Number, Eigen::Dynamic, 1>;

/// Well-conditioned matrices that differ from seed to seed.
inline Matrix sample(int seed, Eigen::Index rows, Eigen::Index cols) {
  Matrix a(rows, cols);
  for (Eigen::Index i = 0; i < rows; ++i) {
    for (Eigen::Index j = 0; j < cols; ++j) {
      a(i, j) = std::sin(1.3 * seed + 2.1 * double(i) + 3.7 * double(j) + 0.4 * double(i * j));
      if (i == j) a(i, j) += double(rows) / 3 + 3;
    }
  }
  return a;
}

inline auto variables(Tape& tape, const Matrix& a) {
  return Numbers(a.unaryExpr([&](double x) { return tape.variable(x); }));
}
template <class M>
Matrix primal(const M& a) {
  return a.unaryExpr([](const Number& x) { return x.primal(); });
}
template <class M>
Matrix grad(const M& a) {
  return a.unaryExpr([](const Number& x) { return x.grad(); });
}

/// The sweep from `y`, with the seeds `w`.
template <class M>
void backward(Tape& tape, const M& y, const Matrix& w) {
  tape.zero_grad();
  const Numbers outputs = y;
  tape.backward({outputs.data(), std::size_t(outputs.size())}, {w.data(), std::size_t(w.size())});
}

inline bool close(const Matrix& a, const Matrix& b) { return a.isApprox(b, 1e-10); }

}  // namespace matrices
