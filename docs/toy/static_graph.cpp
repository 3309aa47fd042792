// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The whole idea of a compile-time graph in a hundred lines: record a function, append the nodes of its derivative, run
// the result as straight-line code. What a function is worth and how it is differentiated comes from the op table.

#include <array>
#include <cstdio>
#include <duet/op/table.hpp>
#include <utility>

namespace toy {

namespace op = duet::op;

/// The rows that this toy knows; any row that makes no decisions may be added.
using Rows = op::Rows<op::Add, op::Subtract, op::Multiply, op::Divide, op::Negate, op::Log, op::Exp, op::Sin, op::Cos>;

struct Node {
  static constexpr int input = -1, constant = -2;
  int op = constant, a = 0, b = 0;
  double value = 0;
};

/// An ordinary value: a list of operations in which operands come before their users.
struct Graph {
  Node nodes[64]{};
  int size = 0;
  int outputs[3]{};  // the function and its two derivatives

  constexpr int add(const Node& n) {
    nodes[size] = n;
    return size++;
  }
};

struct Recorder;

/// A number that records: a node of a graph, or a constant that has not been put there yet.
struct Symbol : duet::Active {
  using engine = Recorder;
  static constexpr int rank = 5;
  Graph* graph = nullptr;
  int index = 0;
  double value = 0;

  constexpr Symbol(double v = 0) : value(v) {}
  constexpr Symbol(Graph& g, int i) : graph(&g), index(i) {}
  constexpr int in(Graph& g) const { return graph ? index : g.add(Node{Node::constant, 0, 0, value}); }
};

/// Carries out a row of the op table by writing it down.
struct Recorder {
  template <class Op, class... X>
  static constexpr Symbol apply(const X&... x) {
    Graph* g = nullptr;  // of one operand at least: plain numbers alone don't get here
    ((g = Symbol(x).graph ? Symbol(x).graph : g), ...);
    int operands[] = {Symbol(x).in(*g)..., 0};
    return Symbol(*g, g->add(Node{op::code<Op>, operands[0], sizeof...(X) == 2 ? operands[1] : 0, 0}));
  }
};

/// Step 1: record f(x1, x2).
constexpr Graph record(auto f) {
  Graph g;
  const Symbol x1(g, g.add(Node{Node::input, 0})), x2(g, g.add(Node{Node::input, 1}));
  g.outputs[0] = f(x1, x2).in(g);
  return g;
}

/// The partial derivative of node `y` with respect to operand K: evaluating the row's rule on symbols makes its nodes.
template <class... Ops>
constexpr Symbol partial(op::Rows<Ops...>, Graph& g, int y, int k) {
  const Node n = g.nodes[y];
  const Symbol a(g, n.a), b(g, n.b), result(g, y);
  Symbol d = 0;
  const auto take = [&]<class Op>(const Op*) {
    if constexpr (Op::arity == 1) {
      d = op::partial<Op, 0>(a, result);
    } else {
      d = k == 0 ? Symbol(op::partial<Op, 0>(a, b, result)) : Symbol(op::partial<Op, 1>(a, b, result));
    }
  };
  ((n.op == op::code<Ops> ? take(static_cast<const Ops*>(nullptr)) : void()), ...);
  return d;
}

/// Step 2: append the derivatives, from the output back to the inputs.
constexpr Graph differentiate(Graph g) {
  const auto recorded = [&g](const Symbol& s) { return Symbol(g, s.in(g)); };
  Symbol adjoint[64];  // a symbol without a graph is a zero that nothing has reached
  const int last = g.outputs[0];
  adjoint[last] = recorded(1);
  for (int i = last; i >= 0; --i) {
    if (g.nodes[i].op < 0 || !adjoint[i].graph) continue;
    for (int k = 0; k < op::info(g.nodes[i].op).arity; ++k) {
      Symbol& sum = adjoint[k == 0 ? g.nodes[i].a : g.nodes[i].b];
      const Symbol term = adjoint[i] * recorded(partial(Rows{}, g, i, k));
      sum = sum.graph ? sum + term : term;
    }
  }
  g.outputs[1] = adjoint[0].in(g);
  g.outputs[2] = adjoint[1].in(g);
  return g;
}

/// Step 3: run a constant graph. One `if constexpr` per node: what remains is straight-line code.
template <auto f>
inline constexpr Graph graph_of = differentiate(record(f));

template <auto f, int... I>
constexpr auto run(double x1, double x2, std::integer_sequence<int, I...>) {
  constexpr const Graph& g = graph_of<f>;
  double v[64]{};
  const auto step = [&]<int i>(std::integral_constant<int, i>) {
    constexpr Node n = g.nodes[i];
    if constexpr (n.op == Node::input) {
      v[i] = n.a == 0 ? x1 : x2;
    } else if constexpr (n.op == Node::constant) {
      v[i] = n.value;
    } else if constexpr (op::row<n.op>::arity == 1) {
      v[i] = op::row<n.op>::value(v[n.a]);
    } else {
      v[i] = op::row<n.op>::value(v[n.a], v[n.b]);
    }
  };
  (step(std::integral_constant<int, I>{}), ...);
  return std::array{v[g.outputs[0]], v[g.outputs[1]], v[g.outputs[2]]};
}

template <auto f>
constexpr auto value_and_gradient(double x1, double x2) {
  return run<f>(x1, x2, std::make_integer_sequence<int, graph_of<f>.size>{});
}

}  // namespace toy

constexpr auto f = [](auto x1, auto x2) { return log(x1) + x1 * x2 - sin(x2); };

constexpr auto y = toy::value_and_gradient<f>(2, 5);
static_assert(y[1] == 1 / 2. + 5);
static_assert(y[2] == 2 - duet::cos(5.));

int main() { std::printf("f = %g, df = (%g, %g), known to the compiler\n", y[0], y[1], y[2]); }
