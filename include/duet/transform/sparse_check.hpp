// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstdint>

#include <duet/transform/jacobian_products.hpp>
#include <duet/transform/sparse_matrix.hpp>
#include <duet/transform/tape_structures.hpp>

/// Whether a sparse matrix is the Jacobian of a function, by its products with arbitrary numbers.
namespace duet::transform {

/// An arbitrary number between 1/2 and 3/2, for each k and l.
inline double arbitrary(std::size_t k, std::size_t l) {
  const std::uint64_t mixed = (3 * k + l + 1) * 0x9E37'79B9'7F4A'7C15u;
  return 0.5 + static_cast<double>(mixed >> 11) * 0x1p-53;
}

/// A sum, and how large its terms are together.
template <class T>
struct SizedSum {
  T sum{0}, size{0};

  void add(const T& term) {
    sum = sum + term;
    size = size + (term < T(0) ? T(-term) : term);
  }
  /// Whether `x` is the sum but for rounding.
  bool is_close_to(const T& x) const {
    const T difference = x - sum, most = 1e-9 * size;
    return !(difference < -most) && !(most < difference);
  }
};

/// Whether the products of the matrix with some directions are those of the Jacobian of `f` at `x...`.
template <class T, class F, class W, class... X>
bool agrees_by_columns(const DynamicSparseMatrix<T>& matrix, const F& f, JacobianProducts<F, W, X...>& products,
                       const X&... x) {
  using Products = JacobianProducts<F, W, X...>;
  constexpr int few = Products::few;
  const auto direction = [](std::size_t k, int l) { return T(arbitrary(k, static_cast<std::size_t>(l))); };
  const graph::Pattern& p = matrix.pattern();
  bool agrees = true;
  Products::template for_each_row<few>(
      products.template evaluate<few>(f, Products::unnamed, direction, x...),
      [&](int i, const std::array<T, few>& product) {
        for (int l = 0; l < few; ++l) {
          SizedSum<T> sum;
          for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) {
            sum.add(matrix.values()[static_cast<std::size_t>(k)] * direction(static_cast<std::size_t>(p.places[k]), l));
          }
          agrees = agrees && sum.is_close_to(product[static_cast<std::size_t>(l)]);
        }
      });
  return agrees;
}

/// Whether a weighted sum of the rows of the matrix is that of the recorded call's Jacobian.
template <class T, class C>
bool agrees_by_rows(const DynamicSparseMatrix<T>& matrix, const RecordedCall<C>& recorded) {
  std::vector<T> weights;
  for (std::size_t i = 0; i < recorded.outputs.size(); ++i) weights.push_back(T(arbitrary(i, 0)));
  recorded.tape->backward(recorded.outputs, weights);
  const graph::Pattern& p = matrix.pattern();
  std::vector<SizedSum<T>> sums(p.cols());
  for (std::size_t i = 0; i < p.rows(); ++i) {
    for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) {
      sums[static_cast<std::size_t>(p.places[k])].add(matrix.values()[static_cast<std::size_t>(k)] * weights[i]);
    }
  }
  bool agrees = true;
  for (std::size_t j = 0; j < p.cols(); ++j) agrees = agrees && sums[j].is_close_to(recorded.derivatives()[j]);
  return agrees;
}

}  // namespace duet::transform
