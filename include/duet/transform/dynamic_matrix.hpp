// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <vector>

#include <duet/transform/matrix.hpp>
#include <duet/tree/sequence.hpp>

namespace duet {

/// A dense matrix whose size is only known at run time, row by row; see `Matrix`.
template <class T>
class DynamicMatrix {
 public:
  DynamicMatrix() = default;
  DynamicMatrix(std::size_t rows, std::size_t columns) : rows_(rows), columns_(columns), elements_(rows * columns) {}

  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return columns_; }
  const T* data() const { return elements_.data(); }
  T* data() { return elements_.data(); }
  const T& operator()(std::size_t i, std::size_t j) const { return elements_[i * columns_ + j]; }
  T& operator()(std::size_t i, std::size_t j) { return elements_[i * columns_ + j]; }
  bool operator==(const DynamicMatrix&) const requires std::equality_comparable<T>
  = default;

  /// As a structure a matrix is its elements.
  auto begin() { return elements_.begin(); }
  auto end() { return elements_.end(); }
  auto begin() const { return elements_.begin(); }
  auto end() const { return elements_.end(); }
  std::size_t size() const { return elements_.size(); }
  std::array<std::size_t, 2> shape() const { return {rows_, columns_}; }
  void resize(const std::array<std::size_t, 2>& shape) { *this = DynamicMatrix(shape[0], shape[1]); }

 private:
  std::size_t rows_ = 0, columns_ = 0;
  std::vector<T> elements_;
};

template <class T>
struct tree::Structure<DynamicMatrix<T>> : tree::Sequence<T> {
  template <class S>
  using rebound = DynamicMatrix<tree::rebind_element<T, S>>;
};

}  // namespace duet
