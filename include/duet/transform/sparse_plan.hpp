// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/dependence.hpp>
#include <duet/transform/named.hpp>
#include <duet/transform/sparse_check.hpp>
#include <duet/transform/sparse_rows.hpp>

/// Sparse derivatives of functions whose size is only known at run time.
namespace duet {

/// The Jacobian of `F` at arguments of types `X...` (the Hessian of the function whose gradient it is, if `Symmetric`),
/// for many points: pattern and colours are found once. Columns of one colour have no row in common, so their sum tells
/// all of them, and costs one direction of forward mode; or likewise rows, and reverse mode, where that is cheaper.
///
/// The pattern is that of a recording. A function that takes other branches elsewhere may have other entries there:
/// `refresh` finds the pattern anew. An entry outside of the pattern that shows itself, as a sum that should be zero,
/// is a PatternError; one that falls on top of another entry is noticed by `covers` alone, which takes another
/// evaluation.
template <bool Symmetric, Mode M, class F, class W, class... X>
class SparsePlan {
  using Call = transform::Call<F, W, X...>;
  using Products = transform::JacobianProducts<F, W, X...>;

 public:
  using scalar = typename Call::number;

  /// Finds the pattern at `x...` and colours it. Cost: recording `F` once, and one sweep through the recording, which
  /// takes time for each input that a variable depends on (graph/dependence.hpp); the colouring takes time for each
  /// pair of entries that stand in one row.
  explicit SparsePlan(const F& f, const X&... x) : f_(f) { refresh(x...); }

  /// The matrix at `x...`, valid until the next call. Arguments of other sizes are a ShapeError. Cost: for each three
  /// or eight colours one evaluation of `F` on duals with as many directions, or for each eight one sweep through a
  /// recording.
  const DynamicSparseMatrix<scalar>& operator()(const X&... x) {
    evaluate<false>(x...);
    return matrix_;
  }
  /// The same together with the value of `F`, which comes for nothing.
  auto value_and_matrix(const X&... x) {
    auto value = evaluate<true>(x...);
    return std::pair<decltype(value), const DynamicSparseMatrix<scalar>&>(std::move(value), matrix_);
  }
  /// The matrix that was found last, for those who need the plan no more.
  DynamicSparseMatrix<scalar> release() && { return std::move(matrix_); }

  /// Finds pattern and colours anew, at `x...`; returns whether the pattern is another one.
  bool refresh(const X&... x) {
    graph::Pattern pattern = pattern_at(x...);
    if (pattern == matrix_.pattern()) return false;
    colours_ = transform::RunTimeColours<Symmetric>(pattern, M);
    matrix_ = DynamicSparseMatrix<scalar>(std::move(pattern));
    products_.forget_directions();
    return true;
  }

  /// Whether the matrix at `x...` has no entries outside of the pattern: its products with some directions, made up of
  /// arbitrary numbers, must be those of the function. Cost: the matrix, and once more what a few colours cost.
  bool covers(const X&... x) {
    try {
      evaluate<false>(x...);
    } catch (const PatternError&) {
      return false;
    }
    return by_either([&] { return transform::agrees_by_columns(matrix_, f_, products_, x...); },
                     [&] { return transform::agrees_by_rows(matrix_, recorded(x...)); });
  }

  const graph::Pattern& pattern() const { return matrix_.pattern(); }
  /// The number of colours.
  int colours() const { return colours_.colouring.count; }
  /// Whether columns are computed together, in forward mode, rather than rows in reverse mode.
  bool by_columns() const { return colours_.by_columns; }

 private:
  static constexpr const char* sizes = "duet: the arguments must have the sizes with which the plan was made";

  /// The one or the other; of those that `M` rules out nothing is compiled.
  auto by_either(const auto& columns, const auto& rows) {
    if constexpr (M == Mode::reverse && !Symmetric) {
      return rows();
    } else if constexpr (M == Mode::forward || Symmetric) {
      return columns();
    } else {
      return by_columns() ? columns() : rows();
    }
  }

