// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>

#include <duet/graph/dependence.hpp>
#include <duet/graph/pass.hpp>

/// The patterns of the derivatives of a graph.
namespace duet::graph {

/// A pattern whose size is part of its type, so that it can be a constant of the program; see `Pattern`.
template <int Rows, int Columns, int Nonzeros>
struct StaticPattern {
  std::array<int, static_cast<std::size_t>(Rows) + 1> offsets{};
  std::array<int, static_cast<std::size_t>(Nonzeros)> places{};

  static constexpr std::size_t rows() { return static_cast<std::size_t>(Rows); }
  static constexpr std::size_t cols() { return static_cast<std::size_t>(Columns); }
  static constexpr std::size_t nonzeros() { return static_cast<std::size_t>(Nonzeros); }
  constexpr const auto& row_offsets() const { return offsets; }
  constexpr const auto& columns() const { return places; }
  constexpr bool operator==(const StaticPattern&) const = default;
};

/// The pattern that `Maker::make()` finds, as a constant; like `Frozen`, it is made twice.
template <class Maker>
struct FrozenPattern {
  static constexpr std::array<int, 3> extent = [] {
    const Pattern p = Maker::make();
    return std::array{static_cast<int>(p.rows()), static_cast<int>(p.cols()), static_cast<int>(p.nonzeros())};
  }();
  static constexpr StaticPattern<extent[0], extent[1], extent[2]> pattern = [] {
    const Pattern p = Maker::make();
    StaticPattern<extent[0], extent[1], extent[2]> frozen;
    for (std::size_t i = 0; i < frozen.offsets.size(); ++i) frozen.offsets[i] = p.offsets[i];
    for (std::size_t k = 0; k < frozen.places.size(); ++k) frozen.places[k] = p.places[k];
    return frozen;
  }();
};

/// The way back.
template <int Rows, int Columns, int Nonzeros>
constexpr Pattern thaw(const StaticPattern<Rows, Columns, Nonzeros>& p) {
  Pattern result(p.cols());
  result.offsets = List<int>(p.offsets.data(), p.offsets.data() + p.offsets.size());
  result.places = List<int>(p.places.data(), p.places.data() + p.places.size());
  return result;
}

/// Whether a row of the op table has a derivative with respect to operand `k`.
template <class List>
struct Sensitive;
template <class... Ops>
struct Sensitive<op::Rows<Ops...>> {
  static constexpr bool rows[sizeof...(Ops)][3] = {
      {op::has_partial<Ops, 0>, op::has_partial<Ops, 1>, op::has_partial<Ops, 2>}...};
};

/// Which nodes have derivatives with respect to which. Conditions, orders and what was rounded have none; both sides of
/// a choice have.
template <class AnyGraph>
constexpr Dag dependences(const AnyGraph& g) {
  Dag dag;
  for (std::size_t i = 0; i < g.size(); ++i) {
    const Node& n = g[static_cast<int>(i)];
    int operands[3], count = 0;
    for (int k = 0; k < n.arity(); ++k) {
      if (Sensitive<op::Table>::rows[n.op][k]) operands[count++] = n.operand(k);
    }
    dag.add(operands, static_cast<std::size_t>(count));
  }
  return dag;
}

/// The pattern of the Jacobian of a graph with respect to its first `variables` inputs.
template <class AnyGraph>
constexpr Pattern jacobian_pattern(const AnyGraph& g, int variables) {
  return pattern_of(dependences(g), first_inputs(variables), outputs_of(g));
}

}  // namespace duet::graph
