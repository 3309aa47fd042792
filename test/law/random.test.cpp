// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Laws of differentiation on thousands of random programs: modes agree with each other, with differences and with
// duals, and recording leaves neither dead nor double nodes behind.
#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <set>
#include <tuple>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <duet/duet.hpp>

#include "../property/generator.hpp"
#include "../property/graphs.hpp"

namespace {

namespace op = duet::op;
namespace graph = duet::graph;
using duet::Mode;
using graph::Graph;
using graph::Node;
using property::folded;
using Extended = duet::Dual<long double>;
using Vector = std::vector<double>;

/// A program and its graph without any simplification, so that what is recorded from it can be compared with it, at one
/// of the points.
struct Program {
  property::Program p;
  Graph g;
  Vector x;

  template <class T>
  std::vector<T> at(const std::vector<T>& variables) const {
    return property::run<T>(p, variables);
  }
};

/// Random programs, and what else a law needs that is random.
class Generator {
 public:
  explicit Generator(unsigned seed) : seed_(seed), random_(seed) {}

  Program program() {
    const property::Subject s = property::subject(seed_, count_++);
    return {s.program, property::recorded(s.program, ~graph::RuleSet{}), s.x[0]};
  }
  double uniform(double low, double high) { return random_.uniform(low, high); }
  Vector direction(std::size_t n) {
    Vector v;
    for (std::size_t i = 0; i < n; ++i) v.push_back(uniform(-1, 1));
    return v;
  }

 private:
  std::uint64_t seed_, count_ = 0;
  property::Random random_;
};

bool has_stopped_gradients(const Graph& g) {
  return std::any_of(g.nodes.begin(), g.nodes.end(), [](const Node& n) { return n.op == op::code<op::StopGradient>; });
}

/// Value and tangent of the program on duals, and by central differences.
std::pair<Vector, Vector> pushed(const Program& p, const Vector& v) {
  std::vector<Extended> x;
  for (std::size_t i = 0; i < v.size(); ++i) x.emplace_back(p.x[i], v[i]);
  std::pair<Vector, Vector> result;
  for (const Extended& y : p.at(x)) {
    result.first.push_back(static_cast<double>(y.primal()));
    result.second.push_back(static_cast<double>(y.tangent()));
  }
  return result;
}
Vector differences(const Program& p, const Vector& v) {
  const auto at = [&](long double h) {
    std::vector<long double> x;
    for (std::size_t i = 0; i < v.size(); ++i) x.push_back(p.x[i] + h * v[i]);
    return p.at(x);
  };
  const long double h = 1e-4L;
  const auto a = at(h), b = at(-h), c = at(h / 2), d = at(-h / 2);
  Vector slopes;
  for (std::size_t k = 0; k < a.size(); ++k) {
    slopes.push_back(static_cast<double>((8 * (c[k] - d[k]) - (a[k] - b[k])) / (6 * h)));
  }
  return slopes;
}

Graph recorded(const Graph& g, graph::RuleSet disabled = 0) {
  graph::Recorder r(disabled);
  const auto x = graph::inputs(r, g.inputs);
  return graph::extract(r, graph::splice(r, g, x));
}

Vector operator+(Vector a, const Vector& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
/// The outputs from number `first` on.
Vector tail(const Vector& y, std::size_t first) {
  return Vector(y.begin() + static_cast<std::ptrdiff_t>(first), y.end());
}

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}
double largest(const Vector& a) {
  double result = 0;
  for (double x : a) result = std::max(result, std::abs(x));
  return result;
}
/// Equal up to `tolerance`, relative to the largest element and to 1.
bool close(const Vector& a, const Vector& b, double tolerance, double scale = 1) {
  if (a.size() != b.size()) return false;
  const double allowed = tolerance * std::max({scale, largest(a), largest(b)});
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!(std::abs(a[i] - b[i]) <= allowed)) return false;
  }
  return true;
}
/// The product of a matrix, row by row, with a vector.
Vector times(const Vector& matrix, const Vector& v) {
  Vector y;
  for (std::size_t i = 0; i < matrix.size(); i += v.size()) {
    y.push_back(dot(Vector(matrix.begin() + static_cast<std::ptrdiff_t>(i),
                           matrix.begin() + static_cast<std::ptrdiff_t>(i + v.size())),
                    v));
  }
  return y;
}

bool same(const Graph& a, const Graph& b) {
  return a.inputs == b.inputs && a.outputs == b.outputs &&
         std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(), [](const Node& m, const Node& n) {
           return m.op == n.op && m.a == n.a && m.b == n.b && m.c == n.c &&
                  std::bit_cast<std::uint64_t>(m.value) == std::bit_cast<std::uint64_t>(n.value);
         });
}

