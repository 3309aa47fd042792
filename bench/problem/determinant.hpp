// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

namespace bench {

template <class Loop>
struct MappedDeterminant;

/// GradBench's `det`: the determinant of a square matrix, given row by row, by expansion along the first row, of its
/// minors along the second, and so on down to single elements.
struct Determinant {
  std::size_t size;

  template <class T>
  T operator()(const std::vector<T>& matrix) const {
    Columns columns(size);
    return expand<T, 1>(matrix, columns,
                        [&](std::size_t row, const Columns& left) { return matrix[row * size + left.first()]; });
  }

  /// The same with minors of a few rows as one function each.
  template <class Loop>
  MappedDeterminant<Loop> mapped() const {
    return {*this};
  }

  /// The columns of a minor: those of the matrix without the ones that are taken out, in a ring that begins and ends
  /// with their number.
  class Columns {
   public:
    explicit Columns(std::size_t size) : next_(size + 1) {
      for (std::size_t j = 0; j <= size; ++j) {
        next_[j] = j == size ? 0 : j + 1;
      }
    }
    std::size_t end() const { return next_.size() - 1; }
    std::size_t first() const { return next_[end()]; }
    std::size_t after(std::size_t j) const { return next_[j]; }
    void take_out(std::size_t j, std::size_t before) { next_[before] = next_[j]; }
    void put_back(std::size_t j, std::size_t before) { next_[before] = j; }

   private:
    std::vector<std::size_t> next_;
  };

  /// The minor of the columns that are left and of the rows from `row` on. `last(row, columns)` is that of the last
  /// `Rows` rows.
  template <class T, std::size_t Rows, class Matrix, class Last>
  T expand(const Matrix& matrix, Columns& columns, const Last& last, std::size_t row = 0) const {
    if (row + Rows == size) return last(row, columns);
    T sum(0.0);
    bool minus = false;
    std::size_t before = columns.end();
    for (std::size_t j = columns.first(); j != columns.end(); j = columns.after(j)) {
      columns.take_out(j, before);
      const T minor = expand<T, Rows>(matrix, columns, last, row + 1);
      columns.put_back(j, before);
      if (minus) {
        sum -= matrix[row * size + j] * minor;
      } else {
        sum += matrix[row * size + j] * minor;
      }
      minus = !minus;
      before = j;
    }
    return sum;
  }
};

/// The determinant of a matrix of N rows, given row by row. The minors of the last rows are part of several larger
/// ones; each is worked out once.
template <std::size_t N>
struct SmallDeterminant {
  template <class T>
  constexpr T operator()(const std::array<T, N * N>& matrix) const {
    // of the columns in a set, and as many last rows
    std::array<T, 1 << N> minor{};
    [&]<std::size_t... Set>(std::index_sequence<Set...>) {
      ((minor[Set + 1] = expand<Set + 1>(matrix, minor, std::make_index_sequence<std::popcount(Set + 1)>())), ...);
    }
    (std::make_index_sequence<(1 << N) - 1>());
    return minor.back();
  }

 private:
  /// The k-th column of a set.
  static constexpr std::size_t column(std::size_t set, std::size_t k) {
    for (; k > 0; --k) {
      set &= set - 1;
    }
    return static_cast<std::size_t>(std::countr_zero(set));
  }

  template <std::size_t Set, class T, std::size_t First, std::size_t... K>
  static constexpr T expand(const std::array<T, N * N>& matrix, const std::array<T, 1 << N>& minor,
                            std::index_sequence<First, K...>) {
    constexpr std::size_t row = N - 1 - sizeof...(K);
    if constexpr (sizeof...(K) == 0) {
      return matrix[row * N + column(Set, 0)];
    } else {
      const auto term = [&](std::size_t k) -> T {
        const std::size_t j = column(Set, k);
        return matrix[row * N + j] * minor[Set & ~(std::size_t{1} << j)];
      };
      T sum = term(0);
      ((sum = K % 2 == 0 ? T(sum + term(K)) : T(sum - term(K))), ...);
      return sum;
    }
  }
};

template <class Loop>
struct MappedDeterminant {
  Determinant problem;

  template <class Row>
  auto operator()(const Row& x) const {
    constexpr std::size_t rows = 5;
    const auto matrix = Loop::numbers(x);
    using T = typename decltype(matrix)::value_type;
    const std::size_t size = problem.size;
    if (size < rows) return problem(matrix);
    Determinant::Columns columns(size);
    return problem.template expand<T, rows>(matrix, columns, [&](std::size_t row, const Determinant::Columns& left) {
      std::array<T, rows * rows> part;
      std::size_t j = left.first();
      for (std::size_t k = 0; k < rows; ++k) {
        for (std::size_t i = 0; i < rows; ++i) {
          part[i * rows + k] = matrix[(row + i) * size + j];
        }
        j = left.after(j);
      }
      return T(Loop::call(SmallDeterminant<rows>{}, part));
    });
  }
};

}  // namespace bench
