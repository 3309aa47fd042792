// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Results that are too large for caches are stored past them.
#include <doctest/doctest.h>

#include <duet/tensor.hpp>

namespace {

using duet::Tensor;

template <class T>
Tensor<T> wave(const duet::Shape& shape, int step) {
  auto x = Tensor<T>::uninitialized(shape);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<T>((static_cast<int>(i % 1000) * step) % 17 - 8);
  return x;
}

/// Value and gradients of sums of squares, of which all numbers are whole and so exact.
template <class T>
void check(const duet::Shape& shape) {
  Tensor<T> x = wave<T>(shape, 3), y = wave<T>(shape, 5);
  const T factor = 3;
  Tensor<T> z = x * y + factor;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < z.size(); ++i) wrong += z.data()[i] != x.data()[i] * y.data()[i] + factor;
  CHECK(wrong == 0);

  x.requires_grad();
  y.requires_grad();
  const Tensor<T> loss = sum(square(x * y));
  loss.backward();
  for (std::size_t i = 0; i < z.size(); ++i) {
    const T a = x.data()[i], b = y.data()[i];
    wrong += x.grad().data()[i] != 2 * a * b * b;
    wrong += y.grad().data()[i] != 2 * a * a * b;
  }
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("large statements and their gradients are those of each element, whatever remains at the end") {
  const std::size_t count = std::size_t{1} << 21;
  check<double>({count});
  check<double>({count + 3});
  check<float>({2 * count + 5});
}

TEST_CASE("rows of a large broadcast need not be aligned") {
  const std::size_t rows = 700, row = 3001;
  const Tensor<double> x = wave<double>({rows, row}, 3), y = wave<double>({rows, 1}, 7), z = x * y;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < row; ++j) wrong += z.data()[i * row + j] != x.data()[i * row + j] * y.data()[i];
  }
  CHECK(wrong == 0);
}
