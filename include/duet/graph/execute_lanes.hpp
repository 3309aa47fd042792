// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/arrival.hpp>
#include <duet/graph/lanes.hpp>
#include <duet/graph/step.hpp>

/// Running a graph on pairs of numbers.
namespace duet::graph {

/// The graph that is put on pairs in place of that of `Owner`: another one of the same outputs, if the maker names it.
template <class Owner>
struct on_pairs : std::type_identity<Owner> {};
template <class Owner>
requires requires { typename Owner::maker::in_lanes; }
struct on_pairs<Owner> : std::type_identity<Frozen<typename Owner::maker::in_lanes>> {};

/// The graph of `Owner`, whose maker says how many rows of a Jacobian are in it, on pairs; without nodes if that would
/// not pay.
template <class Owner>
struct InLanes {
  static constexpr Graph make() {
    const Lanes lanes(on_pairs<Owner>::type::graph, Owner::rows);
    if (!lanes.pays(Owner::graph)) return {};
    return ByArrival(lanes.graph(), Owner::rows, 2).graph();
  }
};

/// Whether it is worth while to run the graph of `Owner` on pairs. A few operations are not worth the compile time.
template <class Owner>
constexpr bool has_lanes() {
  if constexpr (Owner::rows >= 2 && Owner::rows <= 64 && Owner::graph.output_count > Owner::rows) {
    return Frozen<InLanes<Owner>>::extent.nodes > 0;
  } else {
    return false;
  }
}

/// Two numbers in one register.
using Pair [[gnu::vector_size(16)]] = double;

/// Lane `Source % 2` of place `Source / 2`.
template <int Source>
[[gnu::always_inline]] inline double lane(const Pair* v) {
  return v[Source / 2][Source % 2];
}

/// The numbers in lane 0, which are those in lane 1 too wherever choices and functions are worked out.
struct Lane0 {
  const Pair* v;
  [[gnu::always_inline]] double operator[](int i) const { return v[i][0]; }
};

/// The result of node `I` in both lanes, given those before it.
template <class Owner, int I, class Row>
[[gnu::always_inline]] inline void step_pair(Pair* v, const Row& x) {
  constexpr Node n = Owner::graph.nodes[I];
  const auto both = [](double number) { return Pair{number, number}; };
  if constexpr (n.op == Node::input) {
    v[I] = both(x.template get<n.a>());
  } else if constexpr (n.op == Node::constant) {
    v[I] = both(n.value);
  } else if constexpr (n.op == Node::lanes) {
    v[I] = __builtin_shufflevector(v[n.a / 2], v[n.b / 2], n.a % 2, 2 + n.b % 2);
  } else {
    using Op = op::row<n.op>;
    if constexpr (Op::kind == op::Kind::predicate) {
      return;
    } else if constexpr (std::same_as<Op, op::Add>) {
      v[I] = sum<Owner, 1, n.a, n.b>(v);
    } else if constexpr (std::same_as<Op, op::Subtract>) {
      v[I] = sum<Owner, -1, n.a, n.b>(v);
    } else if constexpr (std::same_as<Op, op::Multiply> || std::same_as<Op, op::Divide>) {
      v[I] = Op::value(v[n.a], v[n.b]);
    } else if constexpr (std::same_as<Op, op::Square> || std::same_as<Op, op::Negate>) {
      v[I] = Op::value(v[n.a]);
    } else if constexpr (is_sine_or_cosine<Op>) {
      const auto first = [](const Pair& numbers) { return numbers[0]; };
      sine_or_cosine<Owner, I, Op>(v, first, both);
    } else if constexpr (std::same_as<Op, op::Where>) {
      v[I] = both(op::apply<Op>(condition<Owner, n.a>(Lane0{v}), v[n.b][0], v[n.c][0]));
    } else if constexpr (Op::arity == 1) {
      v[I] = both(op::apply<Op>(v[n.a][0]));
    } else if constexpr (Op::arity == 2) {
      v[I] = both(op::apply<Op>(v[n.a][0], v[n.b][0]));
    } else {
      v[I] = both(op::apply<Op>(v[n.a][0], v[n.b][0], v[n.c][0]));
    }
  }
}

template <class Owner, int First, class Row, int... I>
[[gnu::always_inline]] inline void run_pairs_block(Pair* v, const Row& x, std::integer_sequence<int, I...>) {
  (step_pair<Owner, First + I>(v, x), ...);
}

template <class Owner, int First, class Row>
[[gnu::always_inline]] inline void run_pairs(Pair* v, const Row& x) {
  constexpr int size = static_cast<int>(Owner::graph.size());
  if constexpr (First < size) {
    run_pairs_block<Owner, First>(v, x,
                                  std::make_integer_sequence<int, (size - First < block ? size - First : block)>{});
    run_pairs<Owner, First + block>(v, x);
  }
}

/// The outputs of a graph that has been run on pairs, as a row.
template <class Owner>
struct PairOutputs {
  static constexpr int size = Owner::graph.output_count;
  using number = double;
  const Pair* v;

  template <int K>
  [[gnu::always_inline]] double get() const {
    return lane<Owner::graph.outputs[K]>(v);
  }
};

template <class Owner, class Row, class Then>
[[gnu::always_inline]] inline auto execute_pairs(const Row& x, const Then& then) {
  Pair v[Owner::graph.size()];
  run_pairs<Owner, 0>(v, x);
  return then(PairOutputs<Owner>{v});
}

}  // namespace duet::graph