/// Operands before their users, and nothing unneeded.
bool is_in_order(const Graph& g) {
  std::vector<char> needed(g.size(), 0);
  for (int output : g.outputs) needed[static_cast<std::size_t>(output)] = 1;
  for (std::size_t i = g.size(); i-- > 0;) {
    const Node& n = g.nodes[i];
    if (n.op == Node::input) continue;
    if (!needed[i]) return false;
    for (int k = 0; k < n.arity(); ++k) {
      if (n.operand(k) >= static_cast<int>(i)) return false;
      needed[static_cast<std::size_t>(n.operand(k))] = 1;
    }
  }
  return true;
}

/// Besides, nothing twice, and no operation that does nothing.
bool is_clean(const Graph& g) {
  std::set<std::tuple<int, int, int, int, std::uint64_t>> seen;
  for (const Node& n : g.nodes) {
    if (n.op == Node::input) continue;
    if (!seen.emplace(n.op, n.a, n.b, n.c, std::bit_cast<std::uint64_t>(n.value)).second) return false;
    const auto is = [&](int operand, double value) {
      return g[operand].op == Node::constant && g[operand].value == value;
    };
    if (n.op == op::code<op::Add> && (is(n.a, 0) || is(n.b, 0))) return false;
    if (n.op == op::code<op::Subtract> && (is(n.a, 0) || is(n.b, 0))) return false;
    if (n.op == op::code<op::Multiply> && (is(n.a, 1) || is(n.b, 1))) return false;
  }
  return is_in_order(g);
}

/// The outputs of a graph on pairs of numbers.
Vector folded_pairs(const Graph& g, const Vector& x) {
  std::vector<std::array<double, 2>> v;
  const auto source = [&](int s) { return v[static_cast<std::size_t>(s / 2)][static_cast<std::size_t>(s % 2)]; };
  for (const Node& n : g.nodes) {
    const auto in_lane = [&](int lane) {
      if (n.op == Node::input) return x[static_cast<std::size_t>(n.a)];
      if (n.op == Node::constant) return n.value;
      if (n.op == Node::lanes) return source(lane == 0 ? n.a : n.b);
      const auto operand = [&](int place) { return place < 0 ? 0 : source(2 * place + lane); };
      return graph::fold(n.op, operand(n.a), operand(n.b), operand(n.c));
    };
    v.push_back({in_lane(0), in_lane(1)});
  }
  Vector y;
  for (int output : g.outputs) y.push_back(source(output));
  return y;
}

/// Programs of which the derivatives are moderate at their point, with their Jacobian by duals.
struct Subject : Program {
  Vector y, jacobian;
  double scale;
};
template <class Law>
void for_random_programs(unsigned seed, int count, Law law) {
  Generator random(seed);
  int tried = 0;
  for (int done = 0; done < count; ++tried) {
    Subject s{random.program(), {}, {}, 1};
    const std::size_t n = s.x.size();
    s.jacobian.resize(n * s.g.outputs.size());
    for (std::size_t j = 0; j < n; ++j) {
      Vector unit(n, 0.0);
      unit[j] = 1;
      const auto [y, column] = pushed(s, unit);
      s.y = y;
      for (std::size_t i = 0; i < column.size(); ++i) s.jacobian[i * n + j] = column[i];
    }
    s.scale = 1 + largest(s.jacobian);
    if (!(s.scale < 1e3)) continue;
    INFO("program " << tried << " of seed " << seed);
    law(s, random);
    ++done;
  }
  CHECK(tried < 2 * count);
}

constexpr double rounding = 1e-9;

}  // namespace

TEST_CASE("the Jacobian is the same by duals, by differences, by sweeps and by eliminations, with and without rules") {
  for_random_programs(1, 10000, [](const Subject& s, Generator& random) {
    const Graph g = recorded(s.g);
    const int n = g.inputs;
    const Vector expected = s.y + s.jacobian;
    CHECK(close(folded(g, s.x), s.y, rounding));
    CHECK(close(folded(graph::with_jacobian(g, n, Mode::forward), s.x), expected, rounding));
    CHECK(close(folded(graph::with_jacobian(g, n, Mode::reverse), s.x), expected, rounding));
    for (Mode mode : {Mode::markowitz, Mode::relative_markowitz}) {
      CHECK(close(folded(graph::with_jacobian(g, n, mode), s.x), expected, rounding));
    }
    for (Mode mode : {Mode::reverse, Mode::relative_markowitz}) {
      CHECK(close(folded(graph::with_jacobian(s.g, n, mode, false, ~graph::RuleSet{}), s.x), expected, rounding));
    }
    if (!has_stopped_gradients(s.g)) {
      const Vector v = random.direction(s.x.size());
      CHECK(close(times(s.jacobian, v), differences(s, v), 1e-6, s.scale));
    }
  });
}

