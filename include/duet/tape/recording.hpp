// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/evaluate.hpp>
#include <duet/tree/row.hpp>

/// How a function becomes a graph. A callable without state is traced in constant evaluation; one with captured state
/// is called with expressions, and what it captured becomes further inputs of the graph.
///
/// The function comes as a `flat` callable: `variables` and `parameters` are its numbers of leaves, `call(v, p)` runs
/// it on two rows of leaves and gives any structure of results.
namespace duet::tape {

/// Calls a stateless flat function with numbers that record.
template <class F>
constexpr auto called_with(const duet::Traced* x) {
  return F{}.call(tree::Leaves<duet::Traced, F::variables>{x},
                  tree::Leaves<duet::Traced, F::parameters>{x + F::variables});
}

/// Records a stateless flat function; returns the nodes of its results.
template <class F>
constexpr graph::List<int> trace(graph::Recorder& r) {
  const graph::List<int> nodes = graph::inputs(r, F::variables + F::parameters);
  graph::List<duet::Traced> x;
  for (int node : nodes) x.push_back(duet::Traced(r, node));
  const auto y = called_with<F>(x.data());
  graph::List<int> outputs;
  tree::for_each_leaf(y, [&](const auto& leaf) { outputs.push_back(duet::Traced(leaf).node(r)); });
  return outputs;
}

/// Records a function and forgets all but how many nodes that took.
template <class F>
constexpr int rehearse() {
  graph::Recorder r = graph::Recorder::rehearsal();
  trace<F>(r);
  return r.size();
}

/// Whether a function can be called in constant evaluation at all.
template <class F>
concept called_when_compiling = requires {
  typename std::integral_constant<int, rehearse<F>()>;
};

/// The graph of a stateless flat function.
template <class F, graph::RuleSet Disabled>
struct Traced {
  static constexpr int variables = F::variables;
  using result = decltype(called_with<F>(nullptr));
  /// As many nodes as are recorded where nothing is simplified.
  static constexpr int likely_size = [] {
    if constexpr (called_when_compiling<F>) {
      return rehearse<F>();
    } else {
      return 0;
    }
  }();

  static constexpr graph::Graph make() {
    static_assert(called_when_compiling<F>,
                  "duet: the static tape calls the function when compiling, which it does not allow; write constexpr "
                  "before it and before the functions that it calls, or differentiate with DynamicTape or Forward");
    graph::Recorder r(Disabled);
    if constexpr (called_when_compiling<F>) {
      return graph::extract(r, trace<F>(r));
    } else {
      graph::inputs(r, F::variables + F::parameters);
      return graph::extract(r, graph::List<int>(tree::leaves<result>, r.constant(0)));  // causes no further errors
    }
  }

  static constexpr auto captured(const F&) { return expr::outside<F>(); }
};

/// The arguments from number `First` on, of a level of their own.
template <class Level, int First, int... I>
constexpr auto arguments(std::integer_sequence<int, I...>) {
  return tree::MixedLeaves<expr::Argument<First + I, Level>...>{};
}

/// What a flat function with state gives when it is called with expressions.
template <class F>
constexpr auto called(const F& f) {
  return f.call(arguments<F, 0>(std::make_integer_sequence<int, F::variables>{}),
                arguments<F, F::variables>(std::make_integer_sequence<int, F::parameters>{}));
}
template <class F>
constexpr auto results(const F& f) {
  return std::apply([](const auto&... leaf) { return std::tuple(ExpressionEngine::as_expression(leaf)...); },
                    tree::leaf_tuple(called(f)));
}

/// The graph of a flat function with state. What the results are is not part of this name: it is in those of all the
/// steps that are compiled.
template <class F, graph::RuleSet Disabled>
struct Expressed {
  static constexpr int variables = F::variables;
  using result = decltype(called(std::declval<const F&>()));

  static constexpr graph::Graph make() {
    return []<class... E>(std::type_identity<std::tuple<E...>>) {
      return expr::Lowered<F::variables + F::parameters, F, E...>::make(Disabled);
    }(std::type_identity<decltype(results(std::declval<const F&>()))>{});
  }

  static constexpr auto captured(const F& f) {
    return std::apply([](const auto&... e) { return expr::outside<F>(e...); }, results(f));
  }
};

template <class F, graph::RuleSet Disabled>
struct recording_of {
  using type = Traced<F, Disabled>;
};
template <class F, graph::RuleSet Disabled>
requires(!std::is_empty_v<F>) struct recording_of<F, Disabled> {
  using type = Expressed<F, Disabled>;
};
template <class F, graph::RuleSet Disabled>
using recording = typename recording_of<F, Disabled>::type;

}  // namespace duet::tape
