// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <string>
#include <vector>

#include <duet/graph/pattern.hpp>
#include <duet/op/error.hpp>
#include <duet/transform/dynamic_matrix.hpp>
#include <duet/transform/matrix.hpp>

/// Sparse matrices by compressed rows.
namespace duet {

namespace transform {

/// What sparse matrices have in common: `M` has `pattern()` and `values()`.
template <class M>
struct CompressedRows {
  constexpr std::size_t rows() const { return self().pattern().rows(); }
  constexpr std::size_t cols() const { return self().pattern().cols(); }
  /// How many entries are kept; some may be zero.
  constexpr std::size_t nonzeros() const { return self().pattern().nonzeros(); }
  /// The entries of row i are those from number row_offsets()[i] up to row_offsets()[i + 1].
  constexpr const auto& row_offsets() const { return self().pattern().row_offsets(); }
  /// The column of each entry; ascending within a row.
  constexpr const auto& columns() const { return self().pattern().columns(); }

  /// Element (i, j), zero where there is no entry. Cost: logarithmic in the length of the row.
  constexpr auto at(std::size_t i, std::size_t j) const {
    using T = std::remove_cvref_t<decltype(self().values()[0])>;
    if (i >= rows() || j >= cols()) {
      throw ShapeError("duet: a matrix was asked for an element that is outside of it, (" + std::to_string(i) + ", " +
                       std::to_string(j) + ")");
    }
    int low = row_offsets()[i], high = row_offsets()[i + 1];
    while (low < high) {
      const int middle = low + (high - low) / 2;
      (columns()[static_cast<std::size_t>(middle)] < static_cast<int>(j) ? low : high) =
          columns()[static_cast<std::size_t>(middle)] < static_cast<int>(j) ? middle + 1 : middle;
    }
    const bool found = low < row_offsets()[i + 1] && columns()[static_cast<std::size_t>(low)] == static_cast<int>(j);
    return found ? self().values()[static_cast<std::size_t>(low)] : T(0);
  }

 protected:
  /// Writes the entries to a dense matrix of zeros.
  constexpr void write_to(auto& dense) const {
    for (std::size_t i = 0; i < rows(); ++i) {
      for (int k = row_offsets()[i]; k < row_offsets()[i + 1]; ++k) {
        dense(i, static_cast<std::size_t>(columns()[static_cast<std::size_t>(k)])) =
            self().values()[static_cast<std::size_t>(k)];
      }
    }
  }

 private:
  constexpr const M& self() const { return static_cast<const M&>(*this); }
};

}  // namespace transform

/// A sparse matrix whose pattern, `P::pattern`, is part of its type: it holds nothing but the values of the entries.
template <class T, class P>
struct SparseMatrix : transform::CompressedRows<SparseMatrix<T, P>> {
  std::array<T, P::pattern.nonzeros()> elements{};

  static constexpr const auto& pattern() { return P::pattern; }
  /// The values of the entries, row by row.
  constexpr const auto& values() const { return elements; }
  constexpr auto& values() { return elements; }
  constexpr Matrix<T, P::pattern.rows(), P::pattern.cols()> dense() const {
    Matrix<T, P::pattern.rows(), P::pattern.cols()> result{};
    this->write_to(result);
    return result;
  }
};

/// A sparse matrix whose pattern is only known at run time.
template <class T>
class DynamicSparseMatrix : public transform::CompressedRows<DynamicSparseMatrix<T>> {
 public:
  DynamicSparseMatrix() = default;
  explicit DynamicSparseMatrix(graph::Pattern pattern) : pattern_(std::move(pattern)), values_(pattern_.nonzeros()) {}

  const graph::Pattern& pattern() const { return pattern_; }
  /// The values of the entries, row by row.
  const std::vector<T>& values() const { return values_; }
  std::vector<T>& values() { return values_; }
  DynamicMatrix<T> dense() const {
    DynamicMatrix<T> result(this->rows(), this->cols());
    this->write_to(result);
    return result;
  }

 private:
  graph::Pattern pattern_;
  std::vector<T> values_;
};

}  // namespace duet
