// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <duet/graph/plain.hpp>

/// Graphs that are known at run time only, as instructions for a small machine.
namespace duet::device::cuda {

/// A step of the machine: `slot = row(a, b, c)`. An operand is a slot, or -1 - i for constant number i.
struct Instruction {
  static constexpr int load = 254;   ///< not a row: slot = the element of array number a
  static constexpr int store = 255;  ///< not a row: writes operand a to the array with the number of the slot
  static constexpr int none = 0x7FFF;

  std::uint8_t op, slot;
  std::int16_t a = none, b = none, c = none;
};
static_assert(op::Table::size <= Instruction::load);

/// How much the machine holds.
struct Limits {
  int instructions, slots, arrays, constants;
};

/// What the machine does at one go. Arrays are named by the nodes whose elements they hold.
struct Piece {
  std::vector<Instruction> instructions;
  std::vector<double> constants;
  std::vector<int> from, to;
};

/// Cuts a graph without attached derivatives into pieces that fit the machine, which is one piece but for huge graphs.
/// What later pieces need of earlier ones goes through arrays. A slot is free again after the last use of its value.
class Schedule {
 public:
  Schedule(const graph::Graph& g, const Limits& limits) : g_(g), limits_(limits), last_use_(g.size(), -1) {
    const int size = static_cast<int>(g.size());
    for (int output : g.outputs) last_use_[at(output)] = size;
    for (int i = size - 1; i >= 0; --i) {
      if (last_use_[at(i)] < 0) continue;
      for (int k = 0; k < g[i].arity(); ++k) last_use_[at(g[i].operand(k))] = std::max(last_use_[at(g[i].operand(k))], i);
    }
    for (int begin = 0; begin < size || pieces_.empty();) begin = piece(begin);
    // outputs that are no operations are written by the last piece
  }

  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  bool is_operation(int i) const { return g_[i].op >= 0; }

  /// The state of the machine while a piece grows.
  struct State {
    Piece piece;
    std::vector<int> slot;         ///< of each node, -1 if it has none
    std::vector<std::uint8_t> free;
  };

  /// Makes the longest piece that begins with node `begin`, and says where the next one begins.
  int piece(int begin) {
    const int size = static_cast<int>(g_.size());
    State state;
    state.slot.assign(g_.size(), -1);
    for (int s = limits_.slots; s-- > 0;) state.free.push_back(static_cast<std::uint8_t>(s));
    int end = begin;
    Piece best;
    for (int i = begin; i < size; ++i) {
      if (is_operation(i) && last_use_[at(i)] >= 0 && !append(state, i)) break;
      Piece finished = state.piece;
      if (finish(finished, state, begin, i + 1)) {
        end = i + 1;
        if (i + 1 == size || worth_keeping(i)) best = std::move(finished);
      }
    }
    pieces_.push_back(std::move(best));
    return end;
  }

  const graph::Graph& g_;
  Limits limits_;
  std::vector<int> last_use_;
  std::vector<Piece> pieces_;
};

}  // namespace duet::device::cuda
