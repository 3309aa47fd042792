// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include <duet/tree/tree.hpp>

namespace duet {

/// A dense matrix of fixed size, row by row: `J(i, j)` is the derivative of output i with respect to input j.
template <class T, std::size_t Rows, std::size_t Columns>
struct Matrix {
  std::array<T, Rows * Columns> elements{};

  static constexpr std::size_t rows() { return Rows; }
  static constexpr std::size_t cols() { return Columns; }
  constexpr const T* data() const { return elements.data(); }
  constexpr T* data() { return elements.data(); }
  constexpr const T& operator()(std::size_t i, std::size_t j) const { return elements[i * Columns + j]; }
  constexpr T& operator()(std::size_t i, std::size_t j) { return elements[i * Columns + j]; }
  constexpr bool operator==(const Matrix& other) const requires std::equality_comparable<T> {
    return elements == other.elements;
  }
};

/// As a structure a matrix is its elements.
template <class T, std::size_t R, std::size_t C>
struct tree::Structure<Matrix<T, R, C>> : tree::Structure<std::array<T, R * C>> {
  template <class S>
  using rebound = Matrix<tree::rebind_element<T, S>, R, C>;

  [[gnu::always_inline]] static constexpr auto& at(auto& x, std::size_t i) { return x.data()[i]; }
};

}  // namespace duet
