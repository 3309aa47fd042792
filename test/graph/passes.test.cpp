// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What recording and the passes promise: no operation twice, constants folded, nothing dead, derivatives that share
// with the function, cheap gradients, and the cheaper mode for Jacobians.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <duet/duet.hpp>

namespace {

namespace graph = duet::graph;
namespace op = duet::op;
using duet::cost;
using duet::Traced;

constexpr double infinity = std::numeric_limits<double>::infinity();

template <class F>
constexpr graph::Graph recorded(const F& f, int inputs = 2) {
  graph::Recorder r;
  const auto x = graph::inputs(r, inputs);
  const Traced u(r, x[0]), v(r, x[1]);
  return graph::extract(r, {Traced(f(u, v)).node(r)});
}

/// Sine, cosine, cosine and sine of one number.
struct Repetitive {
  static constexpr graph::Graph make() {
    graph::Graph g;
    g.inputs = 1;
    g.nodes.push_back(graph::Node{graph::Node::input, 0, -1, -1, 0.0});
    for (op::Code row : {op::code<op::Sin>, op::code<op::Cos>, op::code<op::Cos>, op::code<op::Sin>}) {
      g.outputs.push_back(static_cast<int>(g.nodes.size()));
      g.nodes.push_back(graph::Node{row, 0, -1, -1, 0.0});
    }
    return g;
  }
};

template <class T>
constexpr std::array<T, 4> run_repetitive(const T& x) {
  return graph::execute<graph::Frozen<Repetitive>, T>(duet::tree::Leaves<T, 1>{&x}, [](const auto& y) {
    return std::array<T, 4>{y.template get<0>(), y.template get<1>(), y.template get<2>(), y.template get<3>()};
  });
}

template <class Op>
constexpr int occurrences(const graph::Graph& g) {
  int n = 0;
  for (const graph::Node& node : g.nodes) n += node.op == op::code<Op>;
  return n;
}

}  // namespace

TEST_CASE_TEMPLATE("a graph runs as it is, though operations are repeated", T, float, double, duet::Dual<double>) {
  using std::cos, std::sin;
  const T x(0.7), sine = sin(x), cosine = cos(x);
  CHECK(run_repetitive(x) == std::array<T, 4>{sine, cosine, cosine, sine});
}

TEST_CASE("equal operations are one node, whatever the order of commuting operands") {
  graph::Recorder r;
  const int x = r.input(), y = r.input();
  CHECK(x != y);
  CHECK(r.emit<op::Add>(x, y) == r.emit<op::Add>(y, x));
  CHECK(r.emit<op::Multiply>(x, y) == r.emit<op::Multiply>(y, x));
  CHECK(r.emit<op::Hypot>(x, y) == r.emit<op::Hypot>(y, x));
  CHECK(r.emit<op::Max>(x, y) == r.emit<op::Max>(y, x));
  CHECK(r.emit<op::Subtract>(x, y) != r.emit<op::Subtract>(y, x));
  CHECK(r.emit<op::Divide>(x, y) != r.emit<op::Divide>(y, x));
  CHECK(r.emit<op::Pow>(x, y) != r.emit<op::Pow>(y, x));
  CHECK(r.emit<op::Sin>(x) == r.emit<op::Sin>(x));
  CHECK(r.constant(2) == r.constant(2));
  const int size = r.size();
  for (int i = 0; i < 100; ++i) r.emit<op::Sin>(r.emit<op::Add>(x, y));
  CHECK(r.size() <= size + 1);
}

TEST_CASE("constants are told apart by their bits, NaN and signed zeros included") {
  graph::Recorder r;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(r.constant(0.0) != r.constant(-0.0));
  CHECK(r.constant(nan) == r.constant(nan));
  CHECK(r.constant(1) != r.constant(std::nextafter(1.0, 2.0)));
}

TEST_CASE("thousands of nodes are found again in constant time each") {
  graph::Recorder r;
  const int x = r.input();
  int node = x;
  for (int i = 0; i < 20000; ++i) node = r.emit<op::Sin>(r.emit<op::Add>(node, r.constant(i + 0.5)));
  const int size = r.size();
  int again = x;
  for (int i = 0; i < 20000; ++i) again = r.emit<op::Sin>(r.emit<op::Add>(again, r.constant(i + 0.5)));
  CHECK(again == node);
  CHECK(r.size() == size);
}

