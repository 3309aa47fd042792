// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Every rewriting rule does what its name says, can be switched off by that name, and changes neither values nor
// derivatives.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include <duet/duet.hpp>

namespace {

namespace graph = duet::graph;
namespace rules = duet::graph::rules;
using T = duet::Traced;
using Form = T (*)(T u, T v, T w);

struct Case {
  const char* rule;
  Form before, after;  // `after` is taken as it stands, by a recorder without rules
};

const Case cases[] = {
    {"c && c -> c", [](T u, T v, T w) { return where(u < v && u < v, v, w); },
     [](T u, T v, T w) { return where(u < v, v, w); }},
    {"c || c -> c", [](T u, T v, T w) { return where(u < v || u < v, v, w); },
     [](T u, T v, T w) { return where(u < v, v, w); }},
    {"!!c -> c", [](T u, T v, T w) { return where(!!(u < v), v, w); },
     [](T u, T v, T w) { return where(u < v, v, w); }},

    {"0 + u -> u", [](T u, T, T) { return 0 + u; }, [](T u, T, T) { return u; }},
    {"-1 + exp(u) -> expm1(u)", [](T u, T, T) { return -1 + exp(u); }, [](T u, T, T) { return expm1(u); }},
    {"-c + u -> u - c", [](T u, T, T) { return -3 + u; }, [](T u, T, T) { return u - 3; }},
    {"u + -v -> u - v", [](T u, T v, T) { return u + -v; }, [](T u, T v, T) { return u - v; }},
    {"u + u -> 2 u", [](T u, T, T) { return u + u; }, [](T u, T, T) { return 2 * u; }},
    {"2 u + 2 v -> 2 (u + v)", [](T u, T v, T) { return 2 * u + 2 * v; }, [](T u, T v, T) { return 2 * (u + v); }},

    {"u - 0 -> u", [](T u, T, T) { return u - 0; }, [](T u, T, T) { return u; }},
    {"0 - u -> -u", [](T u, T, T) { return 0 - u; }, [](T u, T, T) { return -u; }},
    {"exp(u) - 1 -> expm1(u)", [](T u, T, T) { return exp(u) - 1; }, [](T u, T, T) { return expm1(u); }},
    {"u - -v -> u + v", [](T u, T v, T) { return u - -v; }, [](T u, T v, T) { return u + v; }},
    {"-u - v -> -(u + v)", [](T u, T v, T) { return -u - v; }, [](T u, T v, T) { return -(u + v); }},
    {"2 u - 2 v -> 2 (u - v)", [](T u, T v, T) { return 2 * u - 2 * v; }, [](T u, T v, T) { return 2 * (u - v); }},

    {"1 u -> u", [](T u, T, T) { return 1 * u; }, [](T u, T, T) { return u; }},
    {"-c u -> -(c u)", [](T u, T, T) { return -3 * u; }, [](T u, T, T) { return -(3 * u); }},
    {"c (d u) -> (c d) u", [](T u, T, T) { return 3 * (5 * u); }, [](T u, T, T) { return 15 * u; }},
    {"-u v -> -(u v)", [](T u, T v, T) { return -u * v; }, [](T u, T v, T) { return -(u * v); }},
    {"u u -> square(u)", [](T u, T, T) { return u * u; }, [](T u, T, T) { return square(u); }},
    {"(c u) u -> c square(u)", [](T u, T, T) { return 3 * u * u; }, [](T u, T, T) { return 3 * square(u); }},
    {"u (v w) -> (u v) w where u v is known",
     [](T u, T v, T w) {
       const T known = u * v;
       return known + u * (v * w);
     },
     [](T u, T v, T w) {
       const T known = u * v;
       return known + known * w;
     }},
    {"u where(c, 1, 0) -> where(c, u, 0)", [](T u, T v, T w) { return w * where(u < v, T(3), T(0)); },
     [](T u, T v, T w) { return where(u < v, 3 * w, 0); }},

    {"u / 1 -> u", [](T u, T, T) { return u / 1; }, [](T u, T, T) { return u; }},
    {"u / -1 -> -u", [](T u, T, T) { return u / -1; }, [](T u, T, T) { return -u; }},
    {"c / u -> c (1 / u) where 1 / u is known",
     [](T u, T, T) {
       const T known = 1 / u;
       return known - 3 / u;
     },
     [](T u, T, T) {
       const T known = 1 / u;
       return known - 3 * known;
     }},
    {"1 / (1 + exp(-u)) -> sigmoid(u)", [](T u, T, T) { return 1 / (1 + exp(-u)); },
     [](T u, T, T) { return duet::sigmoid(u); }},
    {"u / v -> u (1 / v) where 1 / v is needed too", [](T u, T v, T) { return u / v - 1 / v; },
     [](T u, T v, T) { return u * (1 / v) - 1 / v; }},
    {"-u / v -> -(u / v)", [](T u, T v, T) { return -u / v; }, [](T u, T v, T) { return -(u / v); }},

    {"-(-u) -> u", [](T u, T, T) { return -(-u); }, [](T u, T, T) { return u; }},
    {"-(u - v) -> v - u", [](T u, T v, T) { return -(u - v); }, [](T u, T v, T) { return v - u; }},
    {"-(c u) -> (-c) u where c u is used once", [](T u, T, T) { return -(3 * u); }, [](T u, T, T) { return -3 * u; }},

    {"square(-u) -> square(u)", [](T u, T, T) { return square(-u); }, [](T u, T, T) { return square(u); }},
    {"square(abs(u)) -> square(u)", [](T u, T, T) { return square(abs(u)); }, [](T u, T, T) { return square(u); }},

    {"where(c, u, u) -> u", [](T u, T v, T w) { return where(u < v, w, w); }, [](T, T, T w) { return w; }},
    {"where(true, u, v) -> u", [](T u, T v, T) { return where(T(1) < 2, u, v) * where(T(2) < 1, u, v); },
     [](T u, T v, T) { return u * v; }},
    {"where(!c, u, v) -> where(c, v, u)", [](T u, T v, T w) { return where(!(u < v), v, w); },
     [](T u, T v, T w) { return where(u < v, w, v); }},
    {"where(c, where(c, u, v), w) -> where(c, u, w)",
     [](T u, T v, T w) { return where(u < v, where(u < v, 3 * u, v), w); },
     [](T u, T v, T w) { return where(u < v, 3 * u, w); }},

    {"abs(-u) -> abs(u)", [](T u, T, T) { return abs(-u); }, [](T u, T, T) { return abs(u); }},
    {"abs(u) -> u where u >= 0 by its form", [](T u, T v, T w) { return abs(exp(u)) * abs(square(v)) * abs(abs(w)); },
     [](T u, T v, T w) { return exp(u) * square(v) * abs(w); }},

    {"log(exp(u)) -> u", [](T u, T, T) { return log(exp(u)); }, [](T u, T, T) { return u; }},
    {"log(1 + u) -> log1p(u)", [](T u, T, T) { return log(1 + u); }, [](T u, T, T) { return log1p(u); }},
    {"log(exp(u) + exp(v)) -> logaddexp(u, v)", [](T u, T v, T) { return log(exp(u) + exp(v)); },
     [](T u, T v, T) { return duet::logaddexp(u, v); }},
    {"log2(exp2(u)) -> u", [](T u, T, T) { return log2(exp2(u)); }, [](T u, T, T) { return u; }},
    {"log1p(exp(u)) -> softplus(u)", [](T u, T, T) { return log1p(exp(u)); },
     [](T u, T, T) { return duet::softplus(u); }},
    {"log1p(expm1(u)) -> u", [](T u, T, T) { return log1p(expm1(u)); }, [](T u, T, T) { return u; }},

    {"sqrt(square(u)) -> abs(u)", [](T u, T, T) { return sqrt(square(u)); }, [](T u, T, T) { return abs(u); }},

    {"pow(u, 0) -> 1", [](T u, T v, T) { return pow(u, 0) - v; }, [](T, T v, T) { return 1 - v; }},
    {"pow(u, 1) -> u", [](T u, T, T) { return pow(u, 1); }, [](T u, T, T) { return u; }},
    {"pow(u, 2) -> square(u)", [](T u, T, T) { return pow(u, 2); }, [](T u, T, T) { return square(u); }},
    {"pow(u, 3) -> u square(u)", [](T u, T, T) { return pow(u, 3); }, [](T u, T, T) { return u * square(u); }},
    {"pow(u, 4) -> square(square(u))", [](T u, T, T) { return pow(u, 4); },
     [](T u, T, T) { return square(square(u)); }},
    {"pow(u, -1) -> 1 / u", [](T u, T, T) { return pow(u, -1); }, [](T u, T, T) { return 1 / u; }},
};

/// Rules on the terms of derivatives: `after` is the derivative of `before` with respect to u.
const Case derivative_cases[] = {
    {"c u + d u -> (c + d) u in derivatives", [](T u, T, T w) { return w * (u + u); }, [](T, T, T w) { return 2 * w; }},
    {"u v + u w -> u (v + w) in derivatives", [](T u, T v, T w) { return w * (u * v + u * w); },
     [](T, T v, T w) { return w * (v + w); }},
    {"(u v, u w, ...) -> u (v, w, ...) in gradients", [](T u, T, T) { return exp(3 * sin(u) + 5 * cosh(u)); },
     [](T u, T, T) { return exp(3 * sin(u) + 5 * cosh(u)) * (3 * cos(u) + 5 * sinh(u)); }},
    {"u (c v) -> c (u v) in derivatives", [](T u, T, T) { return sqrt(square(u)); },
     [](T u, T, T) { return 1 / sqrt(square(u)) * u; }},
};

constexpr graph::RuleSet every_rule = ~graph::RuleSet(0);

graph::Graph recorded(Form f, graph::RuleSet disabled) {
  graph::Recorder r(disabled);
  const auto x = graph::inputs(r, 3);
  const int y = f(T(r, x[0]), T(r, x[1]), T(r, x[2])).node(r);
  return graph::extract(r, {y});
}

/// Whether two graphs are the same operations, in whatever order they are listed.
bool same(const graph::Graph& g, const graph::Graph& h) {
  graph::Recorder r(every_rule);
  const auto x = graph::inputs(r, 3);
  return graph::splice(r, g, x)[0] == graph::splice(r, h, x)[0];
}

std::vector<double> evaluate(const graph::Graph& g, const std::array<double, 3>& x) {
  std::vector<double> v;
  const auto operand = [&](int i) { return i < 0 ? 0.0 : v[std::size_t(i)]; };
  for (const graph::Node& n : g.nodes) {
    v.push_back(n.op == graph::Node::input      ? x[std::size_t(n.a)]
                : n.op == graph::Node::constant ? n.value
                                                : graph::fold(n.op, operand(n.a), operand(n.b), operand(n.c)));
  }
  std::vector<double> outputs;
  for (int output : g.outputs) outputs.push_back(v[std::size_t(output)]);
  return outputs;
}

/// The value and the gradient of `f` where the rules of a set are switched off.
std::vector<double> value_and_gradient(Form f, graph::RuleSet disabled, duet::Mode mode,
                                       const std::array<double, 3>& x) {
  return evaluate(graph::with_jacobian(recorded(f, disabled), 3, mode, false, disabled), x);
}

template <class Check>
void for_each_sample(Check check) {
  const double values[] = {-1.7, -0.4, 0.3, 0.9, 2.6};
  for (double u : values) {
    for (double v : values) {
      for (double w : values) check(std::array{u, v, w});
    }
  }
}

}  // namespace

