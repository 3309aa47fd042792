// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/lanes.hpp>
#include <duet/graph/order.hpp>
#include <duet/graph/plain.hpp>
#include <duet/graph/step.hpp>

/// Running a graph on pairs of numbers.
namespace duet::graph {

/// Whether a graph on pairs takes at most `share` hundredths of the operations of one that does the same on single
/// numbers.
template <class Pairs, class Single>
constexpr bool takes_at_most(int share, const Pairs& pairs, const Single& single) {
  return 100 * operations(pairs) <= share * operations(single);
}
inline constexpr int clearly_less = 87, far_less = 70;

/// The graph of `Maker` on pairs, and whether it pays to run that: not if there are no rows of a Jacobian. The maker
/// names the graph that is put on pairs, `in_lanes`, which may be another one of the same outputs.
template <class Maker>
struct InLanes {
  static constexpr bool pays() { return false; }
};
template <class Maker>
requires(Maker::rows >= 2 && Maker::rows <= 64 && requires { typename Maker::in_lanes; }) struct InLanes<Maker> {
  /// The graph that is put on pairs.
  using Single = Frozen<typename Maker::in_lanes>;
  static constexpr int likely_size = static_cast<int>(Single::graph.size());

  /// The graph on pairs; without nodes if it is hardly shorter.
  static constexpr Graph make() {
    const Lanes lanes(Single::graph, Maker::rows);
    if (!lanes.possible() || !takes_at_most(clearly_less, lanes.graph(), Single::graph)) return {};
    return arranged_pairs(lanes.graph(), Maker::rows);
  }

  /// A few operations are not worth the compile time.
  ///
  /// For two rows a graph that is far shorter than `Single` is not compared with that of `Maker`: an elimination, too,
  /// can hardly do better for two rows than sweep for one, and to try some takes compilers longer than all the rest.
  static constexpr bool pays() {
    if constexpr (Single::graph.output_count > Maker::rows && !has_attached(Single::graph)) {
      using Pairs = Frozen<InLanes>;
      if constexpr (Pairs::extent.nodes == 0) {
        return false;
      } else if constexpr (Maker::rows == 2 && takes_at_most(far_less, Pairs::graph, Single::graph)) {
        return true;
      } else {
        return takes_at_most(clearly_less, Pairs::graph, Frozen<Maker>::graph);
      }
    } else {
      return false;
    }
  }
};

/// Two numbers in one register.
using Pair [[gnu::vector_size(16)]] = double;

/// Lane `Source % 2` of place `Source / 2`.
template <int Source>
[[gnu::always_inline]] inline double lane(const Pair* v) {
  return v[Source / 2][Source % 2];
}

[[gnu::always_inline]] inline Pair both(double number) { return Pair{number, number}; }
struct Both {
  [[gnu::always_inline]] static Pair of(double number) { return both(number); }
};
struct First {
  [[gnu::always_inline]] static double of(const Pair& numbers) { return numbers[0]; }
};

/// The numbers in lane 0, which are those in lane 1 too wherever choices and functions are worked out.
struct Lane0 {
  const Pair* v;
  [[gnu::always_inline]] double operator[](int i) const { return v[i][0]; }
};

/// The result of node `I` in both lanes, given those before it.
template <class Owner, int I, class Row>
[[gnu::always_inline]] inline void step_pair(Pair* v, const Row& x) {
  constexpr Node n = Owner::graph.nodes[I];
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
      sine_or_cosine<Owner, I, Op, First, Both>(v);
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

/// Runs a graph on single numbers in a loop, for constant evaluation, which needs no code: a template per node would
/// take most of its time.
template <int Nodes, int Outputs, class Row>
constexpr void interpret(const StaticGraph<Nodes, Outputs>& g, const Row& x, double* y) {
  [&]<int... I>(std::integer_sequence<int, I...>) {
    const double inputs[] = {x.template get<I>()...};
    double v[Nodes];
    for (int i = 0; i < Nodes; ++i) {
      const Node& n = g.nodes[i];
      if (n.op < 0) {
        v[i] = n.op == Node::input ? inputs[n.a] : n.value;
      } else {
        v[i] = fold(n.op, v[n.a], n.b < 0 ? 0 : v[n.b], n.c < 0 ? 0 : v[n.c]);
      }
    }
    for (int k = 0; k < Outputs; ++k) y[k] = v[g.outputs[k]];
  }
  (std::make_integer_sequence<int, Row::size>{});
}

/// The outputs of a graph that has been run on pairs, as a row; those of a constant expression are single numbers.
template <class Owner>
struct PairOutputs {
  static constexpr int size = Owner::graph.output_count;
  using number = double;
  const Pair* v;
  const double* constants;

  template <int K>
  [[gnu::always_inline]] constexpr double get() const {
    return __builtin_is_constant_evaluated() ? constants[K] : lane<Owner::graph.outputs[K]>(v);
  }
};

template <class Owner, class Row, class Then, int... Block>
[[gnu::always_inline]] inline auto run_pairs(const Row& x, const Then& then, std::integer_sequence<int, Block...>) {
  Pair v[Owner::graph.size()];
  (run_pairs_block<Owner, Block * block>(v, x, steps_of_block<Owner, Block>{}), ...);
  return then(PairOutputs<Owner>{v, nullptr});
}

/// Runs the graph of `Maker` in lanes, if that pays, and returns `then(outputs)`.
template <class Maker, class Row, class Then>
[[gnu::always_inline]] constexpr auto execute_lanes(const Row& x, const Then& then) {
  using Pairs = Frozen<InLanes<Maker>>;
  if (__builtin_is_constant_evaluated()) {
    double y[Pairs::graph.output_count];
    interpret(InLanes<Maker>::Single::graph, x, y);
    return then(PairOutputs<Pairs>{nullptr, y});
  }
  return run_pairs<Pairs>(x, then, blocks_of<Pairs>{});
}

}  // namespace duet::graph
