// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/evaluate.hpp>
#include <duet/op/linearised.hpp>
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

  /// The mode for a Jacobian: with one row or one column there is nothing to choose; with far more rows than columns (or
  /// the reverse) the loser need not be built; else both are, and the one with fewer nodes is taken.
  template <Mode M, bool Symmetric>
  static constexpr Mode chosen() {
    constexpr int rows = Primal::extent.outputs, columns = R::variables;
    if constexpr (M != Mode::automatic) {
      return M;
    } else if constexpr (rows == 1 || columns >= 8 * rows) {
      return Mode::reverse;
    } else if constexpr (columns == 1 || rows >= 8 * columns) {
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

  /// What `F` returns when it is recorded.
  template <class F>
  using result = typename tape::recording<F, Disabled>::result;

  /// The outputs of `f` and its Jacobian at variables `v`, parameters `p`.
  template <Mode M, bool Symmetric, class F, class V, class P>
  [[gnu::always_inline]] static constexpr auto jacobian(const F& f, const V& v, const P& p) {
    using R = tape::recording<F, Disabled>;
    using Derivatives = tape::Derivatives<R, Disabled>;
    using Maker = typename Derivatives::template JacobianBy<Derivatives::template chosen<M, Symmetric>(), Symmetric>;
    return run<R, Maker, outputs_of<F> * std::tuple_size_v<V>>(f, v, p, std::tuple<>());
  }

  /// The outputs of `f` and their tangents along `t`.
  template <class F, class V, class T, class P>
  [[gnu::always_inline]] static constexpr auto tangents(const F& f, const V& v, const T& t, const P& p) {
    using R = tape::recording<F, Disabled>;
    return run<R, typename tape::Derivatives<R, Disabled>::Tangents, outputs_of<F>>(f, v, p, t);
  }

  /// The outputs of `f` and the cotangents of its variables for the cotangents `w` of the outputs.
  template <class F, class V, class W, class P>
  [[gnu::always_inline]] static constexpr auto cotangents(const F& f, const V& v, const W& w, const P& p) {
    using R = tape::recording<F, Disabled>;
    return run<R, typename tape::Derivatives<R, Disabled>::Cotangents, std::tuple_size_v<V>>(f, v, p, w);
  }

 private:
  template <class F>
  static constexpr std::size_t outputs_of = static_cast<std::size_t>(tree::leaves<result<F>>);

  /// Runs the graph that `Maker` makes: the inputs of the primal, then `extra`; the outputs, then their derivatives.
  template <class R, class Maker, std::size_t Derivatives, class F, class V, class P, class X>
  [[gnu::always_inline]] static constexpr auto run(const F& f, const V& v, const P& p, const X& extra) {
    const auto captured = R::captured(f);
    using Number = number<V, P, std::remove_const_t<decltype(captured)>, X>;
    const auto all = expr::run<Maker, Number>(v, p, captured, extra);
    return split(all, std::make_index_sequence<outputs_of<F>>{}, std::make_index_sequence<Derivatives>{});
  }

  template <class... Rows>
  struct number_of {
    using type = typename tree::common_leaf<Rows...>::type;
  };
  template <class... Rows>
    requires(expr::is_mixed<Rows> || ...)
  struct number_of<Rows...> {
    using type = void;
  };
  /// What the graph is run in: the type that the numbers of all rows share.
  template <class... Rows>
  using number = typename number_of<Rows...>::type;

  template <class T, std::size_t Size, std::size_t... I, std::size_t... J>
  [[gnu::always_inline]] static constexpr auto split(const std::array<T, Size>& all, std::index_sequence<I...>,
                                                     std::index_sequence<J...>) {
    return Linearised<std::array<T, sizeof...(I)>, std::array<T, sizeof...(J)>>{{all[I]...},
                                                                               {all[sizeof...(I) + J]...}};
  }
  template <class... E, std::size_t... I, std::size_t... J>
  static constexpr auto split(const std::tuple<E...>& all, std::index_sequence<I...>, std::index_sequence<J...>) {
    const auto value = std::tuple(std::get<I>(all)...);
    const auto derivative = std::tuple(std::get<sizeof...(I) + J>(all)...);
    return Linearised<std::remove_const_t<decltype(value)>, std::remove_const_t<decltype(derivative)>>{value, derivative};
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