TEST_CASE("every rule of the table has a case here, and every case a rule") {
  for (const rules::Rule& rule : rules::table) {
    bool covered = false;
    for (const Case& c : cases) covered = covered || std::string(c.rule) == rule.name;
    for (const Case& c : derivative_cases) covered = covered || std::string(c.rule) == rule.name;
    CAPTURE(std::string(rule.name));
    CHECK(covered);
  }
  for (const Case& c : cases) {
    CAPTURE(std::string(c.rule));
    CHECK(rules::named(c.rule) != 0);
  }
  CHECK(rules::named("no such rule") == 0);
}

TEST_CASE("a rule alone does what its name says, and without rules nothing changes") {
  for (const Case& c : cases) {
    CAPTURE(std::string(c.rule));
    const graph::RuleSet rule = rules::named(c.rule);
    const graph::Graph after = recorded(c.after, every_rule);
    CHECK(same(recorded(c.before, every_rule & ~rule), after));
    CHECK_FALSE(same(recorded(c.before, every_rule), after));
  }
}

TEST_CASE("the same on the terms of derivatives") {
  for (const Case& c : derivative_cases) {
    CAPTURE(std::string(c.rule));
    const auto derivative = [&](graph::RuleSet disabled) {
      graph::Graph g = graph::with_jacobian(recorded(c.before, every_rule), 3, duet::Mode::reverse, false, disabled);
      g.outputs = {g.outputs[1]};
      return g;
    };
    const graph::RuleSet others = every_rule & ~rules::named("1 u -> u");  // a seed is a factor of 1
    const graph::Graph after = recorded(c.after, every_rule);
    CHECK(same(derivative(others & ~rules::named(c.rule)), after));
    CHECK_FALSE(same(derivative(others), after));
  }
}

