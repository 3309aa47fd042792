// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Eigen computes with variables of a tape: sweeps through products, inverses and norms give what matrix calculus does.
#include <doctest/doctest.h>

#include "matrices.hpp"

namespace {

using namespace matrices;

constexpr int n = 50;
const Matrix a = sample(1, n, n), w = sample(2, n, 2);

}  // namespace

TEST_CASE("products: A' += W B^T, B' += A^T W, also beside plain matrices and numbers") {
  Tape tape;
  const Matrix b = sample(4, n, 2);
  const Numbers x = variables(tape, a), y = variables(tape, b);
  const Numbers product = x * y;
  CHECK(close(primal(product), a * b));
  backward(tape, product, w);
  CHECK(close(grad(x), w * b.transpose()));
  CHECK(close(grad(y), a.transpose() * w));

  backward(tape, Numbers(x * b.cast<Number>()), w);
  CHECK(close(grad(x), w * b.transpose()));
  backward(tape, Numbers(a.cast<Number>() * y), w);
  CHECK(close(grad(y), a.transpose() * w));
  backward(tape, Numbers((x + a) * (y - 2 * b) * 3.0), w);
  CHECK(close(grad(x), -3 * w * b.transpose()));
  CHECK(close(grad(y), 6 * a.transpose() * w));
  backward(tape, Numbers(x.transpose() * y), w);
  CHECK(close(grad(x), b * w.transpose()));
  backward(tape, Numbers(x.cwiseProduct(a).rowwise().sum()), w.col(0));
  CHECK(close(grad(x), w.col(0).asDiagonal() * a));
}

TEST_CASE("the inverse: A' -= A^-T W A^-T") {
  for (int size : {3, 20}) {
    Tape tape;
    const Matrix b = sample(5, size, size), v = sample(6, size, size);
    const Numbers x = variables(tape, b), z = x.inverse();
    CHECK(close(primal(z), b.inverse()));
    backward(tape, z, v);
    CHECK(close(grad(x), -b.inverse().transpose() * v * b.inverse().transpose()));
  }
  Tape tape;
  const Eigen::Matrix3d b = sample(7, 3, 3), v = sample(8, 3, 3);
  const Eigen::Matrix<Number, 3, 3> x = variables(tape, b);  // by cofactors
  backward(tape, Numbers(x.inverse()), v);
  CHECK(close(grad(x), -b.inverse().transpose() * v * b.inverse().transpose()));
}

TEST_CASE("the determinant: A' += |A| A^-T") {
  Tape tape;
  const Matrix b = sample(9, 6, 6);
  const Numbers x = variables(tape, b);
  const Number d = x.determinant();
  CHECK(d.primal() == doctest::Approx(b.determinant()));
  tape.backward(d);
  CHECK(close(grad(x), b.determinant() * b.inverse().transpose()));
}

TEST_CASE("norms and reductions") {
  Tape tape;
  const Vector v = sample(10, n, 1);
  const NumberVector x = variables(tape, v);
  const auto slopes = [&](const Number& y) {
    tape.zero_grad();
    tape.backward(y);
    return grad(x);
  };
  CHECK(close(slopes(x.norm()), v / v.norm()));
  CHECK(close(slopes(x.squaredNorm()), 2 * v));
  CHECK(close(slopes(x.dot(x)), 2 * v));
  CHECK(close(slopes(x.dot(v)), v));
  CHECK(close(slopes(x.sum()), Vector::Ones(n)));
  CHECK(close(slopes(x.mean()), Vector::Ones(n) / n));
  CHECK(close(slopes(x.lpNorm<1>()), v.cwiseSign()));
  Vector largest = Vector::Zero(n);
  Eigen::Index at;
  v.maxCoeff(&at);
  largest[at] = 1;
  CHECK(close(slopes(x.maxCoeff()), largest));
  const Number product = x.array().exp().sum() + (x.array() * x.array()).sum() + x.normalized().sum();
  CHECK(close(slopes(product), v.array().exp().matrix() + 2 * v +
                                   (Vector::Ones(n) / v.norm() - v * v.sum() / std::pow(v.norm(), 3)).eval()));
}

TEST_CASE("matrices begin with passive zeros") {
  Tape tape;
  const Numbers zeros(3, 3);
  for (Eigen::Index i = 0; i < 9; ++i) CHECK((!zeros(i).is_recorded() && zeros(i) == 0));
  const std::size_t before = tape.memory();
  const Numbers identity = Numbers::Identity(3, 3) * 2;
  CHECK(tape.memory() == before);
  CHECK(identity.trace() == 6);
}
