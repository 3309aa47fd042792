// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include <duet/device/cuda/schedule.hpp>
#include <duet/graph/fold.hpp>
#include <duet/graph/pass.hpp>

namespace {

using namespace duet;
using device::cuda::Instruction;
using device::cuda::Limits;
using device::cuda::Piece;

/// Numbers that look random, the same in every run.
class Draw {
 public:
  int below(int bound) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int>((state_ >> 33) % static_cast<std::uint64_t>(bound));
  }

 private:
  std::uint64_t state_ = 7;
};

/// A graph of `size` operations on any nodes before them, or on near ones only.
graph::Graph random_graph(Draw& draw, int inputs, int size, bool near) {
  graph::Graph g;
  g.inputs = inputs;
  for (int k = 0; k < inputs; ++k) g.nodes.push_back({graph::Node::input, k, -1, -1, 0.0});
  const op::Code rows[] = {op::code<op::Add>,   op::code<op::Multiply>, op::code<op::Sin>,
                           op::code<op::Where>, op::code<op::Less>,     op::code<op::Fma>};
  for (int k = 0; k < size; ++k) {
    const int count = static_cast<int>(g.size());
    if (draw.below(8) == 0) {
      g.nodes.push_back({graph::Node::constant, -1, -1, -1, 0.25 * k});
      continue;
    }
    const op::Code row = rows[draw.below(6)];
    const auto any = [&] { return near ? count - 1 - draw.below(std::min(count, 4)) : draw.below(count); };
    const int arity = op::info(row).arity;
    g.nodes.push_back({row, any(), arity > 1 ? any() : -1, arity > 2 ? any() : -1, 0.0});
  }
  g.outputs.push_back(static_cast<int>(g.size()) - 1);
  return g;
}

double value_of(const graph::Graph& g, const std::vector<double>& x) {
  std::vector<double> v;
  for (const graph::Node& n : g.nodes) {
    const auto operand = [&](int k) { return n.operand(k) < 0 ? 0.0 : v[static_cast<std::size_t>(n.operand(k))]; };
    v.push_back(n.op == graph::Node::input      ? x[static_cast<std::size_t>(n.a)]
                : n.op == graph::Node::constant ? n.value
                                                : graph::fold(n.op, operand(0), operand(1), operand(2)));
  }
  return v[static_cast<std::size_t>(g.outputs[0])];
}

/// What the machine makes of pieces; it checks that they fit.
double played(const graph::Graph& g, const std::vector<Piece>& pieces, const Limits& limits,
              const std::vector<double>& x) {
  std::map<int, double> arrays;
  for (int i = 0; i < g.inputs; ++i) arrays[i] = x[static_cast<std::size_t>(i)];
  for (const Piece& piece : pieces) {
    REQUIRE(piece.instructions.size() <= limits.instructions);
    REQUIRE(piece.constants.size() <= limits.constants);
    REQUIRE(piece.from.size() <= limits.arrays);
    REQUIRE(piece.to.size() <= limits.arrays);
    std::vector<double> slots(limits.slots, std::nan(""));
    const auto operand = [&](int i) {
      return i == Instruction::none ? 0.0
             : i < 0                ? piece.constants[static_cast<std::size_t>(-1 - i)]
                                    : slots.at(static_cast<std::size_t>(i));
    };
    for (const Instruction& n : piece.instructions) {
      if (n.op == Instruction::load) {
        slots.at(n.slot) = arrays.at(piece.from[static_cast<std::size_t>(n.a)]);
      } else if (n.op == Instruction::store) {
        arrays[piece.to.at(n.slot)] = operand(n.a);
      } else {
        slots.at(n.slot) = graph::fold(n.op, operand(n.a), operand(n.b), operand(n.c));
      }
    }
  }
  return arrays.at(g.outputs[0]);
}

TEST_CASE("the instructions of a graph give its value, whatever the machine holds") {
  Draw draw;
  for (const Limits& limits :
       {Limits{256, 32, 16, 64}, Limits{5, 4, 3, 3}, Limits{20, 6, 4, 5}, Limits{12, 32, 16, 4}}) {
    for (int time = 0; time < 200; ++time) {
      const int inputs = 1 + draw.below(6);
      const graph::Graph g = random_graph(draw, inputs, 1 + draw.below(80), time % 2 == 0);
      std::vector<double> x;
      for (int k = 0; k < inputs; ++k) x.push_back(0.1 + 0.3 * k);
      const double expected = value_of(g, x);
      const double found = played(g, device::cuda::pieces_of(g, limits), limits, x);
      CHECK((found == expected || (std::isnan(found) && std::isnan(expected))));
    }
  }
}

TEST_CASE("a graph that is long but narrow is one piece") {
  graph::Recorder r;
  int y = graph::inputs(r, 2)[0];
  for (int k = 0; k < 100; ++k) y = r.emit<op::Sin>(r.emit<op::Multiply>(y, 1));
  const auto pieces = device::cuda::pieces_of(graph::extract(r, {y}), Limits{256, 3, 16, 64});
  REQUIRE(pieces.size() == 1);
  CHECK(pieces[0].from.size() == 2);
}

TEST_CASE("an output that is no operation is copied") {
  const Limits limits{5, 4, 3, 3};
  graph::Recorder r;
  const graph::List<int> x = graph::inputs(r, 2);
  const graph::Graph input = graph::extract(r, {x[1]}), constant = graph::extract(r, {r.constant(2.5)});
  CHECK(played(input, device::cuda::pieces_of(input, limits), limits, {1, 7}) == 7);
  CHECK(played(constant, device::cuda::pieces_of(constant, limits), limits, {1, 7}) == 2.5);
}

}  // namespace
