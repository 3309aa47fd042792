// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <string>

#include <duet/transform/graph_of.hpp>
#include <duet/transform/second_order.hpp>

/// What the library makes of a function, in words. It stands by itself since few programs print such things.
namespace duet {

namespace transform {

/// Which of its first `variables` inputs the outputs of a graph depend on with a derivative, row by row.
template <class AnyGraph>
constexpr graph::List<char> dependence(const AnyGraph& g, int variables) {
  const std::size_t n = static_cast<std::size_t>(variables);
  graph::List<char> depends(g.size() * n, 0);
  for (std::size_t i = 0; i < g.size(); ++i) {
    const graph::Node& node = g[static_cast<int>(i)];
    if (node.op == graph::Node::input && node.a < variables) depends[i * n + static_cast<std::size_t>(node.a)] = 1;
    if (node.op < 0 || op::info(node.op).kind != op::Kind::smooth) continue;
    for (int k = 0; k < node.arity(); ++k) {
      const std::size_t operand = static_cast<std::size_t>(node.operand(k));
      for (std::size_t v = 0; v < n; ++v) depends[i * n + v] |= depends[operand * n + v];
    }
  }
  graph::List<char> rows;
  for (int output : g.outputs) {
    for (std::size_t v = 0; v < n; ++v) rows.push_back(depends[static_cast<std::size_t>(output) * n + v]);
  }
  return rows;
}

inline std::string plural(int count, const char* thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

/// A matrix as characters: `*` for an element that is not zero for all arguments. A large one is drawn smaller, with a
/// character for a block of elements.
inline std::string spy(const graph::List<char>& pattern, int rows, int columns) {
  constexpr int most = 64;
  const int larger = rows > columns ? rows : columns, block = larger > most ? (larger + most - 1) / most : 1;
  int nonzeros = 0;
  for (char element : pattern) nonzeros += element;
  std::string text = std::to_string(rows) + " x " + std::to_string(columns) + ", " + std::to_string(nonzeros) + " of " +
                     std::to_string(rows * columns) + " elements";
  if (block > 1) text += ", a character for " + std::to_string(block) + " x " + std::to_string(block);
  for (int i = 0; i < rows; i += block) {
    text += "\n    ";
    for (int j = 0; j < columns; j += block) {
      bool any = false;
      for (int k = i; k < i + block && k < rows; ++k) {
        for (int l = j; l < j + block && l < columns; ++l) any = any || pattern[k * columns + l];
      }
      text += any ? '*' : '.';
    }
  }
  return text + "\n";
}

inline std::string counted(const graph::Cost& c) {
  return plural(c.total(), "operation") + " (" + std::to_string(c.additions) + " +, " +
         std::to_string(c.multiplications) + " *, " + std::to_string(c.divisions) + " /, " +
         plural(c.choices, "choice") + ", " + plural(c.transcendentals, "function") + ")";
}

template <class AnyGraph>
std::string line(std::string name, const AnyGraph& g) {
  name.resize(name.size() < 22 ? 22 : name.size(), ' ');
  return "  " + name + plural(static_cast<int>(g.size()), "node") + ", " + counted(graph::count(g)) + "\n";
}

/// The recordings of flat function `FlatF`, described.
template <class FlatF>
std::string described() {
  using R = tape::recording<FlatF, 0>;
  const graph::Graph g = R::make();
  const int n = R::variables, outputs = static_cast<int>(g.outputs.size());
  std::string text = plural(n, "variable") + ", " + plural(outputs, "output") + "\n";
  text += line("as recorded", tape::recording<FlatF, ~graph::RuleSet{0}>::make());
  text += line("simplified", g);
  constexpr Mode chosen = tape::Derivatives<R, 0>::template chosen<Mode::automatic, false>();
  const auto jacobian = [&](const char* name, Mode mode) {
    return line(std::string("Jacobian, ") + name + (mode == chosen ? " *" : ""), graph::with_jacobian(g, n, mode));
  };
  text += jacobian("forward", Mode::forward) + jacobian("reverse", Mode::reverse);
  if (outputs == 1) text += line("Hessian", graph::with_hessian(g, n));
  text += "  (* the mode that is taken)\n";
  text += "Jacobian: " + spy(dependence(g, n), outputs, n);
  if (outputs == 1) {
    graph::Graph gradient = graph::with_jacobian(g, n, Mode::reverse);
    gradient.outputs = graph::List<int>(gradient.outputs.begin() + 1, gradient.outputs.end());
    text += "Hessian: " + spy(dependence(gradient, n), n, n);
  }
  return text;
}

template <class F, class... Args>
struct Described {
  using flat = tape::Flat<F, Wrt<>, Args...>;
};
template <class F, class = std::make_index_sequence<static_cast<std::size_t>(scalar_arguments<F, double>())>>
struct DescribedOfScalars;
template <class F, std::size_t... I>
struct DescribedOfScalars<F, std::index_sequence<I...>> {
  template <std::size_t>
  using Scalar = double;
  using flat = tape::Flat<F, Wrt<>, Scalar<I>...>;
};
template <class F>
struct Described<F> : DescribedOfScalars<F> {};

}  // namespace transform

/// A report on the graph of `F` called with `Args...` (with scalars, if no arguments are named): nodes and operations
/// as recorded and simplified, those of its Jacobian in each mode and of its Hessian, the mode that is taken, and which
/// elements of these matrices are not zero for all arguments, as pictures. For people; the form may change.
template <class F, class... Args>
std::string describe() {
  return transform::described<typename transform::Described<std::remove_cvref_t<F>, Args...>::flat>();
}

}  // namespace duet
