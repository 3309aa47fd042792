// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What putting the operations of a graph in order promises: the same numbers, and one output after the other.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
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

namespace {

constexpr auto is_exponential = [](const graph::Node& n) { return n.op == op::code<op::Exp>; };

/// Two densities, the second one's mean depending on the first one in the second function; each needs an exponential
/// that the value has no use for.
constexpr auto apart = [](auto x, auto y) { return erfc(x) * erfc(y - x) + exp(x * y); };
constexpr auto in_turn = [](auto x, auto y) { return erfc(y * (erfc(x) + exp(x))); };

template <class F>
constexpr auto gradient_graph(const F&) {
  using Recording = duet::tape::recording<duet::tape::Flat<F, duet::Wrt<>, double, double>, graph::RuleSet(0)>;
  using Derivatives = duet::tape::Derivatives<Recording, graph::RuleSet(0)>;
  return graph::Frozen<typename Derivatives::template Jacobian<duet::Mode::reverse, false>>::graph;
}

template <class AnyGraph>
int pairs_of(const AnyGraph& g) {
  const graph::List<char> second = graph::second_of_couples(g, 1);
  return static_cast<int>(std::count(second.begin(), second.end(), true));
}

}  // namespace

TEST_CASE("exponentials that only derivatives need are neighbours where neither waits for the other") {
  constexpr auto g = gradient_graph(apart);
  CHECK(std::count_if(std::begin(g.nodes), std::end(g.nodes), is_exponential) == 3);
  CHECK(pairs_of(g) == 1);
  constexpr auto h = gradient_graph(in_turn);
  CHECK(std::count_if(std::begin(h.nodes), std::end(h.nodes), is_exponential) >= 2);
  CHECK(pairs_of(h) <= 1);
}

TEST_CASE("a gradient with exponentials at once is right, and its value is the function's to the last bit") {
  for (double x = -3; x < 3; x += 0.37) {
    for (double y = -2; y < 2; y += 0.41) {
      const auto both = duet::value_and_grad(apart)(x, y);
      const auto e = [](double u) { return -2 * std::numbers::inv_sqrtpi * std::exp(-u * u); };
      CHECK(both.first == apart(x, y));
      const auto [by_x, by_y] = both.second;
      const double size = 1 + std::exp(x * y);
      CHECK(std::abs(by_x - (e(x) * std::erfc(y - x) - std::erfc(x) * e(y - x) + y * std::exp(x * y))) < 1e-14 * size);
      CHECK(std::abs(by_y - (std::erfc(x) * e(y - x) + x * std::exp(x * y))) < 1e-14 * size);
      CHECK(duet::grad(apart)(x, y) == both.second);
    }
  }
  static_assert(duet::grad(apart)(0.0, 0.0) == std::tuple{-2 * std::numbers::inv_sqrtpi + 2 * std::numbers::inv_sqrtpi,
                                                          -2 * std::numbers::inv_sqrtpi});
}

TEST_CASE("couples follow one another, whatever the graph") {
  int most = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    graph::Recorder r(~graph::RuleSet(0));
    std::vector<int> nodes;
    for (int node : graph::inputs(r, 3)) nodes.push_back(node);
    const auto any = [&] { return nodes[std::uniform_int_distribution<std::size_t>(0, nodes.size() - 1)(random)]; };
    for (int k = 0; k < 30; ++k) {
      nodes.push_back(random() % 3 == 0 ? r.emit<op::Exp>(any()) : r.emit<op::Subtract>(any(), any()));
    }
    const graph::Graph before = graph::extract(r, {any(), nodes.back(), any(), any()});
    const graph::List<int> partner = graph::couples(before, graph::needed_by_values(before, 1));
    const graph::Graph after = graph::by_use(before, before.outputs, partner, graph::registers_of(before));
    const auto pairs = std::count_if(partner.begin(), partner.end(), [](int i) { return i >= 0; }) / 2;
    CHECK(pairs_of(after) >= pairs);
    most = std::max(most, static_cast<int>(pairs));
    const std::vector<double> at{-0.3, 0.2, -0.1}, y = folded(before, at), z = folded(after, at);
    for (std::size_t k = 0; k < y.size(); ++k) CHECK((y[k] == z[k] || (std::isnan(y[k]) && std::isnan(z[k]))));
  }
  CHECK(most >= 3);
}

TEST_CASE("calls of a value that wait for no other call come before those that do") {
  constexpr auto price = [](auto x, auto y) { return erfc(log(x) * y) * x - erfc(y) * exp(-x * y); };
  constexpr auto g = gradient_graph(price);
  const auto place = [&](op::Code row, int skipped = 0) {
    int i = 0;
    while (g[i].op != row || skipped-- > 0) ++i;
    return i;
  };
  const int last_first = std::max({place(op::code<op::Log>), place(op::code<op::Exp>), place(op::code<op::Erfc>)});
  CHECK(last_first < place(op::code<op::Erfc>, 1));
  const graph::List<char> needed = graph::needed_by_values(g, 1);
  CHECK(graph::first_calls(graph::thaw(g), needed).size() == 3);
  constexpr auto side_by_side = [](auto x, auto y) { return sin(x) * exp(y); };
  constexpr auto h = gradient_graph(side_by_side);
  CHECK(graph::first_calls(graph::thaw(h), graph::needed_by_values(h, 1)).empty());
}