TEST_CASE("operations on constants are carried out, also those without a finite result") {
  graph::Recorder r;
  const auto value = [&](int node) {
    CHECK(r.is_constant(node));
    return r[node].value;
  };
  CHECK(value(r.emit<op::Add>(r.constant(2), r.constant(3))) == 5);
  CHECK(value(r.emit<op::Sin>(r.constant(0.5))) == doctest::Approx(std::sin(0.5)).epsilon(1e-15));
  CHECK(value(r.emit<op::Where>(r.emit<op::Less>(r.constant(1), r.constant(2)), r.constant(7), r.constant(8))) == 7);
  CHECK(value(r.emit<op::Divide>(r.constant(1), r.constant(0.0))) == infinity);
  CHECK(value(r.emit<op::Divide>(r.constant(1), r.constant(-0.0))) == -infinity);
  CHECK(std::isnan(value(r.emit<op::Divide>(r.constant(0), r.constant(0)))));
  CHECK(value(r.emit<op::Log>(r.constant(0))) == -infinity);
  CHECK(std::isnan(value(r.emit<op::Sqrt>(r.constant(-1)))));
  static_assert(recorded([](auto u, auto) { return u + Traced(2) * 3 - log(Traced(1)); }).size() == 4);
}

TEST_CASE("what no output needs is left out, but every input stays") {
  constexpr std::size_t alone = recorded([](auto u, auto v) { return u * v; }).size();
  constexpr std::size_t beside = recorded([](auto u, auto v) {
                                   const auto unused = sin(u) + exp(v);
                                   (void)unused;
                                   return u * v;
                                 }).size();
  static_assert(alone == 3 && beside == alone);
  static_assert(recorded([](auto, auto) { return 1; }).size() == 3);
  static_assert(recorded([](auto, auto v) { return v; }).inputs == 2);
}

TEST_CASE("operands come before their users, inputs first") {
  constexpr auto f = [](auto x, auto y) { return exp(x * y) / (1 + x * y) - max(x, sin(y)); };
  const auto check = [](const auto& g) {
    for (int i = 0; i < static_cast<int>(g.size()); ++i) {
      CHECK((i < g.inputs) == (g[i].op == graph::Node::input));
      for (int k = 0; k < g[i].arity(); ++k) {
        CHECK(g[i].operand(k) >= 0);
        CHECK(g[i].operand(k) < i);
      }
    }
  };
  check(recorded(f));
  check(graph::with_jacobian(recorded(f), 2, duet::Mode::reverse));
  check(graph::with_tangents(recorded(f), 2));
  check(graph::with_cotangents(recorded(f), 2));
}

TEST_CASE("the graph recorded by the compiler is the graph recorded at run time") {
  // Their nodes may be ordered and grouped differently, since the operands of an operator are evaluated in any order.
  const auto check = []<class F>(const F& f) {
    struct Primal {
      static constexpr graph::Graph make() { return recorded(F{}); }
    };
    struct Jacobian {
      static constexpr graph::Graph make() { return graph::with_jacobian(recorded(F{}), 2, duet::Mode::reverse); }
    };
    graph::Recorder r(~graph::RuleSet(0));
    const auto x = graph::inputs(r, 2);
    CHECK(graph::splice(r, recorded(f), x)[0] == graph::splice(r, graph::Frozen<Primal>::graph, x)[0]);

    const graph::Graph at_run_time = graph::with_jacobian(recorded(f), 2, duet::Mode::reverse);
    CHECK(at_run_time.size() == graph::Frozen<Jacobian>::graph.size());
    graph::Recorder numbers;
    const graph::List<int> point{numbers.constant(0.7), numbers.constant(1.3)};
    const auto expected = graph::splice(numbers, at_run_time, point);
    const auto outputs = graph::splice(numbers, graph::Frozen<Jacobian>::graph, point);
    for (int k = 0; k < 3; ++k) {
      REQUIRE(numbers.is_constant(outputs[k]));
      CHECK(numbers[outputs[k]].value == doctest::Approx(numbers[expected[k]].value).epsilon(1e-14));
    }
  };
  check([](auto x, auto y) { return log(x) + x * y - sin(y); });
  check([](auto x, auto y) { return where(x < y, pow(x, y), hypot(x, y)) * max(x, 2) / clamp(y, x, 3); });
  check([](auto x, auto y) {
    auto sum = x;
    for (int i = 1; i < 20; ++i) sum = sum * y + tanh(sum - i) * exp(x / i);
    return sum;
  });
}

