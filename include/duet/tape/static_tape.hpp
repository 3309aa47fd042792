// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/evaluate.hpp>
#include <duet/tape/recording.hpp>

/// Reverse mode at compile time: what is executed is the optimised graph of the derivative.
namespace duet {

namespace tape {

/// The derivative graphs of the recording `R`; each is a constant, made when it is first asked for.
template <class R, graph::RuleSet Disabled>
struct Derivatives {
  using Primal = graph::Frozen<R>;

  template <Mode M, bool Symmetric>
  struct JacobianBy {
    static constexpr int rows = Primal::extent.outputs;
    static constexpr graph::Graph make() {
      return graph::with_jacobian(Primal::graph, R::variables, M, Symmetric, Disabled);
    }
  };
  struct Tangents {
    static constexpr graph::Graph make() { return graph::with_tangents(Primal::graph, R::variables, Disabled); }
  };
  struct Cotangents {
    static constexpr graph::Graph make() { return graph::with_cotangents(Primal::graph, R::variables, Disabled); }
  };

  /// The mode for a Jacobian: with one row or one column there is nothing to choose; with far more rows than columns
  /// (or the reverse) the loser need not be built; else both are, and the one with fewer nodes is taken.
  template <Mode M, bool Symmetric>
  static constexpr Mode chosen() {
    constexpr int rows = Primal::extent.outputs, columns = R::variables;
    if constexpr (M != Mode::automatic) {
      return M;
    } else if constexpr (rows == 1 || columns >= 4 * rows) {
      return Mode::reverse;
    } else if constexpr (columns == 1 || rows >= 4 * columns) {
      return Mode::forward;
    } else {
      return graph::Frozen<JacobianBy<Mode::forward, Symmetric>>::extent.nodes <
                     graph::Frozen<JacobianBy<Mode::reverse, Symmetric>>::extent.nodes
                 ? Mode::forward
                 : Mode::reverse;
    }
  }
};

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
    using Derivatives = tape::Derivatives<R, Disabled>;
    using Maker = typename Derivatives::template JacobianBy<Derivatives::template chosen<M, Symmetric>(), Symmetric>;
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
    return expr::run<Maker>(
        [&](const auto& all) {
          constexpr int m = tree::leaves<result<F>>;
          return then(tree::part<0, m>(all), tree::part<m, std::remove_cvref_t<decltype(all)>::size - m>(all));
        },
        v, p, captured, extra);
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
