// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The graph that the compiler records, and those of its derivatives, equal node for node what the same code records at
// run time: compilers have evaluated constexpr recorders wrongly, without a word.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <duet/duet.hpp>

namespace {

namespace graph = duet::graph;
using duet::Mode;

/// A number for what each node computes, the same in all graphs that share `known`; operands that commute in any order.
using Key = std::tuple<int, int, int, int, std::uint64_t>;
std::vector<int> numbered(const graph::Graph& g, std::map<Key, int>& known) {
  std::vector<int> numbers;
  for (const graph::Node& n : g.nodes) {
    int a = n.a, b = n.b, c = n.c;
    if (n.op >= 0) {
      for (int* operand : {&a, &b, &c}) *operand = *operand < 0 ? -1 : numbers[static_cast<std::size_t>(*operand)];
      if (duet::op::info(n.op).commutes && b < a) std::swap(a, b);
    }
    const Key key{n.op, a, b, c, std::bit_cast<std::uint64_t>(n.value)};
    numbers.push_back(known.emplace(key, static_cast<int>(known.size())).first->second);
  }
  return numbers;
}

/// Whether the graphs are equal, node for node, up to the order of independent nodes: in which order a compiler
/// evaluates the operands of an operator is its own choice, and not the same in constant expressions.
bool same(const graph::Graph& now, const graph::Graph& constant) {
  std::map<Key, int> known;
  std::vector<int> a = numbered(now, known), b = numbered(constant, known);
  if (now.inputs != constant.inputs || now.outputs.size() != constant.outputs.size()) return false;
  for (std::size_t k = 0; k < now.outputs.size(); ++k) {
    if (a[static_cast<std::size_t>(now.outputs[k])] != b[static_cast<std::size_t>(constant.outputs[k])]) return false;
  }
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

/// Whether the graph that `Maker` makes is the same now as it was when this was compiled.
template <class Maker>
bool made_the_same() {
  return same(Maker::make(), graph::thaw(graph::Frozen<Maker>::graph));
}

/// The graphs of `F`, called with `Args...`, and of its derivatives.
template <class... Args, class F>
void check(const std::string& name, F) {
  using Recording = duet::tape::recording<duet::tape::Flat<F, duet::Wrt<>, Args...>, 0>;
  using Derivatives = duet::tape::Derivatives<Recording, 0>;
  INFO(name);
  CHECK(duet::graph_of<F, Args...>.size() > 0);
  CHECK_MESSAGE((made_the_same<Recording>()), "function");
  CHECK_MESSAGE((made_the_same<typename Derivatives::template JacobianBy<Mode::reverse, false>>()),
                "Jacobian by reverse mode");
  CHECK_MESSAGE((made_the_same<typename Derivatives::template JacobianBy<Mode::forward, false>>()),
                "Jacobian by forward mode");
  CHECK_MESSAGE((made_the_same<typename Derivatives::template JacobianBy<Mode::markowitz, false>>()),
                "Jacobian by elimination");
  CHECK_MESSAGE((made_the_same<typename Derivatives::template JacobianBy<Mode::relative_markowitz, false>>()),
                "Jacobian by elimination, relative degrees");
  CHECK_MESSAGE((made_the_same<typename Derivatives::Tangents>()), "tangents");
  CHECK_MESSAGE((made_the_same<typename Derivatives::Cotangents>()), "cotangents");
}

/// The Hessian's graph of a function with one result.
template <class... Args, class F>
void check_hessian(const std::string& name, F f) {
  const auto gradient = duet::grad(f);
  using Flat = duet::tape::Flat<std::remove_const_t<decltype(gradient)>, duet::Wrt<>, Args...>;
  using Derivatives = duet::tape::Derivatives<duet::tape::recording<Flat, 0>, 0>;
  INFO(name);
  CHECK_MESSAGE((made_the_same<typename Derivatives::template JacobianBy<Mode::reverse, true>>()),
                "Hessian by reverse mode");
  CHECK_MESSAGE((made_the_same<typename Derivatives::template JacobianBy<Mode::forward, true>>()),
                "Hessian by forward mode");
}

using D = double;
template <std::size_t N>
using Vector = std::array<double, N>;
template <std::size_t N>
using Square = std::array<Vector<N>, N>;

constexpr auto dot = [](const auto& x, const auto& y) {
  auto sum = x[0] * y[0];
  for (std::size_t i = 1; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
};
constexpr auto rosenbrock = [](const auto& x) {
  auto sum = x[0] * 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) sum += 100 * square(x[i + 1] - x[i] * x[i]) + square(1 - x[i]);
  return sum;
};
constexpr auto product = [](const auto& a, const auto& b) {
  auto c = a;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < a.size(); ++j) {
      auto sum = a[i][0] * b[0][j];
      for (std::size_t k = 1; k < a.size(); ++k) sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
  }
  return c;
};
/// Solves by elimination, in place.
constexpr auto solve = [](auto a, auto b) {
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = k + 1; i < n; ++i) {
      const auto factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < n; ++j) a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j) b[k] -= a[k][j] * b[j];
    b[k] /= a[k][k];
  }
  return b;
};
constexpr auto determinant = [](const auto& m) {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
         m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
};
/// An aggregate that is declared inside a loop: what g++ 12 once did not start afresh.
constexpr auto aggregate_in_loop = [](const auto& x) {
  using T = std::remove_cvref_t<decltype(x[0])>;
  struct Pair {
    T a{}, b{};
  };
  T sum = x[0];
  for (std::size_t i = 1; i < x.size(); ++i) {
    Pair p;
    p.a += x[i];
    if (i % 2 == 1) p.b = x[i - 1];
    sum += p.a * exp(p.b);
  }
  return sum;
};
constexpr auto rotation = [](const auto& w, const auto& p) {
  const auto angle = hypot(w[0], w[1], w[2]);
  const auto c = cos(angle), s = where(angle > 1e-8, sin(angle) / angle, 1);
  const auto along = (w[0] * p[0] + w[1] * p[1] + w[2] * p[2]) * where(angle > 1e-8, (1 - c) / (angle * angle), 0.5);
  return std::array{p[0] * c + (w[1] * p[2] - w[2] * p[1]) * s + w[0] * along,
                    p[1] * c + (w[2] * p[0] - w[0] * p[2]) * s + w[1] * along,
                    p[2] * c + (w[0] * p[1] - w[1] * p[0]) * s + w[2] * along};
};
constexpr auto runge_kutta = [](const auto& x0, const auto& rate) {
  auto x = x0;
  for (int step = 0; step < 3; ++step) {
    const auto slope = [&](const auto& y) { return rate * y * (1 - y); };
    const auto k1 = slope(x), k2 = slope(x + 0.05 * k1), k3 = slope(x + 0.05 * k2), k4 = slope(x + 0.1 * k3);
    x += 0.1 / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return x;
};
constexpr auto softmax = [](const auto& x) {
  auto largest = x[0], sum = x[0] * 0;
  for (const auto& xi : x) largest = max(largest, xi);
  auto y = x;
  for (auto& yi : y) sum += yi = exp(yi - largest);
  for (auto& yi : y) yi /= sum;
  return y;
};
constexpr auto sorted = [](auto x) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j + 1 < x.size() - i; ++j) {
      const auto low = min(x[j], x[j + 1]), high = max(x[j], x[j + 1]);
      x[j] = low, x[j + 1] = high;
    }
  }
  return x;
};
constexpr auto horner = [](const auto& x, const auto& c) {
  auto y = c[0];
  for (std::size_t i = 1; i < c.size(); ++i) y = fma(y, x, c[i]);
  return y;
};
constexpr auto black_scholes = [](const auto& spot, const auto& strike, const auto& time, const auto& sigma) {
  const auto spread = sigma * sqrt(time);
  const auto d1 = (log(spot / strike) + (0.03 + sigma * sigma / 2) * time) / spread;
  const auto normal = [](const auto& d) { return erfc(-d * 0.7071067811865476) / 2; };
  return spot * normal(d1) - strike * exp(-0.03 * time) * normal(d1 - spread);
};

}  // namespace