TEST_CASE("sweeps say `none` where a derivative is zero by its form, and add no node for it") {
  graph::Recorder r;
  const auto x = graph::inputs(r, 2);
  const Traced u(r, x[0]), v(r, x[1]);
  const int y = sin(u).node(r), step = floor(v).node(r);
  graph::PartialsOf partial(r);
  const auto gradient = graph::reverse(partial, x, {y}, {r.constant(1)});
  CHECK(gradient[0] == cos(u).node(r));
  CHECK(gradient[1] == graph::none);
  const auto flat = graph::reverse(partial, x, {step}, {r.constant(1)});
  CHECK(flat[0] == graph::none);
  CHECK(flat[1] == graph::none);
  const auto unseeded = graph::reverse(partial, x, {y}, {graph::none});
  CHECK(unseeded[0] == graph::none);

  const auto tangents = graph::forward(partial, {x[0]}, {r.constant(1)}, {y, step, x[1], x[0]});
  CHECK(tangents[0] == gradient[0]);
  CHECK(tangents[1] == graph::none);
  CHECK(tangents[2] == graph::none);
  CHECK(r.is_constant(tangents[3], 1));
  const auto still = graph::forward(partial, x, {graph::none, graph::none}, {y, step});
  CHECK(still[0] == graph::none);
  CHECK(still[1] == graph::none);
  // for a graph that is to run, `none` is the number zero
  const auto g = graph::extract(r, {gradient[1]});
  CHECK(g[g.outputs[0]] == graph::Node{graph::Node::constant, -1, -1, -1, 0.0});
}

TEST_CASE("a derivative shares what the function has computed") {
  const auto check = [](auto f, auto count) {
    CHECK(count(graph::with_jacobian(recorded(f), 2, duet::Mode::reverse)) == 1);
    CHECK(count(graph::with_jacobian(recorded(f), 2, duet::Mode::forward)) == 1);
  };
  check([](auto x, auto y) { return exp(x * y); }, [](const auto& h) { return occurrences<op::Exp>(h); });
  check([](auto x, auto y) { return tanh(x - y); }, [](const auto& h) { return occurrences<op::Tanh>(h); });
  check([](auto x, auto y) { return sqrt(x + y); }, [](const auto& h) { return occurrences<op::Sqrt>(h); });
}

TEST_CASE("costs are counted by kind") {
  constexpr auto count = [](auto f) { return graph::count(recorded(f)); };
  static_assert(count([](auto x, auto y) { return x + y - -x; }) == graph::Cost{.additions = 2});
  static_assert(count([](auto x, auto y) { return x * y * y; }) == graph::Cost{.multiplications = 2});
  static_assert(count([](auto x, auto y) { return fma(x, y, x); }) ==
                graph::Cost{.additions = 1, .multiplications = 1});
  static_assert(count([](auto x, auto y) { return x / y; }) == graph::Cost{.divisions = 1});
  static_assert(count([](auto x, auto y) { return where(x < y, x, y); }) == graph::Cost{.choices = 2});
  static_assert(count([](auto x, auto y) { return sin(x) + pow(x, y); }) ==
                graph::Cost{.additions = 1, .transcendentals = 2});
  static_assert(count([](auto x, auto) { return x; }).total() == 0);
  static_assert((2 * graph::Cost{1, 2, 3, 4, 5} + graph::Cost{1, 1, 1, 1, 1}) == graph::Cost{3, 5, 7, 9, 11});
  static_assert(graph::Cost{.additions = 3} > graph::Cost{.transcendentals = 2});
}

namespace {

constexpr auto product = [](auto a, auto b, auto c, auto d, auto e) { return a * b * c * d * e; };
constexpr auto mixed = [](auto x, auto y) { return log(x) + x * y - sin(y); };
constexpr auto logistic = [](auto x, auto y, auto z) { return 1 / (1 + exp(-(x * y + z))); };
constexpr auto distance = [](auto x, auto y, auto z) { return sqrt(x * x + y * y + z * z); };
constexpr auto rosenbrock = [](const auto& x) {
  auto sum = 0 * x[0];
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    sum += 100 * square(x[i + 1] - x[i] * x[i]) + square(1 - x[i]);
  }
  return sum;
};

/// M functions of N variables that all look alike: neither mode has an advantage but for the shape.
template <std::size_t M>
struct Dense {
  template <class T, std::size_t N>
  constexpr auto operator()(const std::array<T, N>& x) const {
    std::array<T, M> y{};
    for (std::size_t i = 0; i < M; ++i) {
      y[i] = sin(x[0]);
      for (std::size_t j = 1; j < N; ++j) y[i] = sin(y[i] * x[j] + static_cast<double>(i));
    }
    return y;
  }
};

