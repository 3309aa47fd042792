// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What is done about calls of functions in derivatives: some are made two at a time, some come first. The results hold
// with -ffast-math, too.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <random>
#include <tuple>
#include <vector>

#include <duet/duet.hpp>

#include "../property/graphs.hpp"

namespace {

namespace graph = duet::graph;
namespace op = duet::op;
using property::folded;

constexpr auto is_exponential = [](const graph::Node& n) { return n.op == op::code<op::Exp>; };

/// Each erfc needs an exponential that the value has no use for.
constexpr auto apart = [](auto x, auto y) { return erfc(x) * erfc(y - x) + exp(x * y); };

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

  graph::Recorder r;
  const graph::List<int> x = graph::inputs(r, 1);
  const int first = r.emit<op::Exp>(x[0]), second = r.emit<op::Exp>(r.emit<op::Sin>(first));
  const int free = r.emit<op::Exp>(r.emit<op::Cos>(x[0]));
  CHECK(pairs_of(graph::arranged(graph::extract(r, {x[0], first, second}), 1)) == 0);
  CHECK(pairs_of(graph::arranged(graph::extract(r, {x[0], first, free}), 1)) == 1);
  CHECK(pairs_of(graph::arranged(graph::extract(r, {first, free}), 1)) == 0);  // a value needs the first
}

TEST_CASE("calls are told from instructions by their place in the op table") {
  const auto is_call = [](op::Code code) { return graph::is_call({code, 0, 0, 0, 0.0}); };
  for (const op::Code code : {op::code<op::Exp>, op::code<op::Logaddexp>, op::code<op::Cbrt>, op::code<op::Hypot3>,
                              op::code<op::Sin>, op::code<op::Sinc>, op::code<op::Sinh>, op::code<op::Tgamma>}) {
    CHECK(is_call(code));
  }
  for (const op::Code code :
       {op::code<op::Less>, op::code<op::Not>, op::code<op::Add>, op::code<op::Fma>, op::code<op::Where>,
        op::code<op::StopGradient>, op::code<op::Sqrt>, op::code<op::Attach>}) {
    CHECK_FALSE(is_call(code));
  }
  CHECK_FALSE(graph::is_call({graph::Node::input, 0, -1, -1, 0.0}));
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
      nodes.push_back(random() % 3 == 0 ? r.emit<op::Exp>(r.emit<op::Sin>(any())) : r.emit<op::Subtract>(any(), any()));
    }
    const graph::Graph before = graph::extract(r, {any(), nodes.back(), any(), any()});
    const graph::List<int> partner = graph::couples(before, graph::needed_by_values(before, 1));
    const graph::Graph after = graph::by_use(before, before.outputs, partner, graph::registers_of(before));
    const auto pairs = std::count_if(partner.begin(), partner.end(), [](int i) { return i >= 0; }) / 2;
    CHECK(pairs_of(after) >= pairs);
    most = std::max(most, static_cast<int>(pairs));
    const std::vector<double> at{-0.3, 0.2, -0.1};
    CHECK(folded(after, at) == folded(before, at));
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
