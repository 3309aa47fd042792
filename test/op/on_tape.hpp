// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <boost/hana/for_each.hpp>
#include <cmath>
#include <string>
#include <vector>

#include <duet/forward/forward.hpp>
#include <duet/tape/record.hpp>

#include "close.hpp"
#include "subject.hpp"

/// The rows of the op table on the dynamic tape, compared with duals.
namespace on_tape {

namespace op = duet::op;
using duet::Dual;
using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;
using subject::Firsts;
using subject::Point;
using subject::Subject;

/// How an operand is given: as a variable, as a part of a statement, as a passive number, as a plain one.
enum class Given { variable, statement, passive, plain };

/// `F` with operands given as the digits of `Ways` to the base 4 say, the result recorded.
template <class F, int Ways>
Number called(const std::array<Number, 3>& v, const Point& p) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    const auto operand = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      constexpr auto given = static_cast<Given>(Ways >> (2 * I) & 3);
      if constexpr (given == Given::variable) {
        return v[I];
      } else if constexpr (given == Given::statement) {
        return v[I] * 1.0;
      } else if constexpr (given == Given::passive) {
        return Number(p[I]);
      } else {
        return p[I];
      }
    };
    return Number(F{}(operand(std::integral_constant<std::size_t, K>{})...));
  }
  (std::make_index_sequence<F::arity>{});
}

template <class F, int Ways>
Firsts on_tape(const Point& p) {
  Tape tape;
  std::array<Number, 3> v;
  for (std::size_t k = 0; k < F::arity; ++k) v[k] = tape.variable(p[k]);
  const Number y = called<F, Ways>(v, p);
  tape.backward(y);
  Firsts result{y.primal()};
  for (std::size_t k = 0; k < F::arity; ++k) result[1 + k] = v[k].grad();
  return result;
}

/// The same inside a longer statement, which the sweep runs again: y + y y = 3 y at the value 1 of the factor.
template <class F>
Firsts in_a_statement(const Point& p) {
  Tape tape;
  std::array<Number, 3> v;
  for (std::size_t k = 0; k < F::arity; ++k) v[k] = tape.variable(p[k]);
  const Number one = tape.variable(1);
  const Number y = [&]<std::size_t... K>(std::index_sequence<K...>) {
    return Number(0.25 * (2 * F{}(v[K]...) * one + F{}(v[K]...)) + F{}((one * v[K])...) / 4);
  }
  (std::make_index_sequence<F::arity>{});
  tape.backward(y);
  Firsts result{y.primal()};
  for (std::size_t k = 0; k < F::arity; ++k) result[1 + k] = v[k].grad();
  return result;
}

/// Operands all the same variable: the derivatives add up.
template <class F>
double of_one_variable(double x) {
  Tape tape;
  const Number v = tape.variable(x);
  const Number y = [&]<std::size_t... K>(std::index_sequence<K...>) { return Number(F{}((void(K), v)...)); }
  (std::make_index_sequence<F::arity>{});
  tape.backward(y);
  return v.grad();
}

template <class F>
Firsts on_duals(const Point& p) {
  using D = Dual<double, 3>;
  const D y = [&]<std::size_t... K>(std::index_sequence<K...>) {
    return D(F{}(D::variable(p[K], static_cast<int>(K))...));
  }
  (std::make_index_sequence<F::arity>{});
  return {y.primal(), y.tangent(0), y.tangent(1), y.tangent(2)};
}

/// The Hessian times a direction, by a sweep on a tape of duals and by duals of duals.
constexpr Point direction{1, -0.5, 0.25};
template <class F>
Point product_on_tape(const Point& p) {
  using D = Dual<double>;
  duet::DynamicTape<D> tape;
  std::array<duet::Var<D>, 3> v;
  for (std::size_t k = 0; k < F::arity; ++k) v[k] = tape.variable(D(p[k], direction[k]));
  const duet::Var<D> y = [&]<std::size_t... K>(std::index_sequence<K...>) { return duet::Var<D>(F{}(v[K]...)); }
  (std::make_index_sequence<F::arity>{});
  tape.backward(y);
  Point result{};
  for (std::size_t k = 0; k < F::arity; ++k) result[k] = v[k].grad().tangent();
  return result;
}
template <class F>
Point product_on_duals(const Point& p) {
  using D = Dual<Dual<double>, 3>;
  const D y = [&]<std::size_t... K>(std::index_sequence<K...>) {
    return D(F{}(D::variable(Dual<double>(p[K], direction[K]), static_cast<int>(K))...));
  }
  (std::make_index_sequence<F::arity>{});
  return {y.tangent(0).tangent(), y.tangent(1).tangent(), y.tangent(2).tangent()};
}

template <std::size_t N>
bool close(const std::array<double, N>& a, const std::array<double, N>& expected, double tolerance = 4e-16) {
  double scale = 1;
  for (double x : expected) scale = std::max(scale, std::abs(x));
  if (!std::isfinite(scale)) return false;  // nothing is infinite at the samples
  for (std::size_t i = 0; i < N; ++i) {
    if (!(std::abs(a[i] - expected[i]) <= tolerance * scale)) return false;
  }
  return true;
}

/// Mixes of operands of all kinds side by side, each kind in each place, as `called` reads them.
template <class F>
constexpr auto mixes() {
  if constexpr (F::arity == 1) {
    return std::integer_sequence<int, 0, 1, 2>{};
  } else if constexpr (F::arity == 2) {
    return std::integer_sequence<int, 0b00'00, 0b01'01, 0b00'10, 0b10'01, 0b00'11, 0b11'01>{};
  } else {
    return std::integer_sequence<int, 0b00'00'00, 0b01'01'01, 0b00'11'10, 0b11'10'00, 0b10'00'11>{};
  }
}

template <class F>
void check_row(const std::string& name) {
  INFO(name);
  for (const Point& p : subject::samples<F>(12)) {
    INFO(p[0] << ", " << p[1] << ", " << p[2]);
    const Firsts expected = on_duals<F>(p);
    const auto check = [&]<int Ways>(std::integral_constant<int, Ways>) {
      INFO("mix " << Ways);
      Firsts of_mix = expected;
      for (std::size_t k = 0; k < F::arity; ++k) {
        if ((Ways >> (2 * k) & 3) >= static_cast<int>(Given::passive)) of_mix[1 + k] = 0;
      }
      CHECK(close(on_tape<F, Ways>(p), of_mix));
    };
    [&]<int... Ways>(std::integer_sequence<int, Ways...>) { (check(std::integral_constant<int, Ways>{}), ...); }
    (mixes<F>());
    CHECK(close(in_a_statement<F>(p), expected, 2e-15));
    CHECK(close(product_on_tape<F>(p), product_on_duals<F>(p), 1e-13));
    const Firsts diagonal = on_duals<F>({p[0], p[0], p[0]});
    const double sum = of_one_variable<F>(p[0]), expected_sum = diagonal[1] + diagonal[2] + diagonal[3];
    CHECK(::close(sum, expected_sum, 1e-14 * (1 + std::abs(expected_sum))));
  }
}

/// Checks the rows whose numbers are in [first, last).
template <op::Code first, op::Code last>
void check_rows() {
  boost::hana::for_each(op::table<>, [](auto type) {
    using Op = typename decltype(type)::type;
    if constexpr (Op::kind != op::Kind::predicate && op::code<Op> >= first && op::code<Op> < last) {
      check_row<Subject<Op>>(Op::name);
      if constexpr (Subject<Op>::ordered) check_row<Subject<Op, 2>>(Op::name);
    }
  });
}
constexpr op::Code middle = 26;

}  // namespace on_tape