  transform::RecordedCall<Call> recorded(const X&... x) const { return transform::RecordedCall<Call>(Call(f_, x...)); }

  graph::Pattern pattern_at(const X&... x) const {
    const Call call(f_, x...);
    const transform::RecordedCall<Call> recorded(call);
    const std::size_t n = call.size();  // counted, leaf by leaf
    graph::List<int> inputs, outputs;
    for (std::size_t k = 0; k < n; ++k) inputs.push_back(static_cast<int>(transform::input(k)));
    for (const Var<scalar>& y : recorded.outputs) {
      outputs.push_back(y.is_recorded() ? static_cast<int>(recorded.tape->index_of(y)) : -1);
    }
    graph::Pattern pattern = graph::pattern_of(tape::dependences(*recorded.tape), inputs, outputs);
    if constexpr (Symmetric) return graph::symmetric(pattern);
    return pattern;
  }

  template <bool WithValue>
  auto evaluate(const X&... x) {
    if (Call(f_, x...).size() != matrix_.cols()) throw ShapeError(sizes);
    const transform::Reserve::Use use(reserve_);
    return by_either([&] { return columns<WithValue>(x...); }, [&] { return rows<WithValue>(x...); });
  }

  template <bool WithValue>
  auto columns(const X&... x) {
    constexpr int few = Products::few, many = Products::many;
    int first = 0;
    while (colours() - first > 2 * few) {
      columns<many, false>(first, x...);
      first += many;
    }
    while (colours() - first > few) {
      columns<few, false>(first, x...);
      first += few;
    }
    return columns<few, WithValue>(first, x...);
  }

  /// The columns' sums for `N` colours from `first` on.
  template <int N, bool WithValue>
  auto columns(int first, const X&... x) {
    const auto seed = [&](std::size_t k, int l) { return scalar(colours_.colouring.of[k] == first + l ? 1 : 0); };
    const auto y = products_.template evaluate<N>(f_, first, seed, x...);
    if (tree::count_leaves(y) != matrix_.rows()) throw ShapeError(sizes);
    Products::template for_each_row<N>(y, [&](int i, const std::array<scalar, N>& sums) {
      transform::read_row_of_sums(matrix_, colours_, i, first, sums);
    });
    if constexpr (WithValue) return Products::template value<N>(y);
  }

  template <bool WithValue>
  auto rows(const X&... x) {
    const auto call = recorded(x...);
    if (call.outputs.size() != matrix_.rows()) throw ShapeError(sizes);
    transform::find_rows<Products::many>(matrix_, colours_.colouring, call);
    if constexpr (WithValue) return transform::values(call.result);
  }

  [[no_unique_address]] F f_;
  DynamicSparseMatrix<scalar> matrix_;
  transform::RunTimeColours<Symmetric> colours_;
  Products products_;
  transform::Reserve reserve_;
};

namespace transform {

/// A plan for the parts `P` of arguments, which is asked with the arguments themselves.
template <class Plan, tree::Path... P>
class SparsePlanByName {
 public:
  using scalar = typename Plan::scalar;

  explicit SparsePlanByName(Plan plan) : plan_(std::move(plan)) {}

  template <class... X>
  const auto& operator()(const X&... x) {
    return plan_(part_of<P>(std::tuple<const X&...>(x...))..., x...);
  }
  template <class... X>
  auto value_and_matrix(const X&... x) {
    return plan_.value_and_matrix(part_of<P>(std::tuple<const X&...>(x...))..., x...);
  }
  template <class... X>
  bool refresh(const X&... x) {
    return plan_.refresh(part_of<P>(std::tuple<const X&...>(x...))..., x...);
  }
  template <class... X>
  bool covers(const X&... x) {
    return plan_.covers(part_of<P>(std::tuple<const X&...>(x...))..., x...);
  }
  auto release() && { return std::move(plan_).release(); }
  const graph::Pattern& pattern() const { return plan_.pattern(); }
  int colours() const { return plan_.colours(); }
  bool by_columns() const { return plan_.by_columns(); }

 private:
  Plan plan_;
};

}  // namespace transform
}  // namespace duet
