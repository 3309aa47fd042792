// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/evaluate.hpp>
#include <duet/graph/cost.hpp>
#include <duet/graph/order.hpp>
#include <duet/tape/recording.hpp>

/// Reverse mode at compile time: what is executed is the optimised graph of the derivative.
namespace duet {

namespace tape {

/// The derivative graphs of the recording `R`; each is a constant, made when it is first asked for.
template <class R, graph::RuleSet Disabled>
struct Derivatives {
  using Primal = graph::Frozen<R>;

  /// An elimination is given up when it has recorded more than `Most` nodes; the graph is empty then.
  template <Mode M, bool Symmetric, int Most = 0x7FFFFFFF>
  struct JacobianBy {
    using in_lanes = JacobianBy;
    static constexpr Mode mode = M;
    static constexpr int rows = Primal::extent.outputs;
    static constexpr int likely_size = 5 * Primal::extent.nodes + rows * R::variables;
    static constexpr graph::Graph make() {
      return graph::with_jacobian(Primal::graph, R::variables, M, Symmetric, Disabled, Most);
    }
    static constexpr int operations() {
      using Frozen = graph::Frozen<JacobianBy>;
      return Frozen::extent.outputs == 0 ? Most : graph::count(Frozen::graph).total();
    }
  };
  struct Tangents {
    static constexpr graph::Graph make() { return graph::with_tangents(Primal::graph, R::variables, Disabled); }
  };
  struct Cotangents {
    static constexpr graph::Graph make() { return graph::with_cotangents(Primal::graph, R::variables, Disabled); }
  };

 private:
  template <class Raw>
  struct Arranged {
    using in_lanes = Raw;
    static constexpr int rows = Raw::rows, likely_size = Raw::likely_size;
    /// A constant in between costs compile time, but halves what a large graph takes of the steps that compilers allow.
    static constexpr graph::Graph make() {
      if constexpr (rows == 1 && likely_size < 1000) {
        return graph::arranged(Raw::make(), rows);
      } else {
        return graph::arranged(graph::thaw(graph::Frozen<Raw>::graph), rows);
      }
    }
  };

  template <class A, class B>
  static constexpr auto cheaper() {
    return std::conditional_t<(B::operations() < A::operations()), B, A>{};
  }

  /// Forward or reverse mode: with far more rows than columns (or the reverse) the loser need not be built.
  template <bool Symmetric>
  static constexpr auto swept() {
    constexpr int rows = Primal::extent.outputs, columns = R::variables;
    if constexpr (rows == 1 || columns >= 4 * rows) {
      return JacobianBy<Mode::reverse, Symmetric>{};
    } else if constexpr (columns == 1 || rows >= 4 * columns) {
      return JacobianBy<Mode::forward, Symmetric>{};
    } else {
      return cheaper<JacobianBy<Mode::reverse, Symmetric>, JacobianBy<Mode::forward, Symmetric>>();
    }
  }

  /// That, or elimination: which is not tried for Hessians, since these are symmetric, where the derivatives come
  /// almost for free, and where graphs are so large that compilers would lose patience.
  template <class Swept, bool Symmetric>
  static constexpr auto cheapest() {
    if constexpr (Symmetric || Primal::extent.outputs == 1 || R::variables == 1) {
      return Swept{};
    } else if constexpr (constexpr int most = Swept::operations(), primal = graph::count(Primal::graph).total();
                         most > 600 || 4 * most <= 5 * primal) {
      return Swept{};
    } else {
      using Markowitz = JacobianBy<Mode::markowitz, false, most + most / 2>;
      using Relative = JacobianBy<Mode::relative_markowitz, false, most + most / 2>;
      return cheaper<decltype(cheaper<Swept, Relative>()), Markowitz>();
    }
  }

