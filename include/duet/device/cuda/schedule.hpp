// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <duet/graph/plain.hpp>

/// Graphs that are known at run time only, as instructions for a small machine that each thread of a GPU plays.
namespace duet::device::cuda {

/// A step: `slot = row(a, b, c)`. An operand is a slot, or constant number `-1 - operand`.
struct Instruction {
  static constexpr int load = 254;   ///< no row: puts an element of array number `a` into the slot
  static constexpr int store = 255;  ///< no row: writes `a` to the array whose number is in the place of the slot
  static constexpr std::int16_t none = 0x7FFF;

  std::uint8_t op = store, slot = 0;
  std::int16_t a = none, b = none, c = none;
};
static_assert(op::Table::size <= Instruction::load);

/// How much the machine holds: at least 5 instructions, 4 slots, 3 arrays that are read, as many that are written, and
/// 3 constants.
struct Limits {
  std::size_t instructions, slots, arrays, constants;
};

/// What the machine does at one go. Arrays are named by the nodes whose values they hold.
struct Piece {
  std::vector<Instruction> instructions;
  std::vector<double> constants;
  std::vector<int> from, to;
};

/// The longest piece of a graph that begins with a node and fits the machine.
class PieceMaker {
 public:
  /// `last_use[i]`: the last node that needs node `i`, the number of nodes for outputs, -1 if nobody does.
  PieceMaker(const graph::Graph& g, const Limits& limits, const std::vector<int>& last_use, int begin)
      : g_(g), limits_(limits), last_use_(last_use), begin_(begin), end_(begin), slot_(g.size(), -1) {
    for (std::size_t s = limits.slots; s-- > 0;) free_.push_back(static_cast<int>(s));
    std::size_t instructions = 0, constants = 0, arrays = 0;
    for (int i = begin; i < static_cast<int>(g.size()); ++i) {
      if (is_step(i) && !append(i)) break;
      if (open_ > limits.arrays || piece_.instructions.size() + open_ > limits.instructions) continue;
      end_ = i + 1;
      instructions = piece_.instructions.size();
      constants = piece_.constants.size();
      arrays = piece_.from.size();
    }
    piece_.instructions.resize(instructions);
    piece_.constants.resize(constants);
    piece_.from.resize(arrays);
    for (const Home& one : homes_) {
      if (one.node >= end_ || last_use[at(one.node)] < end_) continue;
      piece_.instructions.push_back({Instruction::store, static_cast<std::uint8_t>(piece_.to.size()), one.slot});
      piece_.to.push_back(one.node);
    }
  }

  Piece& piece() { return piece_; }
  /// The node where the next piece begins.
  int end() const { return end_; }

 private:
  /// Where the result of a node is put.
  struct Home {
    int node;
    std::int16_t slot;
  };

  static std::size_t at(int node) { return static_cast<std::size_t>(node); }
  bool is_step(int node) const { return g_[node].op >= 0 && last_use_[at(node)] >= 0; }

  /// Carries node `i` out, too. Returns false if the machine can't hold that; nothing can be appended any more then.
  bool append(int i) {
    const graph::Node& n = g_[i];
    std::int16_t operands[3] = {Instruction::none, Instruction::none, Instruction::none};
    for (int k = 0; k < n.arity(); ++k) {
      if (!fetch(n.operand(k), operands[k])) return false;
    }
    for (int k = 0; k < n.arity(); ++k) {
      const int x = n.operand(k);
      if (slot_[at(x)] < 0 || last_use_[at(x)] != i) continue;
      free_.push_back(slot_[at(x)]);
      slot_[at(x)] = -1;
      if (x >= begin_ && is_step(x)) --open_;
    }
    if (!put(i, n.op, operands)) return false;
    homes_.push_back({i, static_cast<std::int16_t>(slot_[at(i)])});
    ++open_;
    return true;
  }

  /// Makes node `x` an operand: a constant, or a slot, which it is loaded into if it has none.
  bool fetch(int x, std::int16_t& operand) {
    if (g_[x].op == graph::Node::constant) {
      std::vector<double>& constants = piece_.constants;
      operand = static_cast<std::int16_t>(-1 - static_cast<int>(constants.size()));
      constants.push_back(g_[x].value);
      return constants.size() <= limits_.constants;
    }
    if (slot_[at(x)] < 0) {
      const std::int16_t number[3] = {static_cast<std::int16_t>(piece_.from.size()), Instruction::none,
                                      Instruction::none};
      piece_.from.push_back(x);
      if (piece_.from.size() > limits_.arrays || !put(x, Instruction::load, number)) return false;
    }
    operand = static_cast<std::int16_t>(slot_[at(x)]);
    return true;
  }

  /// Appends an instruction that gives the value of node `x` a slot.
  bool put(int x, int op, const std::int16_t (&operands)[3]) {
    if (free_.empty() || piece_.instructions.size() >= limits_.instructions) return false;
    const int slot = slot_[at(x)] = free_.back();
    free_.pop_back();
    piece_.instructions.push_back(
        {static_cast<std::uint8_t>(op), static_cast<std::uint8_t>(slot), operands[0], operands[1], operands[2]});
    return true;
  }

  const graph::Graph& g_;
  const Limits& limits_;
  const std::vector<int>& last_use_;
  int begin_, end_;
  Piece piece_;
  std::vector<int> slot_;  ///< where the value of each node is, -1: nowhere
  std::vector<int> free_;
  std::vector<Home> homes_;
  std::size_t open_ = 0;  ///< how many results are needed later on
};

/// Cuts a graph into pieces that fit the machine: one but for huge graphs. What later pieces need of earlier ones goes
/// through arrays. `g` has one output and no attached derivatives.
inline std::vector<Piece> pieces_of(const graph::Graph& g, const Limits& limits) {
  const int size = static_cast<int>(g.size()), output = g.outputs[0];
  std::vector<int> last_use(g.size(), -1);
  const auto use = [&](int node, int user) {
    int& last = last_use[static_cast<std::size_t>(node)];
    last = std::max(last, user);
  };
  use(output, size);
  for (int i = output; i >= 0; --i) {
    for (int k = 0; last_use[static_cast<std::size_t>(i)] >= 0 && k < g[i].arity(); ++k) use(g[i].operand(k), i);
  }
  std::vector<Piece> pieces;
  if (g[output].op == graph::Node::constant) {
    pieces.push_back({{{Instruction::store, 0, -1}}, {g[output].value}, {}, {output}});
  } else if (g[output].op == graph::Node::input) {
    pieces.push_back({{{Instruction::load, 0, 0}, {Instruction::store, 0, 0}}, {}, {output}, {output}});
  }
  for (int i = 0; i <= output && g[output].op >= 0;) {
    PieceMaker maker(g, limits, last_use, i);
    i = maker.end();
    pieces.push_back(std::move(maker.piece()));
  }
  return pieces;
}

}  // namespace duet::device::cuda
