// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Products of vectors and matrices, against loops.
#include <duet/tensor/create.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/linear.hpp>

#include "check.hpp"

using check::check_gradients;
using check::sample;
using duet::Shape;
using duet::ShapeError;
using duet::Tensor;

namespace {

/// The product of two matrices.
template <class T>
std::vector<T> naive(const T* a, const T* b, std::size_t m, std::size_t n, std::size_t k) {
  std::vector<T> c(m * n, T(0));
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t p = 0; p < k; ++p) c[i * n + j] += a[i * k + p] * b[p * n + j];
    }
  }
  return c;
}

template <class T>
bool is_near(const Tensor<T>& a, const Tensor<T>& b, double tolerance) {
  if (a.shape() != b.shape()) return false;
  const std::vector<T> x = a.vector(), y = b.vector();
  return std::equal(x.begin(), x.end(), y.begin(),
                    [&](T u, T v) { return std::abs(u - v) <= tolerance * (1 + std::abs(v)); });
}

template <class T>
Tensor<T> transposed(const Tensor<T>& x) {
  const std::size_t rows = x.shape()[0], columns = x.shape()[1];
  const std::vector<T> from = x.vector();
  std::vector<T> to(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) to[i % columns * rows + i / columns] = from[i];
  return check::tensor_of(to, {columns, rows});
}

}  // namespace

TEST_CASE_TEMPLATE("products of matrices of all sizes, transposed or not, are those of loops", T, double, float) {
  const double tolerance = sizeof(T) == 8 ? 1e-12 : 1e-4;
  for (std::size_t m : {1, 2, 5, 9, 33}) {
    for (std::size_t n : {1, 3, 8, 17, 40}) {
      for (std::size_t k : {1, 2, 7, 16, 50}) {
        const Tensor<T> a = sample<T>({m, k}, -1, 1, m), b = sample<T>({k, n}, -1, 1, n + k);
        const Tensor<T> c = check::tensor_of(naive(a.vector().data(), b.vector().data(), m, n, k), {m, n});
        INFO(m, " x ", k, " times ", k, " x ", n);
        CHECK(is_near(matmul(a, b), c, tolerance));
        CHECK(is_near(duet::tensor::product(transposed(a), true, b, false), c, tolerance));
        CHECK(is_near(duet::tensor::product(a, false, transposed(b), true), c, tolerance));
        CHECK(is_near(duet::tensor::product(transposed(a), true, transposed(b), true), c, tolerance));
        CHECK(is_near(linear(a, transposed(b)), c, tolerance));
      }
    }
  }
}

TEST_CASE("the shapes of products are those of NumPy") {
  const auto shape = [](const Shape& a, const Shape& b) {
    return duet::to_string(matmul(duet::ones(a), duet::ones(b)).shape());
  };
  CHECK(shape({3}, {3}) == "()");
  CHECK(shape({2, 3}, {3}) == "(2,)");
  CHECK(shape({2}, {2, 3}) == "(3,)");
  CHECK(shape({2, 3}, {3, 4}) == "(2, 4)");
  CHECK(shape({5, 2, 3}, {3}) == "(5, 2)");
  CHECK(shape({3}, {5, 3, 4}) == "(5, 4)");
  CHECK(shape({5, 2, 3}, {3, 4}) == "(5, 2, 4)");
  CHECK(shape({2, 3}, {5, 3, 4}) == "(5, 2, 4)");
  CHECK(shape({6, 1, 2, 3}, {5, 3, 4}) == "(6, 5, 2, 4)");
  CHECK(shape({0, 2, 3}, {3, 4}) == "(0, 2, 4)");
  CHECK(shape({2, 0}, {0, 4}) == "(2, 4)");
  CHECK(matmul(duet::ones({2, 0}), duet::ones({0, 4})).vector()[7] == 0);
}

TEST_CASE("batches broadcast") {
  const Tensor<double> a = sample({3, 1, 2, 4}), b = sample({5, 4, 3}, -1, 1, 1);
  const std::vector<double> x = a.vector(), y = b.vector(), c = matmul(a, b).vector();
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      const std::vector<double> one = naive(x.data() + i * 8, y.data() + j * 12, 2, 3, 4);
      for (std::size_t k = 0; k < 6; ++k) CHECK(c[(i * 5 + j) * 6 + k] == doctest::Approx(one[k]));
    }
  }
}