TEST_CASE("functions with loops, arrays and updates in place") {
  check<Vector<4>, Vector<4>>("dot product", dot);
  check<Vector<5>>("Rosenbrock", rosenbrock);
  check<Square<2>, Square<2>>("matrix product", product);
  check<Square<3>, Vector<3>>("linear equations", solve);
  check<Square<3>>("determinant", determinant);
  check<Vector<5>>("aggregate in a loop", aggregate_in_loop);
  check<Vector<3>, Vector<3>>("rotation", rotation);
  check<D, D>("Runge-Kutta", runge_kutta);
  check<Vector<3>>("softmax", softmax);
  check<Vector<4>>("sorting network", sorted);
  check<D, Vector<5>>("Horner", horner);
  check<D, D, D, D>("Black-Scholes", black_scholes);
}

TEST_CASE("all families of rows") {
  check<D, D>("arithmetic", [](const auto& x, const auto& y) { return (x + y) * (x - y) / (2 + x * x) - -y; });
  check<D, D>("exponentials",
              [](const auto& x, const auto& y) { return exp(x) * exp2(y) + expm1(x * y) + duet::exp(3.0) * y; });
  check<D, D>("logarithms", [](const auto& x, const auto& y) { return log(x) + log2(y) * log10(x) - log1p(x * y); });
  check<D, D>("powers",
              [](const auto& x, const auto& y) { return pow(x, y) + sqrt(x) * cbrt(y) + pow(x, 5) + hypot(x, y); });
  check<D, D>("circular", [](const auto& x, const auto& y) { return sin(x) * cos(y) + tan(x * y) + atan2(x, y); });
  check<D>("circular inverses", [](const auto& x) { return asin(x) + acos(x * x) * atan(x) + sinc(x); });
  check<D>("hyperbolic",
           [](const auto& x) { return sinh(x) * cosh(x) + tanh(x) * asinh(x) + acosh(2 + x) * atanh(x); });
  check<D>("special",
           [](const auto& x) { return erf(x) + erfc(x) * tgamma(x) + lgamma(x) + digamma(x) + polygamma(2, x); });
  check<D, D>("machine learning",
              [](const auto& x, const auto& y) { return sigmoid(x) * softplus(y) + logaddexp(x, y) + relu(x); });
  check<D, D>("kinks", [](const auto& x, const auto& y) {
    return abs(x) + max(x, y) * min(x, 1) + clamp(x, -1, y) + copysign(x, y);
  });
  check<D, D>("steps", [](const auto& x, const auto& y) {
    return fmod(x, y) + floor(x) * y + round(x * y) * trunc(y) * ceil(x) + stop_gradient(x) * y;
  });
  check<D, D>("choices", [](const auto& x, const auto& y) {
    return where(x > 0 && !(y < x), sqrt(x) * y, where(x == y || x != 1, log(y), x / y));
  });
}

TEST_CASE("several results, tuples, and functions made of derivatives") {
  check<D, Vector<2>>("a tuple", [](const auto& x, const auto& v) {
    return std::tuple(x * v[0], std::array{v[1] / x, x + 1});
  });
  check<std::tuple<D, D>>("a tuple of arguments", [](const auto& p) { return std::get<0>(p) * exp(std::get<1>(p)); });
  check<D>("constants only", [](const auto& x) { return std::array{x * 0 + 1, x - x + x, x}; });
  check<Vector<3>>("gradient", duet::grad(rosenbrock));
  check<D>("derivative of a derivative", duet::derivative<2>([](const auto& x) { return sin(x) * exp(x); }));
  check_hessian<Vector<3>>("Rosenbrock", rosenbrock);
  check_hessian<D, D, D, D>("Black-Scholes", black_scholes);
  check_hessian<Vector<3>>("aggregate in a loop", aggregate_in_loop);
}

TEST_CASE("functions that captured numbers") {
  const double a = 2;
  check<D, D>("a factor", [a](const auto& x, const auto& y) { return a * log(x) + pow(y, a); });
  check<D>("a choice", [a](const auto& x) { return where(x < a, x * x, a * sin(x)); });
}
