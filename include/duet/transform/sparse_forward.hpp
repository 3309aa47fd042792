// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/forward.hpp>
#include <duet/graph/pattern.hpp>
#include <duet/graph/star_colouring.hpp>
#include <duet/transform/sparse_matrix.hpp>

/// Sparse Jacobians by forward mode where the pattern is a constant: so are the colours.
namespace duet::transform {

/// The colours of the columns of `P::pattern`, and where the entries are read: places in the matrix that has a row for
/// each row and a column for each colour.
template <class P, bool Symmetric>
struct Colours {
  static constexpr graph::Colouring make() {
    if constexpr (Symmetric) {
      return graph::colour_symmetric(graph::thaw(P::pattern));
    } else {
      return graph::colour_columns(graph::thaw(P::pattern));
    }
  }
  static constexpr int count = [] { return make().count; }();
  static constexpr auto of = [] {
    const graph::Colouring colouring = make();
    std::array<int, P::pattern.cols()> result{};
    for (std::size_t j = 0; j < result.size(); ++j) result[j] = colouring.of[j];
    return result;
  }();
  static constexpr auto places = [] {
    std::array<int, P::pattern.nonzeros()> result{};
    const auto read = [&](int row, int colour, int entry) {
      result[static_cast<std::size_t>(entry)] = row * count + colour;
    };
    if constexpr (Symmetric) {
      const graph::Recovery r = graph::recovery(graph::thaw(P::pattern), make());
      for (int i = 0; i < static_cast<int>(P::pattern.rows()); ++i) {
        for (int k = r.offsets[i]; k < r.offsets[i + 1]; ++k) {
          read(i, r.reads[k].colour, r.reads[k].entry);
          read(i, r.reads[k].colour, r.reads[k].mate);
        }
      }
    } else {
      for (std::size_t i = 0; i < P::pattern.rows(); ++i) {
        for (int k = P::pattern.offsets[i]; k < P::pattern.offsets[i + 1]; ++k) {
          const auto column = static_cast<std::size_t>(P::pattern.places[static_cast<std::size_t>(k)]);
          read(static_cast<int>(i), of[column], k);
        }
      }
    }
    return result;
  }();
};

/// The entries with pattern `P` of the Jacobian of the flat function `f` at variables `v`, parameters `p`, by duals
/// with a direction for each colour; together with the value, built as a `Value`, if `Both`.
template <class Value, class P, bool Symmetric, bool Both, class F, class V, class Q>
constexpr auto entries_by_colours(const F& f, const V& v, const Q& p) {
  using C = Colours<P, Symmetric>;
  using T = typename V::number;
  constexpr int n = V::size, m = static_cast<int>(P::pattern.rows());
  using D = Dual<T, (C::count < Forward::width ? (C::count > 0 ? C::count : 1) : Forward::width), F>;
  using Result = decltype(f.call(tree::Leaves<D, n>{}, p));
  using Leaf = typename tree::common_leaf<Result>::type;
  using S = std::common_type_t<T, decltype(level::primal<D>(std::declval<const Leaf&>()))>;
  const auto primals = tree::to_array<T>(v);
  std::array<S, static_cast<std::size_t>(m)> values{};
  std::array<S, static_cast<std::size_t>(m * C::count)> sums{};
  for (int first = 0; first == 0 || first < C::count; first += D::directions) {
    std::array<D, static_cast<std::size_t>(n)> x;
    for (std::size_t j = 0; j < x.size(); ++j) {
      const int lane = C::of[j] - first;
      x[j] = lane >= 0 && lane < D::directions ? D::variable(primals[j], lane) : D(primals[j]);
    }
    const auto y = f.call(tree::Leaves<D, n>{x.data()}, p);
    std::size_t row = 0;
    tree::for_each_leaf(y, [&](const auto& leaf) {
      values[row] = S(level::primal<D>(leaf));
      for (int l = 0; l < D::directions && first + l < C::count; ++l) {
        sums[row * static_cast<std::size_t>(C::count) + static_cast<std::size_t>(first + l)] =
            S(level::tangent<D>(leaf, l));
      }
      ++row;
    });
  }
  SparseMatrix<S, P> entries;
  for (std::size_t k = 0; k < entries.elements.size(); ++k) {
    entries.elements[k] = sums[static_cast<std::size_t>(C::places[k])];
  }
  if constexpr (Both) {
    return std::pair(tree::build<Value>(tree::Leaves<S, m>{values.data()}), entries);
  } else {
    return entries;
  }
}

}  // namespace duet::transform
