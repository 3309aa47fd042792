// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <duet/graph/execute_lanes.hpp>

/// Running a constant graph: straight-line code, one step per node, on any number type.
namespace duet::graph {

/// The result of node `I`, given those before it. Conditions have no place among the numbers: they are worked out where
/// a choice asks for them.
template <class Owner, int I, class T, class Row>
[[gnu::always_inline]] constexpr void step(T* v, const Row& x) {
  constexpr Node n = Owner::graph.nodes[I];
  if constexpr (n.op == Node::input) {
    v[I] = T(x.template get<n.a>());
  } else if constexpr (n.op == Node::constant) {
    v[I] = T(n.value);
  } else {
    using Op = op::row<n.op>;
    if constexpr (Op::kind == op::Kind::predicate) {
      return;
    } else if constexpr (has_sincos<T> && is_sine_or_cosine<Op>) {
      sine_or_cosine<Owner, I, Op, Itself, Itself>(v);
    } else if constexpr (std::same_as<T, double> && std::same_as<Op, op::Exp> && Owner::values >= 0) {
      exponential<Owner, I>(v);
    } else if constexpr (std::floating_point<T> && std::same_as<Op, op::Add>) {
      v[I] = sum<Owner, 1, n.a, n.b>(v);
    } else if constexpr (std::floating_point<T> && std::same_as<Op, op::Subtract>) {
      v[I] = sum<Owner, -1, n.a, n.b>(v);
    } else if constexpr (std::same_as<Op, op::Where>) {
      v[I] = op::apply<Op>(condition<Owner, n.a>(v), v[n.b], v[n.c]);
    } else if constexpr (Op::arity == 1) {
      v[I] = op::apply<Op>(v[n.a]);
    } else if constexpr (Op::arity == 2) {
      v[I] = op::apply<Op>(v[n.a], v[n.b]);
    } else {
      v[I] = op::apply<Op>(v[n.a], v[n.b], v[n.c]);
    }
  }
}

template <class Owner, int First, class T, class Row, int... I>
[[gnu::always_inline]] constexpr void run_block(T* v, const Row& x, std::integer_sequence<int, I...>) {
  (step<Owner, First + I>(v, x), ...);
}

/// The same on two rows, a step for one after that for the other.
template <class Owner, int First, class T, class Row, int... I>
[[gnu::always_inline]] constexpr void run_both_block(T* v, T* w, const Row& x, const Row& y,
                                                     std::integer_sequence<int, I...>) {
  ((step<Owner, First + I>(v, x), step<Owner, First + I>(w, y)), ...);
}

/// The outputs of a graph that has been run, as a row.
template <class Owner, class T>
struct Outputs {
  static constexpr int size = Owner::graph.output_count;
  using number = T;
  const T* v;

  template <int K>
  [[gnu::always_inline]] constexpr decltype(auto) get() const {
    constexpr int i = Owner::graph.outputs[K];
    constexpr op::Code code = Owner::graph.nodes[i].op;
    if constexpr (code >= 0 && op::info(code < 0 ? 0 : code).kind == op::Kind::predicate) {
      return condition<Owner, i>(v);
    } else {
      return (v[i]);
    }
  }
};

/// The outputs of a graph that has been recorded into the recorder of its inputs, as a row.
template <class Owner>
struct Recorded {
  static constexpr int size = Owner::graph.output_count;
  using number = Traced;
  Traced outputs[size > 0 ? size : 1];

  template <class Row>
  constexpr explicit Recorded(const Row& x) {
    [&]<int... I>(std::integer_sequence<int, I...>) {
      const Traced inputs[] = {Traced(x.template get<I>())..., Traced()};
      record(inputs);
    }
    (std::make_integer_sequence<int, Row::size>{});
  }

  template <int K>
  constexpr const Traced& get() const {
    return outputs[K];
  }

 private:
  constexpr void record(const Traced* x) {
    Recorder* r = nullptr;
    for (int i = 0; i < Owner::graph.inputs && !r; ++i) r = x[i].recorder();
    Recorder constants;
    Recorder& target = r ? *r : constants;
    List<int> nodes;
    for (int i = 0; i < Owner::graph.inputs; ++i) nodes.push_back(x[i].node(target));
    const List<int> y = splice(target, Owner::graph, nodes);
    for (std::size_t k = 0; k < y.size(); ++k) {
      outputs[k] = r ? Traced(target, y[k]) : Traced(target[y[k]].value);
    }
  }
};

template <class Owner, class T, class Row, class Then, int... Block>
[[gnu::always_inline]] constexpr auto run(const Row& x, const Then& then, std::integer_sequence<int, Block...>) {
  T v[Owner::graph.size()];
  (run_block<Owner, Block * block>(v, x, steps_of_block<Owner, Block>{}), ...);
  return then(Outputs<Owner, T>{v});
}
template <class Owner, class T, class Row, class Then, int... Block>
[[gnu::always_inline]] inline void run_both(const Row& x, const Row& y, const Then& then,
                                            std::integer_sequence<int, Block...>) {
  T v[Owner::graph.size()], w[Owner::graph.size()];
  (run_both_block<Owner, Block * block>(v, w, x, y, steps_of_block<Owner, Block>{}), ...);
  then(Outputs<Owner, T>{v}, Outputs<Owner, T>{w});
}

/// Runs the graph of `Owner` in numbers of type `T` on a row of inputs, and returns `then(outputs)`: what becomes of
/// the outputs is decided while they are still in registers. `T` is any number: `double`, a SIMD batch, a dual; on
/// symbols the graph is recorded into theirs, at the cost of a loop instead of a template per node.
template <class Owner, class T, class Row, class Then>
[[gnu::always_inline]] constexpr auto execute(const Row& x, const Then& then) {
  if constexpr (std::same_as<T, Traced>) {
    return then(Recorded<Owner>(x));
  } else if constexpr (std::same_as<T, double> && InLanes<maker_of<Owner>>::pays()) {
    return execute_lanes<maker_of<Owner>>(x, then);
  } else if constexpr (passive<T> && has_attached(Owner::graph)) {
    return execute<Frozen<Plain<Owner>>, T>(x, then);
  } else {
    return run<Owner, T>(x, then, blocks_of<Owner>{});
  }
}

/// Runs the graph of `Owner` on two rows of batches and calls `then(outputs of x, outputs of y)`. Most operations wait
/// for the one before, and processors do not look far enough ahead to find the next batch by themselves.
template <class Owner, batch T, class Row, class Then>
[[gnu::always_inline]] inline void execute_both(const Row& x, const Row& y, const Then& then) {
  if constexpr (has_attached(Owner::graph)) {
    execute_both<Frozen<Plain<Owner>>, T>(x, y, then);
  } else {
    run_both<Owner, T>(x, y, then, blocks_of<Owner>{});
  }
}

}  // namespace duet::graph