TEST_CASE("the Jacobian is the same with two rows in the lanes of a register") {
  int possible = 0;
  for_random_programs(6, 10000, [&](const Subject& s, Generator&) {
    const Graph g = recorded(s.g);
    const int rows = static_cast<int>(s.y.size());
    const graph::Lanes lanes(graph::with_jacobian(g, g.inputs, Mode::reverse), rows);
    if (rows < 2 || !lanes.possible()) return;
    ++possible;
    CHECK(close(folded_pairs(lanes.graph(), s.x), s.y + s.jacobian, rounding));
    CHECK(close(folded_pairs(graph::ByArrival(lanes.graph(), rows, 2).graph(), s.x), s.y + s.jacobian, rounding));
  });
  CHECK(possible > 1000);
}

TEST_CASE("the order of operations changes neither values nor, but for rounding, derivatives") {
  for_random_programs(7, 10000, [&](const Subject& s, Generator&) {
    const Graph g = recorded(s.g), jacobian = graph::with_jacobian(g, g.inputs, Mode::reverse);
    const Graph ordered = graph::arranged(jacobian, static_cast<int>(s.y.size()));
    CHECK(is_in_order(ordered));
    // inputs that nobody needs are left out
    const auto operations = [](const Graph& h) {
      return std::count_if(h.nodes.begin(), h.nodes.end(), [](const Node& n) { return n.op != Node::input; });
    };
    CHECK(operations(ordered) == operations(jacobian));
    const Vector before = folded(jacobian, s.x), after = folded(ordered, s.x);
    CHECK(std::equal(after.begin(), after.end() - std::ssize(s.jacobian), before.begin()));
    CHECK(close(after, s.y + s.jacobian, rounding));
  });
}

TEST_CASE("the dynamic tape has the same Jacobian, sweep by sweep, and the sum of its rows by one sweep with seeds") {
  using Number = duet::Var<double>;
  duet::DynamicTape<double> tape;
  for_random_programs(6, 5000, [&](const Subject& s, Generator& random) {
    tape.clear();
    std::vector<Number> x;
    for (double value : s.x) x.push_back(tape.variable(value));
    const std::vector<Number> y = s.at(x);
    const auto gradient = [&](const std::vector<Number>& outputs, const Vector& seeds) {
      tape.zero_grad();
      tape.backward(outputs, seeds);
      Vector g;
      for (const Number& one : x) g.push_back(one.grad());
      return g;
    };
    Vector values, jacobian, transposed(s.jacobian.size());
    for (std::size_t k = 0; k < y.size(); ++k) {
      values.push_back(y[k].primal());
      jacobian = jacobian + gradient({y[k]}, {1});
    }
    CHECK(close(values, s.y, rounding));
    CHECK(close(jacobian, s.jacobian, rounding));
    const Vector w = random.direction(y.size());
    for (std::size_t k = 0; k < y.size(); ++k) {
      for (std::size_t i = 0; i < x.size(); ++i) transposed[i * y.size() + k] = s.jacobian[k * x.size() + i];
    }
    CHECK(close(gradient(y, w), times(transposed, w), rounding, s.scale));
  });
}

TEST_CASE("tangents are linear, and adjoint to cotangents") {
  for_random_programs(2, 10000, [](const Subject& s, Generator& random) {
    const std::size_t n = s.x.size(), m = s.y.size();
    const Graph g = recorded(s.g), tangents = graph::with_tangents(g, g.inputs),
                cotangents = graph::with_cotangents(g, g.inputs);
    const auto push = [&](const Vector& v) { return tail(folded(tangents, s.x + v), m); };
    const Vector u = random.direction(n), v = random.direction(n), w = random.direction(m);
    const double a = random.uniform(-2, 2);
    Vector combined = u;
    for (std::size_t i = 0; i < n; ++i) combined[i] += a * v[i];
    Vector sum = push(u);
    const Vector pushed_v = push(v);
    for (std::size_t k = 0; k < m; ++k) sum[k] += a * pushed_v[k];
    CHECK(close(push(combined), sum, rounding, s.scale));
    CHECK(close(pushed_v, times(s.jacobian, v), rounding, s.scale));
    const Vector pulled = tail(folded(cotangents, s.x + w), m);
    CHECK(std::abs(dot(pushed_v, w) - dot(v, pulled)) <= rounding * s.scale);
  });
}

