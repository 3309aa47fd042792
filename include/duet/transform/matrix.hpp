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
struct tree::Structure<Matrix<T, R, C>> : tree::Structure<std::array<T, R * C>> {};
template <class T, std::size_t R, std::size_t C, class S>
struct tree::rebound<Matrix<T, R, C>, S> {
  using type = Matrix<typename tree::rebound<T, S>::type, R, C>;
};
template <class T, std::size_t R, std::size_t C>
struct tree::common_leaf<Matrix<T, R, C>> : tree::common_leaf<T> {};

/// For access to elements by their place in a row, as `std::get` gives for arrays.
template <std::size_t I, class T, std::size_t R, std::size_t C>
constexpr T& get(Matrix<T, R, C>& m) {
  return m.elements[I];
}
template <std::size_t I, class T, std::size_t R, std::size_t C>
constexpr const T& get(const Matrix<T, R, C>& m) {
  return m.elements[I];
}

}  // namespace duet

template <class T, std::size_t R, std::size_t C>
struct std::tuple_size<duet::Matrix<T, R, C>> : std::integral_constant<std::size_t, R * C> {};
template <std::size_t I, class T, std::size_t R, std::size_t C>
struct std::tuple_element<I, duet::Matrix<T, R, C>> {
  using type = T;
};
