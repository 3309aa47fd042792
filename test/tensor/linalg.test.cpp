// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Equations, determinants and decompositions: what they promise, multiplied out, and their derivatives.
#include <duet/tensor/linalg/decompose.hpp>

#include "check.hpp"

using check::check_gradients;
using check::sample;
using duet::Shape;
using duet::Tensor;

namespace {

/// A matrix far from singular, without symmetry.
Tensor<double> matrix(std::size_t n, double diagonal = 2) {
  Tensor<double> a = sample({n, n});
  for (std::size_t i = 0; i < n; ++i) a.data()[i * n + i] += diagonal + 0.3 * static_cast<double>(i);
  return a;
}

template <class T>
void check_near(const Tensor<T>& a, const Tensor<T>& b, double tolerance = 1e-12) {
  REQUIRE(duet::to_string(a.shape()) == duet::to_string(b.shape()));
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a.data()[i] - b.data()[i]) <= tolerance);
}

/// The determinant by expansion along the first row.
double expanded(const std::vector<std::vector<double>>& a) {
  if (a.empty()) return 1;
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    std::vector<std::vector<double>> minor;
    for (std::size_t i = 1; i < a.size(); ++i) {
      minor.push_back(a[i]);
      minor.back().erase(minor.back().begin() + static_cast<std::ptrdiff_t>(j));
    }
    sum += (j % 2 == 0 ? 1 : -1) * a[0][j] * expanded(minor);
  }
  return sum;
}
double expanded(const Tensor<double>& a) {
  const std::size_t n = a.shape()[0];
  std::vector<std::vector<double>> rows(n);
  for (std::size_t i = 0; i < n * n; ++i) rows[i / n].push_back(a.data()[i]);
  return expanded(rows);
}

const auto solve = [](const auto& a, const auto& b) { return duet::solve(a, b); };

}  // namespace

TEST_CASE_TEMPLATE("solutions fulfil their equations", T, double, float) {
  const double tolerance = sizeof(T) == 8 ? 1e-12 : 1e-4;
  for (std::size_t n : {1, 2, 3, 7, 20}) {
    Tensor<T> a = sample<T>({n, n});  // rows have to be exchanged
    for (std::size_t i = 0; i < n; ++i) a.data()[i * n + (i + 1) % n] += T(3);
    const Tensor<T> vector = sample<T>({n}), columns = sample<T>({n, 4}, -1, 1, 1);
    check_near<T>(matmul(a, duet::solve(a, vector)), vector, tolerance);
    check_near<T>(matmul(a, duet::solve(a, columns)), columns, tolerance);
    check_near<T>(matmul(inverse(a), a), duet::eye<T>(n), tolerance);
    const duet::Triangle kinds[] = {{}, {.upper = true}, {.transposed = true}, {.upper = true, .unitriangular = true}};
    for (const duet::Triangle& of : kinds) {
      Tensor<T> t = a.copy();
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          T& element = t.data()[i * n + j];
          if (i == j) {
            element = of.unitriangular ? T(1) : element + T(4);
          } else {
            element = (of.upper ? i < j : i > j) ? element / T(4) : T(0);
          }
        }
      }
      const Tensor<T> x = triangular_solve(t, columns, of);
      check_near<T>(duet::tensor::product(t, of.transposed, x, false), columns, tolerance);
    }
  }
}

TEST_CASE("solutions and inverses have derivatives of any order") {
  for (std::size_t n : {1, 2, 4}) {
    Tensor<double> a = matrix(n);
    if (n == 2) std::swap_ranges(a.data(), a.data() + 2, a.data() + 2);  // with an exchange of rows
    check_gradients(solve, {a, sample({n})});
    check_gradients(solve, {a, sample({n, 3})});
    check_gradients([](const Tensor<double>& x) { return inverse(x); }, {a});
    for (const duet::Triangle& of :
         {duet::Triangle{}, {.upper = true}, {.transposed = true}, {.unitriangular = true}}) {
      check_gradients([&](const auto& t, const auto& b) { return triangular_solve(t, b, of); }, {a, sample({n, 2})});
    }
  }
}

TEST_CASE("determinants are those of Laplace's expansion, with derivatives") {
  for (std::size_t n : {1, 2, 3, 5}) {
    Tensor<double> a = matrix(n, 3);
    if (n > 1) std::swap_ranges(a.data(), a.data() + n, a.data() + n);
    const double expected = expanded(a);
    CHECK(det(a).item() == doctest::Approx(expected).epsilon(1e-12));
    const auto s = slogdet(a);
    CHECK(s.sign.item() == (expected > 0 ? 1 : -1));
    CHECK(s.logabsdet.item() == doctest::Approx(std::log(std::abs(expected))).epsilon(1e-12));
    check_gradients([](const Tensor<double>& x) { return det(x); }, {a});
    check_gradients([](const Tensor<double>& x) { return slogdet(x).logabsdet; }, {a});
  }
}