TEST_CASE("recorded graphs and their derivatives are clean, and recording them again changes nothing") {
  // these rules look at what else there is, so that the order of recording counts
  using graph::rules::named;
  const graph::RuleSet without =
      named("u / v -> u (1 / v) where 1 / v is needed too") | named("c / u -> c (1 / u) where 1 / u is known") |
      named("u (v w) -> (u v) w where u v is known") | named("-(c u) -> (-c) u where c u is used once");
  for_random_programs(3, 10000, [&](const Subject& s, Generator&) {
    const Graph g = recorded(s.g, without);
    const int n = g.inputs;
    for (const Graph& h : {g, graph::with_jacobian(g, n, Mode::forward, false, without),
                           graph::with_jacobian(g, n, Mode::reverse, false, without),
                           graph::with_jacobian(g, n, Mode::markowitz, false, without)}) {
      CHECK(is_clean(h));
      CHECK(same(recorded(h, without), h));
    }
    CHECK(is_clean(graph::with_tangents(g, n, without)));
    CHECK(is_clean(graph::with_cotangents(g, n, without)));
  });
}

TEST_CASE("the Jacobian of a composition is the product of the Jacobians") {
  Generator inner_programs(40);
  for_random_programs(4, 5000, [&](const Subject& outer, Generator&) {
    const Program inner = inner_programs.program();
    const std::size_t n = inner.x.size(), m = outer.x.size();
    graph::Recorder r;
    const auto x = graph::inputs(r, inner.g.inputs);
    const auto between = graph::splice(r, inner.g, x);
    const Vector values = inner.at(inner.x);
    graph::List<int> moved;
    for (std::size_t k = 0; k < m; ++k) {
      const std::size_t from = k % between.size();
      moved.push_back(r.emit<op::Add>(between[from], r.constant(outer.x[k] - values[from])));
    }
    const Graph composition = graph::extract(r, graph::splice(r, outer.g, moved));
    const Vector jacobian =
        tail(folded(graph::with_jacobian(composition, inner.g.inputs, Mode::reverse), inner.x), outer.y.size());
    Vector product(jacobian.size(), 0.0);
    double scale = 1;
    for (std::size_t j = 0; j < n; ++j) {
      Vector unit(n, 0.0), column(m);
      unit[j] = 1;
      const Vector slopes = pushed(inner, unit).second;
      for (std::size_t k = 0; k < m; ++k) column[k] = slopes[k % slopes.size()];
      scale = std::max(scale, outer.scale * (1 + largest(column)));
      const Vector result = times(outer.jacobian, column);
      for (std::size_t i = 0; i < result.size(); ++i) product[i * n + j] = result[i];
    }
    CHECK(close(jacobian, product, rounding, scale));
  });
}

TEST_CASE("Hessians are symmetric, and the same whatever the mode and whether half of them is computed or all") {
  for_random_programs(5, 5000, [](const Subject& s, Generator&) {
    Graph first = recorded(s.g);
    first.outputs.resize(1);
    const int n = first.inputs;
    Graph gradient = graph::with_jacobian(first, n, Mode::reverse);
    gradient.outputs = graph::List<int>(gradient.outputs.begin() + 1, gradient.outputs.end());
    const auto hessian = [&](Mode mode, bool symmetric) {
      return tail(folded(graph::with_jacobian(gradient, n, mode, symmetric), s.x), s.x.size());
    };
    const Vector forward = hessian(Mode::forward, false);
    Vector transposed;
    for (int i = 0; i < n * n; ++i) transposed.push_back(forward[static_cast<std::size_t>(i % n * n + i / n)]);
    CHECK(close(forward, transposed, 1e-7));
    CHECK(close(forward, hessian(Mode::reverse, false), 1e-7));
    CHECK(close(forward, hessian(Mode::reverse, true), 1e-7));
    CHECK(close(forward, hessian(Mode::forward, true), 1e-7));
  });
}

TEST_CASE("every row of the table occurs in the random programs, those of numbers often") {
  std::vector<int> uses(static_cast<std::size_t>(op::Table::size), 0);
  for_random_programs(1, 10000, [&](const Subject& s, Generator&) {
    for (const Node& n : s.g.nodes) {
      if (n.op >= 0) ++uses[static_cast<std::size_t>(n.op)];
    }
  });
  for (int code = 0; code < op::code<op::Attach>; ++code) {
    INFO(std::string(op::info(code).name));
    const bool of_truths = op::info(code).kind == op::Kind::predicate;  // few of them lead to an output
    CHECK(uses[static_cast<std::size_t>(code)] > (of_truths ? 0 : 100));
  }
}
