// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/execute.hpp>

/// From an expression's type to a graph.
namespace duet::expr {

/// The state of a lowering: what the arguments are, and what has been lowered already. Expressions without captured
/// values are remembered by type (the address of a variable per type), so shared parts cost nothing however often they
/// occur.
struct Lowering {
  struct Known {
    const void* type = nullptr;
    int node = graph::none;
  };

  graph::Recorder& recorder;
  const graph::List<int>& arguments;
  const graph::List<int>& captured;
  std::size_t next_captured = 0;
  graph::List<Known> known{};

  constexpr int find(const void* type) const {
    for (const Known& one : known) {
      if (one.type == type) return one.node;
    }
    return graph::none;
  }
};

template <class E>
inline constexpr char type_key = 0;

/// The node of expression `E`, whose own arguments are those of level `Level`.
template <class E, class Level>
constexpr int lower(Lowering& to) {
  if constexpr (E::template captures<Level> == 0) {
    const int known = to.find(&type_key<E>);
    if (known != graph::none) return known;
    const int node = E::template lower<Level>(to);
    to.known.push_back({&type_key<E>, node});
    return node;
  } else {
    return E::template lower<Level>(to);
  }
}

/// The graph of some expressions as functions of `Arguments` numbers; what the expressions captured follows these as
/// further inputs.
template <int Arguments, class Level, class... E>
struct Lowered {
  static constexpr int captures = (0 + ... + E::template captures<Level>);

  static constexpr graph::Graph make() {
    graph::Recorder r;
    const graph::List<int> arguments = graph::inputs(r, Arguments);
    const graph::List<int> captured = graph::inputs(r, captures);
    Lowering to{r, arguments, captured};
    graph::List<int> outputs;
    (outputs.push_back(lower<E, Level>(to)), ...);
    return graph::extract(r, outputs);
  }
};

}  // namespace duet::expr