TEST_CASE("singular matrices, and shapes that do not fit, are errors") {
  Tensor<double> a{{1, 2}, {2, 4}};
  const Tensor<double> b = sample({2});
  CHECK_THROWS_WITH_AS(duet::solve(a, b), "solve: a matrix of shape (2, 2) is singular", duet::Error);
  CHECK_THROWS_WITH_AS(inverse(a), "inverse: a matrix of shape (2, 2) is singular", duet::Error);
  CHECK_THROWS_AS(triangular_solve(Tensor<double>{{0, 0}, {1, 1}}, b), duet::Error);
  CHECK_THROWS_AS(cholesky(Tensor<double>{{1, 2}, {2, 1}}), duet::Error);
  CHECK(det(a).item() == 0);
  CHECK(slogdet(a).sign.item() == 0);
  CHECK(slogdet(a).logabsdet.item() == -INFINITY);
  a.requires_grad();
  CHECK_THROWS_AS(det(a).backward(), duet::Error);
  CHECK_THROWS_AS(duet::solve(sample({2, 3}), b), duet::ShapeError);
  CHECK_THROWS_AS(duet::solve(sample({3, 3}), b), duet::ShapeError);
  CHECK_THROWS_AS(det(b), duet::ShapeError);
  CHECK_THROWS_AS(qr(b), duet::ShapeError);
  CHECK_THROWS_AS(svd(b), duet::ShapeError);
  CHECK_THROWS_AS(eigh(sample({2, 3})), duet::ShapeError);
}

TEST_CASE("a triangle times its transpose is what it was made of") {
  for (std::size_t n : {1, 2, 4, 9}) {
    const Tensor<double> root = matrix(n), a = duet::tensor::product(root, false, root, true), l = cholesky(a);
    check_near<double>(duet::tensor::product(l, false, l, true), a);
    for (std::size_t i = 0; i < n * n; ++i) CHECK((i % n <= i / n || l.data()[i] == 0));
    if (n < 9) check_gradients([](const Tensor<double>& x) { return cholesky(x); }, {a});
  }
}

TEST_CASE("orthonormal columns and a triangle") {
  for (const Shape& shape : {Shape{3, 3}, Shape{5, 2}, Shape{2, 4}, Shape{1, 1}}) {
    const Tensor<double> a = sample(shape);
    const auto [q, r] = qr(a);
    const std::size_t k = std::min(shape[0], shape[1]);
    check_near<double>(matmul(q, r), a);
    check_near<double>(duet::tensor::product(q, true, q, false), duet::eye(k));
    for (std::size_t i = 0; i < r.size(); ++i) CHECK((i % shape[1] >= i / shape[1] || r.data()[i] == 0));
    if (shape[0] < shape[1]) continue;
    check_gradients([](const Tensor<double>& x) { return qr(x).q; }, {a});
    check_gradients([](const Tensor<double>& x) { return qr(x).r; }, {a});
    check_gradients([](const Tensor<double>& x) { return matmul(qr(x).q, exp(Tensor<double>(qr(x).r))); }, {a});
  }
  const Tensor<double> wide = sample({2, 3}).requires_grad();
  CHECK_THROWS_AS(sum(qr(wide).r).backward(), duet::Error);
}

TEST_CASE("eigenvalues and eigenvectors") {
  for (std::size_t n : {1, 2, 4}) {
    const Tensor<double> a = matrix(n), turned = transpose(a);
    const auto [values, vectors] = eigh(a);
    check_near<double>(matmul(vectors * values, transpose(vectors)), (a + turned) / 2);
    check_near<double>(matmul(transpose(vectors), vectors), duet::eye(n));
    for (std::size_t i = 1; i < n; ++i) CHECK(values.data()[i - 1] < values.data()[i]);
    check_gradients([](const Tensor<double>& x) { return eigh(x).values; }, {a}, 1e-7);
    check_gradients([](const Tensor<double>& x) { return eigh(x).vectors; }, {a}, 1e-7);
    check_gradients(
        [](const Tensor<double>& x) {
          const auto y = eigh(x);
          return Tensor<double>(y.vectors * y.values);
        },
        {a}, 1e-7);
  }
  Tensor<double> same = duet::eye(3).requires_grad();
  sum(eigh(same).values).backward();
  check_near<double>(same.grad(), duet::eye(3));
}

TEST_CASE("singular values and vectors") {
  for (const Shape& shape : {Shape{3, 3}, Shape{4, 2}, Shape{2, 3}, Shape{1, 1}}) {
    Tensor<double> a = sample(shape);
    const std::size_t k = std::min(shape[0], shape[1]);
    for (std::size_t i = 0; i < k; ++i) a.data()[i * shape[1] + i] += 1 + static_cast<double>(i);
    const auto [u, s, vh] = svd(a);
    check_near<double>(matmul(u * s, vh), a);
    check_near<double>(matmul(transpose(u), u), duet::eye(k));
    check_near<double>(matmul(vh, transpose(vh)), duet::eye(k));
    for (std::size_t i = 1; i < k; ++i) CHECK(s.data()[i - 1] > s.data()[i]);
    check_gradients([](const Tensor<double>& x) { return svd(x).s; }, {a}, 1e-7);
    check_gradients([](const Tensor<double>& x) { return svd(x).u; }, {a}, 1e-7);
    check_gradients([](const Tensor<double>& x) { return svd(x).vh; }, {a}, 1e-7);
    check_gradients(
        [](const Tensor<double>& x) {
          const auto y = svd(x);
          return Tensor<double>(matmul(y.u, y.vh * 2) + sum(y.s));
        },
        {a}, 1e-7);
  }
}

TEST_CASE("the second results of an operation have gradients when the first are not used") {
  const Tensor<double> x = matrix(3).requires_grad();
  const Tensor<double> y = qr(x).r;
  CHECK(y.grad_fn()->name() == "QR");
  CHECK(duet::autograd::grad<double>({sum(y)}, {x})[0].size() == 9);
}