TEST_CASE("products have derivatives of any order, whatever broadcasts") {
  const auto matmul = [](const Tensor<double>& a, const Tensor<double>& b) { return duet::matmul(a, b); };
  const Shape shapes[][2] = {{{3}, {3}},
                             {{2, 3}, {3}},
                             {{2}, {2, 3}},
                             {{2, 3}, {3, 4}},
                             {{5, 2, 3}, {3}},
                             {{3}, {2, 3, 2}},
                             {{5, 2, 3}, {3, 2}},
                             {{2, 3}, {2, 3, 2}},
                             {{2, 2, 3}, {2, 3, 1}},
                             {{2, 1, 2, 3}, {3, 3, 2}},
                             {{1, 2, 2}, {3, 2, 2}}};
  for (const auto& s : shapes) {
    INFO(duet::to_string(s[0]), " times ", duet::to_string(s[1]));
    check_gradients(matmul, {sample(s[0]), sample(s[1], -1, 1, 1)});
  }
  const Tensor<double> x = duet::ones({3}).requires_grad();
  const Tensor<double> cubed = dot(x, x) * dot(x, x);
  const Tensor<double> first = duet::autograd::grad<double>({cubed}, {x}, {.create_graph = true})[0];
  const Tensor<double> second = duet::autograd::grad<double>({sum(first)}, {x}, {.create_graph = true})[0];
  const Tensor<double> third = duet::autograd::grad<double>({sum(second)}, {x}, {.create_graph = true})[0];
  for (double element : third.vector()) CHECK(element == doctest::Approx(8 * 3 + 16 * 3));
}

TEST_CASE("dot, outer, mv, mm and bmm take what their names say") {
  const auto rows = sample({4}), columns = sample({3}, -1, 1, 1), matrix = sample({4, 3}), batch = sample({2, 4, 3});
  const Tensor<double> o = outer(rows, columns);
  for (std::size_t i = 0; i < 12; ++i) CHECK(o.vector()[i] == rows.vector()[i / 3] * columns.vector()[i % 3]);
  CHECK(is_near(mv(matrix, columns), matmul(matrix, columns), 0));
  CHECK_THROWS_WITH_AS(dot(rows, columns), "dot: shapes (4,) and (3,) must be the same", ShapeError);
  CHECK_THROWS_WITH_AS(matmul(matrix, rows),
                       "matmul: shapes (4, 3) and (4,) can't be multiplied: rows of the first have 3 elements, columns "
                       "of the second 4",
                       ShapeError);
  CHECK_THROWS_AS(matmul(matrix, matrix), ShapeError);
  CHECK_THROWS_AS(matmul(matrix, Tensor<double>(1.0)), ShapeError);
  CHECK_THROWS_AS(dot(matrix, columns), ShapeError);
  CHECK_THROWS_AS(mv(columns, columns), ShapeError);
  CHECK_THROWS_AS(mm(matrix, columns), ShapeError);
  CHECK_THROWS_AS(bmm(batch, matrix), ShapeError);
  CHECK_THROWS_AS(bmm(batch, sample({3, 3, 4})), ShapeError);
  CHECK_THROWS_AS(matmul(sample({2, 4, 3}), sample({3, 3, 4})), ShapeError);
  check_gradients([](const auto& a, const auto& b) { return outer(a, b); }, {rows, columns});
  check_gradients([](const auto& a, const auto& b) { return bmm(a, b); }, {batch, sample({2, 3, 2})});
}

TEST_CASE("an affine map is one operation with the derivatives of its parts") {
  const auto map = [](const auto& x, const auto& w, const auto& b) { return linear(x, w, b); };
  check_gradients(map, {sample({4, 3}), sample({2, 3}), sample({2})});
  check_gradients(map, {sample({3}), sample({2, 3}), sample({2})});
  check_gradients(map, {sample({2, 2, 3}), sample({2, 3}), sample({2})});
  check_gradients([](const auto& x, const auto& w) { return linear(x, w); }, {sample({2, 2, 3}), sample({2, 3})});
  const Tensor<double> x = sample({4, 3}), w = sample({2, 3}), b = sample({2});
  Tensor<double> weight = w.copy().requires_grad();
  const Tensor<double> y = linear(x, weight, b), expected = matmul(x, transposed(w)) + b;
  CHECK(is_near(y, expected, 1e-15));
  CHECK(y.grad_fn()->name() == "Linear");
  CHECK(is_near<double>(linear(duet::ones({4, 0}), duet::ones({2, 0}), b), duet::zeros({4, 2}) + b, 0));
  CHECK_THROWS_AS(linear(x, b, b), ShapeError);
  CHECK_THROWS_AS(linear(x, sample({2, 4}), b), ShapeError);
  CHECK_THROWS_AS(linear(x, w, sample({3})), ShapeError);
}

TEST_CASE("factors that were changed in place afterwards are refused") {
  Tensor<double> a = sample({2, 2}), b = sample({2, 2});
  b.requires_grad();
  const Tensor<double> c = sum(matmul(a, b));
  a *= 2;
  CHECK_THROWS_AS(c.backward(), duet::InplaceError);
}
