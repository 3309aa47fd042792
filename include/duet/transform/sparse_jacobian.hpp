// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/transform/graph_of.hpp>
#include <duet/transform/sparse_forward.hpp>
#include <duet/transform/sparse_plan.hpp>

/// Jacobians and Hessians most of whose elements are always zero.
namespace duet {

namespace transform {

/// The pattern of the Jacobian of a recording.
template <class Recording, bool Symmetric>
struct PatternMaker {
  static constexpr graph::Pattern make() {
    const auto& g = graph::Frozen<Recording>::graph;
    if constexpr (Symmetric) {
      return graph::symmetric(graph::jacobian_pattern(g, Recording::variables));
    } else {
      return graph::jacobian_pattern(g, Recording::variables);
    }
  }
};
template <class Recording, bool Symmetric>
using PatternOf = graph::FrozenPattern<PatternMaker<Recording, Symmetric>>;

/// The pattern of the Jacobian of a graph that `graph_of` has made.
template <class Frozen>
struct pattern_of_graph;
template <class Recording>
struct pattern_of_graph<graph::Frozen<Recording>> {
  template <bool Symmetric>
  using type = PatternOf<Recording, Symmetric>;
};

/// The function whose recording tells the pattern of `F`'s Jacobian. A gradient by forward mode would be recorded with
/// all its products of zeros, so gradients are recorded as the static tape makes them.
template <class F>
struct recorded_as {
  using type = F;
};
template <class E, class F, class W>
struct recorded_as<Transformed<Gradient<false>, E, F, W>> {
  using type = Transformed<Gradient<false>, BySize, F, W>;
};

/// Like `Collect`, with the Jacobian as the sparse matrix of pattern `P`.
template <class A, class P, bool Both>
struct CollectEntries {
  static constexpr int count = static_cast<int>(P::pattern.nonzeros());
  /// The places of the entries in a dense matrix, row by row.
  static constexpr auto places = [] {
    std::array<int, P::pattern.nonzeros()> result{};
    for (std::size_t i = 0; i < P::pattern.rows(); ++i) {
      for (int k = P::pattern.offsets[i]; k < P::pattern.offsets[i + 1]; ++k) {
        const auto entry = static_cast<std::size_t>(k);
        result[entry] = static_cast<int>(i * P::pattern.cols()) + P::pattern.places[entry];
      }
    }
    return result;
  }();

  template <class D>
  [[gnu::always_inline]] constexpr auto operator()(const auto& y, const D& d) const {
    SparseMatrix<typename D::number, P> entries;
    tree::for_each_index<count>([&](auto k) __attribute__((always_inline)) {
      constexpr int place = places[static_cast<std::size_t>(k)];
      entries.elements[static_cast<std::size_t>(k)] = d.template get<place>();
    });
    if constexpr (Both) {
      return std::pair(tree::build<A>(y), entries);
    } else {
      return entries;
    }
  }
};

/// The Jacobian as a sparse matrix, and the value too if `WithValue`.
template <Mode M, bool Symmetric, bool WithValue>
struct SparseJacobian {
  static constexpr bool knows_plans = true;
  template <class Plan, tree::Path... P>
  using plan_by_name = SparsePlanByName<Plan, P...>;

  /// Finds pattern and colours, for evaluations at many points (`SparsePlan`).
  template <class P, class W, class F, class... X>
  static auto plan(const F& f, const X&... x) {
    static_assert(by_structure<P, F, W, X...>(),
                  "duet: a sparse derivative on the static tape needs no plan; call sparse_jacobian(f)(x...) itself");
    static_assert(tape::check<false, W, X...>());
    static_assert(structure_engine<P>::type::template check<X...>());
    constexpr Mode mode = std::same_as<P, Forward> ? Mode::forward : M;
    return SparsePlan<Symmetric, mode, F, W, X...>(f, x...);
  }

  template <class P, class W, class F, class... X>
  static auto of_structures(const F& f, const X&... x) {
    auto found = plan<P, W>(f, x...);
    if constexpr (WithValue) {
      auto value = found.value_and_matrix(x...).first;
      return std::pair(std::move(value), std::move(found).release());
    } else {
      found(x...);
      return std::move(found).release();
    }
  }

