// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What putting the operations of a graph in order promises: the same numbers, and one output after the other.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include <duet/duet.hpp>

#include "../property/graphs.hpp"

namespace {

namespace graph = duet::graph;
namespace op = duet::op;
using duet::Traced;
using property::folded;

/// The Hessian graph of a random function: the value, then the Hessian, then the gradient.
graph::Graph random_hessian(unsigned seed, int variables) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  graph::Recorder r;
  std::vector<Traced> v;
  for (int node : graph::inputs(r, variables)) v.push_back(Traced(r, node));
  for (int k = 0; k < 4 * variables; ++k) {
    const Traced a = v[below(v.size())], b = v[below(v.size())];
    switch (below(6)) {
      case 0:
        v.push_back(a + b);
        break;
      case 1:
        v.push_back(a - b);
        break;
      case 2:
        v.push_back(sin(a));
        break;
      case 3:
        v.push_back(a / (2.0 + b * b));
        break;
      default:
        v.push_back(a * b);
    }
  }
  Traced y = v.back();
  for (const Traced& x : v) y = y + 0.1 * x;
  return graph::with_hessian(graph::extract(r, {y.node(r)}), variables);
}

/// Whether no operation stands before an output that only later ones need.
bool finishes_in_turn(const graph::Graph& g) {
  std::vector<char> needed(g.size());
  int end = -1;
  for (int output : g.outputs) {
    std::vector<int> waiting{output};
    while (!waiting.empty()) {
      const int i = waiting.back();
      waiting.pop_back();
      if (needed[static_cast<std::size_t>(i)]) continue;
      needed[static_cast<std::size_t>(i)] = true;
      for (int k = 0; k < g[i].arity(); ++k) waiting.push_back(g[i].operand(k));
    }
    end = output > end ? output : end;
    for (int i = 0; i < end; ++i) {
      if (g[i].op >= 0 && !needed[static_cast<std::size_t>(i)]) return false;
    }
  }
  return true;
}

/// How many numbers wait for their last use at most.
int most_waiting(const graph::Graph& g) {
  std::vector<int> uses(g.size());
  for (const graph::Node& n : g.nodes) {
    for (int k = 0; k < n.arity(); ++k) ++uses[static_cast<std::size_t>(n.operand(k))];
  }
  int waiting = 0, most = 0;
  for (const graph::Node& n : g.nodes) {
    for (int k = 0; k < n.arity(); ++k) waiting -= --uses[static_cast<std::size_t>(n.operand(k))] == 0;
    most = std::max(most, ++waiting);
  }
  return most;
}

}  // namespace

TEST_CASE("a graph in the order of its outputs gives the same numbers, the values to the last bit") {
  bool other_sums = false;
  for (unsigned seed = 0; seed < 100; ++seed) {
    const int n = 2 + static_cast<int>(seed % 7);
    const graph::Graph before = random_hessian(seed, n), after = graph::arranged_in_order(before, 1);
    REQUIRE(after.outputs.size() == before.outputs.size());
    CHECK(graph::count(after).total() <= graph::count(before).total());
    std::vector<double> x;
    for (int i = 0; i < n; ++i) x.push_back(0.3 + 0.1 * ((i * 5 + static_cast<int>(seed)) % 11));
    const std::vector<double> y = folded(before, x), z = folded(after, x);
    CHECK(y[0] == z[0]);
    int different = 0;
    for (std::size_t k = 1; k < y.size(); ++k) {
      different += !(std::abs(y[k] - z[k]) <= 1e-11 * (1 + std::abs(y[k])));
      other_sums = other_sums || y[k] != z[k];
    }
    CHECK(different == 0);
  }
  CHECK(other_sums);
}

TEST_CASE("there each output is finished before the next is begun") {
  int moved = 0;
  for (unsigned seed = 0; seed < 100; ++seed) {
    const graph::Graph g = random_hessian(seed, 2 + static_cast<int>(seed % 7));
    CHECK(finishes_in_turn(graph::arranged_in_order(g, 1)));
    moved += !finishes_in_turn(g);
  }
  CHECK(moved > 50);
}

TEST_CASE("factors of a derivative are multiplied in order of arrival, those of a value as they stand") {
  graph::Recorder r(~graph::RuleSet(0));
  const auto x = graph::inputs(r, 4);
  const Traced a(r, x[0]), b(r, x[1]), c(r, x[2]), d(r, x[3]);
  const Traced late = sin(a * b), quotient = c / d;
  // how many factors come after that of a row
  const auto depth = [](const graph::Graph& g, int output, op::Code row) {
    int i = g.outputs[output], steps = 0;
    while (g[g[i].b].op != row) i = g[i].a, ++steps;
    return steps;
  };
  const Traced as_written = a * (quotient * (late * b));
  const graph::Graph g = graph::ByArrival(graph::extract(r, {late.node(r), as_written.node(r)}), 1, 1).graph();
  CHECK(depth(g, 1, op::code<op::Sin>) == 0);
  CHECK(depth(g, 1, op::code<op::Divide>) == 1);
  const graph::Graph before = graph::extract(r, {as_written.node(r), late.node(r)});
  CHECK(graph::ByArrival(before, 1, 1).graph() == before);

  const std::vector<double> at{0.3, 0.7, 1.1, 1.9};
  CHECK(folded(g, at)[1] == doctest::Approx(folded(before, at)[0]).epsilon(1e-15));
  CHECK(graph::count(g) == graph::count(before));
}

TEST_CASE("where nothing is shared, no more numbers wait than there must") {
  int fewer = 0;
  for (unsigned seed = 0; seed < 100; ++seed) {
    std::mt19937 random(seed);
    graph::Recorder r(~graph::RuleSet(0));
    std::vector<int> open;
    for (int node : graph::inputs(r, 40)) open.push_back(node);
    while (open.size() > 1) {  // any two become one
      std::shuffle(open.begin(), open.end(), random);
      const int a = open.back();
      open.pop_back();
      open.back() = r.emit<op::Subtract>(a, open.back());
    }
    const graph::Graph before = graph::extract(r, {open[0]}), after = graph::arranged(before, 1);
    const graph::List<int> needed = graph::registers_of(before);
    CHECK(most_waiting(after) == needed[before.outputs[0]]);
    fewer += most_waiting(after) < most_waiting(before);
  }
  CHECK(fewer == 100);
}
