// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <bit>
#include <cstdint>

#include <duet/graph/execute.hpp>

/// Compiled graphs as names of kernels. The template arguments of a kernel end up in source that nvcc writes, where
/// neither closures nor arrays can be written down; whole numbers can. So a kernel is named by its graph in words, and
/// formulas that are alike share it.
namespace duet::device::cuda {

/// A node in a word: the row of the op table and the operands. The value of a constant is a word of its own.
struct Word {
  static constexpr int row_bits = 10, operand_bits = 18;
  static constexpr int row_bias = 8;  ///< what is no row of the table has a negative number

  static constexpr std::uint64_t of(const graph::Node& n) {
    const auto operand = [](int i, int k) {
      return static_cast<std::uint64_t>(i + 1) << (row_bits + k * operand_bits);
    };
    return static_cast<std::uint64_t>(n.op + row_bias) | operand(n.a, 0) | operand(n.b, 1) | operand(n.c, 2);
  }
  static constexpr graph::Node node(std::uint64_t word) {
    const auto operand = [&](int k) {
      return static_cast<int>(word >> (row_bits + k * operand_bits) & ((1u << operand_bits) - 1)) - 1;
    };
    return {static_cast<op::Code>(word & ((1u << row_bits) - 1)) - row_bias, operand(0), operand(1), operand(2), 0.0};
  }
};

/// The words of a graph: its nodes, then the numbers of the outputs.
template <int Words>
struct Text {
  std::uint64_t words[Words]{};
};

template <class Owner>
constexpr int words_of() {
  int words = static_cast<int>(Owner::graph.size()) + Owner::graph.output_count;
  for (const graph::Node& n : Owner::graph.nodes) words += n.op == graph::Node::constant ? 1 : 0;
  return words;
}

template <class Owner>
inline constexpr Text<words_of<Owner>()> text = [] {
  static_assert(Owner::graph.size() < (1u << Word::operand_bits) - 1,
                "duet: a formula has too many operations for one kernel; split it into several statements");
  Text<words_of<Owner>()> result;
  int at = 0;
  for (const graph::Node& n : Owner::graph.nodes) {
    result.words[at++] = Word::of(n);
    if (n.op == graph::Node::constant) result.words[at++] = std::bit_cast<std::uint64_t>(n.value);
  }
  for (int output : Owner::graph.outputs) result.words[at++] = static_cast<std::uint64_t>(output);
  return result;
}();

/// The owner of a graph that is given in words, as `graph::execute` takes it.
template <int Nodes, int Outputs, int Inputs, std::uint64_t... Words>
struct Program {
  static constexpr int rows = 0;
  static constexpr graph::StaticGraph<Nodes, Outputs> graph = [] {
    constexpr std::uint64_t words[] = {Words...};
    graph::StaticGraph<Nodes, Outputs> result;
    int at = 0;
    for (graph::Node& n : result.nodes) {
      n = Word::node(words[at++]);
      if (n.op == graph::Node::constant) n.value = std::bit_cast<double>(words[at++]);
    }
    for (int& output : result.outputs) output = static_cast<int>(words[at++]);
    result.inputs = Inputs;
    return result;
  }();
};

/// The graph to run on plain numbers: without attached derivatives.
template <class Owner>
constexpr auto plain_owner() {
  if constexpr (graph::has_attached(Owner::graph)) {
    return std::type_identity<graph::Frozen<graph::Plain<Owner>>>();
  } else {
    return std::type_identity<Owner>();
  }
}

template <class Owner, std::size_t... I>
constexpr auto program_of(std::index_sequence<I...>) {
  constexpr auto& g = Owner::graph;
  return std::type_identity<Program<static_cast<int>(g.size()), g.output_count, g.inputs, text<Owner>.words[I]...>>();
}

/// The graph that `Maker` makes, as a program.
template <class Maker>
using ProgramOf = typename decltype(program_of<typename decltype(plain_owner<graph::Frozen<Maker>>())::type>(
    std::make_index_sequence<static_cast<std::size_t>(
        words_of<typename decltype(plain_owner<graph::Frozen<Maker>>())::type>())>()))::type;

}  // namespace duet::device::cuda