TEST_CASE("values and derivatives do not depend on any rule, but for rounding") {
  std::vector<Case> all(std::begin(cases), std::end(cases));
  all.insert(all.end(), std::begin(derivative_cases), std::end(derivative_cases));
  for (const Case& c : all) {
    CAPTURE(std::string(c.rule));
    const graph::RuleSet rule = rules::named(c.rule);
    for (duet::Mode mode : {duet::Mode::reverse, duet::Mode::forward}) {
      int compared = 0;
      for_each_sample([&](const std::array<double, 3>& x) {
        const auto with = value_and_gradient(c.before, 0, mode, x);
        for (const graph::RuleSet disabled : {rule, every_rule}) {
          const auto without = value_and_gradient(c.before, disabled, mode, x);
          for (std::size_t k = 0; k < with.size(); ++k) {
            if (!std::isfinite(with[k]) || !std::isfinite(without[k])) continue;
            ++compared;
            if (std::abs(with[k] - without[k]) > 1e-13 * (1 + std::abs(with[k]))) {
              CAPTURE(k);
              CAPTURE(x[0]);
              CAPTURE(x[1]);
              CAPTURE(x[2]);
              CHECK(with[k] == doctest::Approx(without[k]).epsilon(1e-13));
            }
          }
        }
      });
      CHECK(compared > 50);
    }
  }
}

TEST_CASE("StaticTapeWithout switches rules off by name") {
  using Without = duet::StaticTapeWithout<"sqrt(square(u)) -> abs(u)">;
  static_assert(std::is_same_v<duet::StaticTapeWithout<>, duet::StaticTape>);
  constexpr auto length = [](const auto& x) { return sqrt(x * x); };
  static_assert(duet::grad(length)(-3.0) == -1);
  static_assert(duet::grad<Without>(length)(-3.0) == -1);
  // at zero abs' is the subgradient of least norm, sqrt(square)' is 0 / 0
  static_assert(duet::grad(length)(0.0) == 0);
  CHECK(std::isnan(duet::grad<Without>(length)(0.0)));
  using Two = duet::StaticTapeWithout<"sqrt(square(u)) -> abs(u)", "u u -> square(u)">;
  static_assert(duet::grad<Two>(length)(-3.0) == -1);
}
