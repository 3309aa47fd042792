// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>

#include <duet/graph/list.hpp>
#include <duet/op/table.hpp>

/// The graph of a function: an ordinary value, the same at compile time and at run time.
namespace duet::graph {

/// One operation in single-assignment form; its place in the list is the name of its result.
struct Node {
  /// What is no row of the op table.
  static constexpr op::Code input = -1;     ///< `a` is the number of the input
  static constexpr op::Code constant = -2;  ///< `value` is the number
  static constexpr op::Code lanes = -5;     ///< in graphs on pairs of numbers: takes two from elsewhere (lanes.hpp)

  op::Code op = constant;
  int a = -1, b = -1, c = -1;
  double value = 0;

  constexpr int operand(int k) const { return k == 0 ? a : k == 1 ? b : c; }
  constexpr int arity() const { return op == lanes ? 2 : op < 0 ? 0 : c >= 0 ? 3 : b >= 0 ? 2 : 1; }

  /// The node that operand `k` is, or that it is a lane of.
  constexpr int source(int k) const { return op == lanes ? operand(k) / 2 : operand(k); }

  /// The same operation in a graph where the nodes have other places.
  constexpr Node moved(const int* places) const {
    if (op == lanes) return {op, 2 * places[a / 2] + a % 2, 2 * places[b / 2] + b % 2, -1, 0.0};
    if (op < 0) return *this;
    return {op, places[a], b < 0 ? b : places[b], c < 0 ? c : places[c], 0.0};
  }
  constexpr bool operator==(const Node&) const = default;
};

/// A graph whose size is known when it runs. Operands come before their users; the inputs come first.
struct Graph {
  List<Node> nodes;
  List<int> outputs;
  int inputs = 0;

  constexpr std::size_t size() const { return nodes.size(); }
  constexpr const Node& operator[](int i) const { return nodes[i]; }
  constexpr bool operator==(const Graph&) const = default;
};

/// The sizes of a graph.
struct Extent {
  int nodes = 0, outputs = 0, inputs = 0;
};

/// A graph whose size is part of its type, so that it can be a constant of the program.
template <int Nodes, int Outputs>
struct StaticGraph {
  Node nodes[Nodes > 0 ? Nodes : 1]{};
  int outputs[Outputs > 0 ? Outputs : 1]{};
  int inputs = 0;

  static constexpr std::size_t size() { return Nodes; }
  static constexpr int output_count = Outputs;
  constexpr const Node& operator[](int i) const { return nodes[i]; }
};

constexpr Extent extent(const Graph& g) {
  return {static_cast<int>(g.nodes.size()), static_cast<int>(g.outputs.size()), g.inputs};
}

/// A graph of that extent as a constant.
template <Extent E, class AnyGraph>
constexpr StaticGraph<E.nodes, E.outputs> freeze(const AnyGraph& g) {
  StaticGraph<E.nodes, E.outputs> frozen;
  const Node* const nodes = std::data(g.nodes);
  const int* const outputs = std::data(g.outputs);
  for (int i = 0; i < E.nodes; ++i) frozen.nodes[i] = nodes[i];
  for (int k = 0; k < E.outputs; ++k) frozen.outputs[k] = outputs[k];
  frozen.inputs = g.inputs;
  return frozen;
}

/// The way back.
template <int Nodes, int Outputs>
constexpr Graph thaw(const StaticGraph<Nodes, Outputs>& g) {
  Graph result;
  result.nodes = List<Node>(g.nodes, g.nodes + Nodes);
  result.outputs = List<int>(g.outputs, g.outputs + Outputs);
  result.inputs = g.inputs;
  return result;
}

/// A graph in a buffer of a size that is known beforehand; if it does not fit, only its extent is right.
template <int Room>
struct Draft {
  Extent size;
  StaticGraph<Room, Room> graph;

  constexpr explicit Draft(const Graph& g) : size(extent(g)) {
    graph.inputs = g.inputs;
    if (!fits()) return;
    const Node* const nodes = g.nodes.data();
    const int* const outputs = g.outputs.data();
    for (int i = 0; i < size.nodes; ++i) graph.nodes[i] = nodes[i];
    for (int k = 0; k < size.outputs; ++k) graph.outputs[k] = outputs[k];
  }
  constexpr bool fits() const { return size.nodes <= Room && size.outputs <= Room; }
};

/// The constant graph that `Maker::make()` builds. The size of the constant must be known before the graph is: a draft
/// is made in a buffer of a likely size, which the maker may name, and where that is too small the graph is built
/// twice.
template <class Maker>
struct Frozen {
 private:
  // plain functions, since to compilers each lambda is a class
  static constexpr int rows_of_jacobian() {
    if constexpr (requires { Maker::rows; }) {
      return Maker::rows;
    } else {
      return 0;
    }
  }
  static constexpr int values_before_derivatives() {
    if constexpr (requires { Maker::values; }) {
      return Maker::values;
    } else {
      return rows > 0 ? rows : -1;
    }
  }
  static constexpr int room() {
    if constexpr (requires { Maker::likely_size; }) {
      return Maker::likely_size;
    } else {
      return 64;
    }
  }
  static constexpr auto drafted() {
    const Graph g = Maker::make();
    return Draft<room()>(g);
  }
  static constexpr auto frozen() {
    if constexpr (draft.fits()) {
      return freeze<extent>(draft.graph);
    } else {
      const Graph g = Maker::make();
      return freeze<extent>(g);
    }
  }
  static constexpr auto draft = drafted();

 public:
  /// How many rows of a Jacobian are in the graph, as far as the maker says.
  static constexpr int rows = rows_of_jacobian();
  /// How many outputs come before the derivatives; -1 if the maker does not say.
  static constexpr int values = values_before_derivatives();
  static constexpr Extent extent = draft.size;
  static constexpr StaticGraph<extent.nodes, extent.outputs> graph = frozen();
};

template <class Owner>
struct MakerOf : std::type_identity<void> {};
template <class Maker>
struct MakerOf<Frozen<Maker>> : std::type_identity<Maker> {};

/// Who makes the constant graph `Owner`, `void` if that is no `Frozen`. It can be asked without having the graph made.
template <class Owner>
using maker_of = typename MakerOf<Owner>::type;

}  // namespace duet::graph