/// The operations of the Jacobian in the mode that was asked for.
template <duet::Mode M, std::size_t Outputs, std::size_t Inputs>
constexpr int operations() {
  using F = duet::tape::Flat<Dense<Outputs>, duet::Wrt<>, std::array<double, Inputs>>;
  using D = duet::tape::Derivatives<duet::tape::recording<F, 0>, 0>;
  return graph::count(graph::Frozen<typename D::template Jacobian<M, false>>::graph).total();
}
template <std::size_t Outputs, std::size_t Inputs>
constexpr duet::Mode chosen() {
  using F = duet::tape::Flat<Dense<Outputs>, duet::Wrt<>, std::array<double, Inputs>>;
  return duet::tape::Derivatives<duet::tape::recording<F, 0>, 0>::template Jacobian<duet::Mode::automatic,
                                                                                    false>::mode();
}

}  // namespace

TEST_CASE("a gradient costs at most four times the function, whatever the number of inputs") {
  static_assert(cost<decltype(duet::value_and_grad(product))> <= 4 * cost<decltype(product)>);
  static_assert(cost<decltype(duet::value_and_grad(mixed))> <= 4 * cost<decltype(mixed)>);
  static_assert(cost<decltype(duet::grad(product))> <= 4 * cost<decltype(product)>);
  static_assert(cost<decltype(duet::grad(mixed))> <= 4 * cost<decltype(mixed)>);
  static_assert(cost<decltype(duet::grad(logistic))> <= 4 * cost<decltype(logistic)>);
  static_assert(cost<decltype(duet::grad(distance))> <= 4 * cost<decltype(distance)>);
  using Four = std::array<double, 4>;
  using Forty = std::array<double, 40>;
  static_assert(cost<decltype(duet::grad(rosenbrock)), Four> <= 4 * cost<decltype(rosenbrock), Four>);
  static_assert(cost<decltype(duet::grad(rosenbrock)), Forty> <= 4 * cost<decltype(rosenbrock), Forty>);
}

TEST_CASE("a gradient needs no more transcendental functions than its formula has") {
  static_assert(cost<decltype(duet::grad(mixed))>.transcendentals == 1);     // 1/x + y, x - cos y
  static_assert(cost<decltype(duet::grad(logistic))>.transcendentals == 1);  // s (1 - s)
  static_assert(cost<decltype(duet::grad(distance))>.transcendentals == 1);
}

TEST_CASE("numbers in derivatives meet: halves cancel twos, equal terms are counted") {
  // u / r, v / r, w / r with one reciprocal of the distance r
  static_assert(cost<decltype(duet::grad(distance))> ==
                graph::Cost{.additions = 2, .multiplications = 6, .divisions = 1, .transcendentals = 1});
  constexpr auto cube = [](auto x) { return x * x * x; };  // 3 x^2
  static_assert(cost<decltype(duet::grad(cube))> == graph::Cost{.multiplications = 2});
  static_assert(duet::grad(cube)(1.5) == 3 * 1.5 * 1.5);
}

TEST_CASE("rows share the sums of the partial derivatives that they have in common") {
  // both rows need p + 2 q x, the derivative of p x + x q x
  constexpr auto two = [](auto a, auto b, auto x, auto p, auto q) {
    const auto y = p * x + x * (q * x);
    return std::array{a * y, b * y};
  };
  using F = duet::tape::Flat<decltype(two), duet::Wrt<0, 1, 2>, double, double, double, double, double>;
  using D = duet::tape::Derivatives<duet::tape::recording<F, 0>, 0>;
  constexpr auto& g = graph::Frozen<typename D::template JacobianBy<duet::Mode::reverse, false>>::graph;
  static_assert(graph::count(g) == graph::Cost{.additions = 2, .multiplications = 8});
}

TEST_CASE("Jacobians are accumulated forward if tall, in reverse if wide, and else in the cheapest mode") {
  using duet::Mode;
  static_assert(chosen<16, 2>() == Mode::forward);
  static_assert(chosen<4, 1>() == Mode::forward);
  static_assert(chosen<1, 4>() == Mode::reverse);
  static_assert(chosen<1, 16>() == Mode::reverse);
  const auto check = []<std::size_t M, std::size_t N>(std::index_sequence<M, N>) {
    static_assert(operations<Mode::automatic, M, N>() ==
                  std::min({operations<Mode::forward, M, N>(), operations<Mode::reverse, M, N>(),
                            operations<Mode::markowitz, M, N>(), operations<Mode::relative_markowitz, M, N>()}));
  };
  check(std::index_sequence<2, 3>());
  check(std::index_sequence<3, 2>());
  check(std::index_sequence<4, 2>());
}
