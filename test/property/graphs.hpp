// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <vector>

#include <duet/graph/pass.hpp>

#include "program.hpp"

/// Programs as graphs, and what graphs are worth.
namespace property {

/// The graph of a program's outputs, or of the first `count` of them.
constexpr duet::graph::Graph recorded(const Program& p, duet::graph::RuleSet disabled,
                                      std::size_t count = ~std::size_t{}) {
  duet::graph::Recorder r(disabled);
  std::vector<duet::Traced> x;
  for (int input : duet::graph::inputs(r, p.inputs)) x.emplace_back(r, input);
  duet::graph::List<int> outputs;
  for (const duet::Traced& y : run<duet::Traced>(p, x)) {
    if (outputs.size() < count) outputs.push_back(y.node(r));
  }
  return duet::graph::extract(r, outputs);
}

/// The outputs of a graph, by the library's folding of constants.
inline std::vector<double> folded(const duet::graph::Graph& g, const std::vector<double>& x) {
  using duet::graph::Node;
  std::vector<double> v, y;
  for (const Node& n : g.nodes) {
    const auto at = [&](int i) { return i < 0 ? 0 : v[static_cast<std::size_t>(i)]; };
    v.push_back(n.op == Node::input      ? x[static_cast<std::size_t>(n.a)]
                : n.op == Node::constant ? n.value
                                         : duet::graph::fold(n.op, at(n.a), at(n.b), at(n.c)));
  }
  for (int output : g.outputs) y.push_back(v[static_cast<std::size_t>(output)]);
  return y;
}

}  // namespace property