  template <class P, class W, class F, class... X>
  static constexpr auto of_rows(const F& f, const X&... x) {
    const auto function = flat<W>(f, x...);
    using FlatF = std::remove_const_t<decltype(function)>;
    static_assert(of_numbers<FlatF>());
    using Value = typename returned<P, FlatF>::type;
    using Recorded = decltype(flat<W>(std::declval<const typename recorded_as<F>::type&>(), x...));
    using Entries = PatternOf<tape::recording<Recorded, 0>, Symmetric>;
    const auto v = FlatF::variables_of(x...);
    const auto p = FlatF::parameters_of(x...);
    if constexpr (std::same_as<P, Forward>) {
      return entries_by_colours<Value, Entries, Symmetric, WithValue>(function, v, p);
    } else {
      return P::template jacobian<M, Symmetric>(function, v, p, CollectEntries<Value, Entries, WithValue>{});
    }
  }
};

/// The Hessian as a sparse matrix.
struct SparseHessian : Composed<SparseJacobian<Mode::automatic, true, false>, Gradient<false>> {
  static constexpr bool knows_plans = true;
  template <class Plan, tree::Path... P>
  using plan_by_name = SparsePlanByName<Plan, P...>;

  template <class P, class W, class F, class... X>
  static auto plan(const F& f, const X&... x) {
    return outer<P, W>(f).plan(x...);
  }
};

}  // namespace transform

/// Where the Jacobian of `F`, called with `Args...` (with scalars, if none are named), may have elements that are not
/// zero: a constant with `rows()`, `cols()`, `nonzeros()`, `row_offsets()` and `columns()`. An element counts as zero
/// if no chain of operations with derivatives leads from the input to the output in the simplified graph; both sides of
/// a choice count.
template <class F, class... Args>
inline constexpr const auto& jacobian_pattern = transform::pattern_of_graph<
    typename transform::Recorded<std::remove_cvref_t<F>, Args...>::type>::template type<false>::pattern;

/// The same for the Hessian of a scalar function: the pattern of the Jacobian of its gradient, whose graph is
/// simplified, so that terms which vanish for all arguments are no entries.
template <class F, class... Args>
inline constexpr const auto& hessian_pattern =
    transform::pattern_of_graph<typename transform::Recorded<decltype(grad(std::declval<std::remove_cvref_t<F>>())),
                                                             Args...>::type>::template type<true>::pattern;

/// The function x... -> Jacobian of `f` at x... as a sparse matrix: on the static tape a `SparseMatrix`, whose pattern
/// is `jacobian_pattern`, and of the derivative's operations only those are carried out that an entry needs; on the
/// dynamic tape, and with `Forward` where sizes are only known at run time, a `DynamicSparseMatrix`. There,
/// `sparse_jacobian(f).plan(x...)` finds the pattern once for many points (`SparsePlan`). `M` chooses what is summed:
/// columns in forward mode, rows in reverse mode.
template <engine E = BySize, Mode M = Mode::automatic, class F, transform::selection W = Wrt<>>
constexpr auto sparse_jacobian(const F& f, W w = {}) {
  return transform::transformed<transform::SparseJacobian<M, false, false>, E>(f, w);
}
template <template <class> class P, Mode M = Mode::automatic, class... A>
constexpr auto sparse_jacobian(const A&... a) {
  return sparse_jacobian<P<double>, M>(a...);
}

/// The function x... -> std::pair{value, Jacobian}; see `sparse_jacobian`.
template <engine E = BySize, Mode M = Mode::automatic, class F, transform::selection W = Wrt<>>
constexpr auto value_and_sparse_jacobian(const F& f, W w = {}) {
  return transform::transformed<transform::SparseJacobian<M, false, true>, E>(f, w);
}
template <template <class> class P, Mode M = Mode::automatic, class... A>
constexpr auto value_and_sparse_jacobian(const A&... a) {
  return value_and_sparse_jacobian<P<double>, M>(a...);
}

/// The function x... -> Hessian of the scalar function `f` at x... as a sparse matrix with both triangles; see
/// `sparse_jacobian`. At run time it is the gradient on duals, with a direction for each colour.
template <engine E = BySize, class F, transform::selection W = Wrt<>>
constexpr auto sparse_hessian(const F& f, W w = {}) {
  return transform::transformed<transform::SparseHessian, E>(f, w);
}
template <template <class> class P, class... A>
constexpr auto sparse_hessian(const A&... a) {
  return sparse_hessian<P<double>>(a...);
}

}  // namespace duet