 public:
  /// The Jacobian in the mode that was asked for, ready to be run.
  template <Mode M, bool Symmetric>
  struct Jacobian : Arranged<JacobianBy<M, Symmetric>> {};
  /// Or in the mode that takes fewest operations, which is found out when the graph is asked for.
  template <bool Symmetric>
  struct Jacobian<Mode::automatic, Symmetric> {
    /// Sweeps of rows are alike and can be run side by side, which may make up for more operations.
    using in_lanes = decltype(swept<Symmetric>());
    static constexpr int rows = in_lanes::rows, likely_size = in_lanes::likely_size;
    static constexpr Mode mode() { return decltype(cheapest<in_lanes, Symmetric>())::mode; }
    static constexpr graph::Graph make() { return Arranged<decltype(cheapest<in_lanes, Symmetric>())>::make(); }
  };
};

/// The graph that `Maker` makes without the first `Count` of its outputs, and what only these need.
template <class Maker, int Count>
struct WithoutFirst {
  static constexpr int values = 0;
  static constexpr graph::Graph make() {
    using Whole = graph::Frozen<Maker>;
    graph::Recorder r(Whole::graph, 0);
    graph::List<int> wanted;
    for (int k = Count; k < Whole::extent.outputs; ++k) wanted.push_back(Whole::graph.outputs[k]);
    return graph::extract(r, wanted);
  }
};

/// Whether `Then`, which is told values and derivatives, needs no values; it says so by a member.
template <class Then>
inline constexpr bool takes_derivatives_only = false;
template <class Then>
requires requires { Then::derivatives_only; }
inline constexpr bool takes_derivatives_only<Then> = Then::derivatives_only;

}  // namespace tape

/// The policy that differentiates the graph which the compiler records: no tape exists at run time, everything is
/// constexpr. `Disabled` is a set of rewriting rules to leave out, see `StaticTapeWithout`.
///
/// Cost: a gradient takes at most a small multiple of the function's operations; compile time grows linearly with them.
template <graph::RuleSet Disabled = 0>
struct StaticTapeWith {
  static constexpr bool is_engine = true;
  static constexpr graph::RuleSet disabled = Disabled;

  /// How `F` is recorded, and what it returns then.
  template <class F>
  using recording = tape::recording<F, Disabled>;
  template <class F>
  using result = typename recording<F>::result;

  /// then(outputs of `f`, its Jacobian) at variables `v`, parameters `p`.
  template <Mode M, bool Symmetric, class F, class V, class P, class Then>
  [[gnu::always_inline]] static constexpr auto jacobian(const F& f, const V& v, const P& p, const Then& then) {
    using R = tape::recording<F, Disabled>;
    using Maker = typename tape::Derivatives<R, Disabled>::template Jacobian<M, Symmetric>;
    return run<R, Maker>(f, then, v, p, tree::MixedLeaves<>{});
  }

  /// then(outputs of `f`, their tangents) along `t`.
  template <class F, class V, class T, class P, class Then>
  [[gnu::always_inline]] static constexpr auto tangents(const F& f, const V& v, const T& t, const P& p,
                                                        const Then& then) {
    using R = tape::recording<F, Disabled>;
    return run<R, typename tape::Derivatives<R, Disabled>::Tangents>(f, then, v, p, t);
  }

  /// then(outputs of `f`, the cotangents of its variables) for the cotangents `w` of the outputs.
  template <class F, class V, class W, class P, class Then>
  [[gnu::always_inline]] static constexpr auto cotangents(const F& f, const V& v, const W& w, const P& p,
                                                          const Then& then) {
    using R = tape::recording<F, Disabled>;
    return run<R, typename tape::Derivatives<R, Disabled>::Cotangents>(f, then, v, p, w);
  }

 private:
  /// Runs the graph that `Maker` makes: the inputs of the primal, then `extra`; the outputs, then their derivatives.
  template <class R, class Maker, class F, class Then, class V, class P, class X>
  [[gnu::always_inline]] static constexpr auto run(const F& f, const Then& then, const V& v, const P& p,
                                                   const X& extra) {
    const auto captured = R::captured(f);
    constexpr int m = tree::leaves<result<F>>;
    using T = typename expr::number_of<V, P, std::remove_const_t<decltype(captured)>, X>::type;
    if constexpr (active<T> && tape::takes_derivatives_only<Then>) {
      // compilers leave out arithmetic on plain numbers by themselves, but not what is recorded
      return expr::run<tape::WithoutFirst<Maker, m>>(
          [&](const auto& all) __attribute__((always_inline)) { return then(tree::MixedLeaves<>{}, all); }, v, p,
          captured, extra);
    } else {
      return expr::run<Maker>(
          [&](const auto& all) __attribute__((always_inline)) {
            return then(tree::part<0, m>(all), tree::part<m, std::remove_cvref_t<decltype(all)>::size - m>(all));
          },
          v, p, captured, extra);
    }
  }
};

using StaticTape = StaticTapeWith<>;

namespace tape {
template <op::Name... Rules>
constexpr graph::RuleSet rule_set() {
  static_assert(((graph::rules::named(Rules.text) != 0) && ...),
                "duet: no rewriting rule has this name; the rules are listed in duet/graph/rules.hpp");
  return (graph::rules::named(Rules.text) | ... | 0);
}
}  // namespace tape

/// The static tape without some rewriting rules, by name: `StaticTapeWithout<"sqrt(square(u)) -> abs(u)">`.
template <op::Name... Rules>
using StaticTapeWithout = StaticTapeWith<tape::rule_set<Rules...>()>;

}  // namespace duet
