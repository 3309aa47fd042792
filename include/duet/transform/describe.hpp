// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <string>

#include <duet/graph/pattern.hpp>
#include <duet/transform/graph_of.hpp>
#include <duet/transform/second_order.hpp>

/// What the library makes of a function, in words. It stands by itself since few programs print such things.
namespace duet {

namespace transform {

inline std::string plural(int count, const char* thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

/// A pattern as characters: `*` for an element that is not zero for all arguments. A large one is drawn smaller, with a
/// character for a block of elements.
inline std::string spy(const graph::Pattern& pattern) {
  constexpr std::size_t most = 64;
  const std::size_t rows = pattern.rows(), columns = pattern.cols();
  const std::size_t larger = rows > columns ? rows : columns, block = larger > most ? (larger + most - 1) / most : 1;
  const std::string empty((columns + block - 1) / block, '.');
  std::string text = std::to_string(rows) + " x " + std::to_string(columns) + ", " +
                     std::to_string(pattern.nonzeros()) + " of " + std::to_string(rows * columns) + " elements";
  if (block > 1) text += ", a character for " + std::to_string(block) + " x " + std::to_string(block);
  for (std::size_t i = 0; i < rows; i += block) {
    std::string line = empty;
    for (int k = pattern.offsets[i]; k < pattern.offsets[i + block < rows ? i + block : rows]; ++k) {
      line[static_cast<std::size_t>(pattern.places[k]) / block] = '*';
    }
    text += "\n    " + line;
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
  constexpr Mode chosen = tape::Derivatives<R, 0>::template Jacobian<Mode::automatic, false>::mode();
  const auto jacobian = [&](const char* name, Mode mode) {
    return line(std::string("Jacobian, ") + name + (mode == chosen ? " *" : ""), graph::with_jacobian(g, n, mode));
  };
  text += jacobian("forward", Mode::forward) + jacobian("reverse", Mode::reverse);
  if (outputs > 1 && n > 1) {
    text += jacobian("Markowitz", Mode::markowitz) + jacobian("relative", Mode::relative_markowitz);
  }
  if (outputs == 1) text += line("Hessian", graph::with_hessian(g, n));
  text += "  (* the mode that is taken)\n";
  text += "Jacobian: " + spy(graph::jacobian_pattern(g, n));
  if (outputs == 1) {
    graph::Graph gradient = graph::with_jacobian(g, n, Mode::reverse);
    gradient.outputs = graph::List<int>(gradient.outputs.begin() + 1, gradient.outputs.end());
    text += "Hessian: " + spy(graph::symmetric(graph::jacobian_pattern(gradient, n)));
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
