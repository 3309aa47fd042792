// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Every row of the op table propagates series as its derivatives, taken again and again on the graph, say.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>

#include <duet/duet.hpp>
#include "../op/on_tape.hpp"

namespace {

namespace op = duet::op;
using duet::Series, duet::grad, duet::wrt;
using on_tape::Point, on_tape::Subject;

constexpr int order = 4;
using Path = Series<double, order>;
constexpr Point direction{1, -0.5, 0.75};

/// `F` on the line p + t d, as a function of t, p and d.
template <class F>
struct OnLine {
  template <class T>
  constexpr auto operator()(const T& t, const auto& p, const auto& d) const {
    return [&]<std::size_t... K>(std::index_sequence<K...>) { return F{}((p[K] + t * d[K])...); }
    (std::make_index_sequence<F::arity>{});
  }
};

/// The derivatives of `F` on a line, by graphs of graphs.
template <class F>
std::array<double, order + 1> by_graphs(const Point& p) {
  constexpr auto f = OnLine<F>{};
  constexpr auto d1 = grad(f, wrt<0>);
  constexpr auto d2 = grad(d1, wrt<0>);
  constexpr auto d3 = grad(d2, wrt<0>);
  constexpr auto d4 = grad(d3, wrt<0>);
  return {f(0.0, p, direction), d1(0.0, p, direction), d2(0.0, p, direction), d3(0.0, p, direction),
          d4(0.0, p, direction)};
}

/// The operands of `F` at p as series, those of which move that the bits of `Moves` select; the rest are numbers.
template <class F, unsigned Moves>
Path along(const Point& p) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    const auto operand = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      if constexpr (Moves >> I & 1) {
        return Path::variable(p[I], direction[I]);
      } else {
        return p[I];
      }
    };
    return Path(F{}(operand(std::integral_constant<std::size_t, K>{})...));
  }
  (std::make_index_sequence<F::arity>{});
}
/// The same with series that are constant in place of the numbers.
template <class F, unsigned Moves>
Path among_constants(const Point& p) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return F{}(Path::variable(p[K], Moves >> K & 1 ? direction[K] : 0)...);
  }
  (std::make_index_sequence<F::arity>{});
}

bool close(double a, double b, double scale) { return std::abs(a - b) <= 1e-13 * (1 + scale); }

template <class F>
void check_row(const std::string& name) {
  INFO(name);
  constexpr unsigned all = (1U << F::arity) - 1;
  for (const Point& p : subject::samples<F>(12)) {
    INFO(p[0] << ", " << p[1] << ", " << p[2]);
    const auto expected = by_graphs<F>(p);
    const Path y = along<F, all>(p);
    double factorial = 1, scale = 0;
    for (int k = 0; k <= order; ++k) {
      INFO("order " << k);
      factorial *= k > 1 ? k : 1;
      scale = std::max(scale, std::abs(expected[k]));  // a coefficient is as exact as those that it is made of
      CHECK(close(factorial * y.coefficient(k), expected[k], scale));
    }
    [&]<unsigned... Moves>(std::integer_sequence<unsigned, Moves...>) {
      const auto check = [&](const Path& a, const Path& b) {
        for (int k = 0; k <= order; ++k) CHECK(close(a.coefficient(k), b.coefficient(k), std::abs(b.coefficient(k))));
      };
      (check(along<F, Moves + 1>(p), among_constants<F, Moves + 1>(p)), ...);
    }
    (std::make_integer_sequence<unsigned, all>{});
  }
}

}  // namespace

TEST_CASE("every row of the table propagates the coefficients that its derivatives have") {
  boost::hana::for_each(op::table<>, [](auto type) {
    using Op = typename decltype(type)::type;
    if constexpr (Op::kind != op::Kind::predicate && !std::same_as<Op, op::Attach>) {
      check_row<Subject<Op>>(Op::name);
      if constexpr (Subject<Op>::ordered) check_row<Subject<Op, 2>>(Op::name);
    }
  });
}
