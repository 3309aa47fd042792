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

/// The graph of a stateless flat function.
template <class F, graph::RuleSet Disabled>
struct Traced {
  static constexpr int variables = F::variables;
  using result = decltype(F{}.call(tree::Leaves<duet::Traced, F::variables>{},
                                   tree::Leaves<duet::Traced, F::parameters>{}));

  static constexpr graph::Graph make() {
    graph::Recorder r(Disabled);
    const graph::List<int> nodes = graph::inputs(r, F::variables + F::parameters);
    graph::List<duet::Traced> x;
    for (int node : nodes) x.push_back(duet::Traced(r, node));
    const auto y = F{}.call(tree::Leaves<duet::Traced, F::variables>{x.data()},
                            tree::Leaves<duet::Traced, F::parameters>{x.data() + F::variables});
    graph::List<int> outputs;
    tree::for_each_leaf(y, [&](const auto& leaf) { outputs.push_back(duet::Traced(leaf).node(r)); });
    return graph::extract(r, outputs);
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
