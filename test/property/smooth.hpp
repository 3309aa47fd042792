// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/fold.hpp>

#include "program.hpp"

/// Where programs are smooth: derivatives can be compared only away from kinks and jumps.
namespace property {

struct Domain {
  bool ordered, mixed, logic, predicate;
  op::Interval of[3];
};
template <class List = op::Table>
struct Domains;
template <class... Ops>
struct Domains<op::Rows<Ops...>> {
  static constexpr Domain rows[sizeof...(Ops)] = {{is_ordered<Ops>,
                                                   is_mixed<Ops>,
                                                   is_logic<Ops>,
                                                   Ops::kind == op::Kind::predicate,
                                                   {Ops::domain, Ops::domain2, Ops::domain3}}...};
};
constexpr const Domain& domain(op::Code code) { return Domains<op::Table>::rows[code]; }

/// Whether the operands of a row may be any numbers, whatever its domain says for sampling.
constexpr bool takes_any(op::Code code) {
  return code == op::code<op::Add> || code == op::code<op::Subtract> || code == op::code<op::Negate> ||
         code == op::code<op::Multiply> || code == op::code<op::Where> || code == op::code<op::StopGradient>;
}

constexpr double largest_result = 20, distance_from_kinks = 0.05;

constexpr double magnitude(double x) { return x < 0 ? -x : x; }
constexpr bool apart(double a, double b) { return magnitude(a - b) > distance_from_kinks; }

/// Whether a row has a derivative at these operands, and has it all around them, and a moderate result.
constexpr bool is_smooth_at(op::Code code, double a, double b, double c, double y) {
  if (!(magnitude(y) <= largest_result)) return false;
  const op::Info& row = op::info(code);
  const Domain& in = domain(code);
  const double x[] = {a, b, c};
  for (int k = in.ordered ? 1 : 0; k < row.arity && !takes_any(code) && !in.logic; ++k) {
    if (!(x[k] >= in.of[k].low && x[k] <= in.of[k].high)) return false;
  }
  if (code == op::code<op::Where> || code == op::code<op::StopGradient> || in.logic) return true;
  if (row.kind == op::Kind::flat) {
    const double twice = 2 * a, nearest = static_cast<double>(static_cast<long long>(twice + (a < 0 ? -0.5 : 0.5)));
    return apart(twice, nearest);
  }
  if (!row.gates && !in.predicate && code != op::code<op::Fmod>) return true;
  if (row.arity == 1) return apart(a, 0);
  if (code == op::code<op::Copysign>) return apart(a, 0) && apart(b, 0);
  return apart(a, b) && (row.arity < 3 || apart(a, c));
}

/// One instruction that is no block; false if it is not smooth there.
constexpr bool smooth_step(const Instruction& n, std::vector<double>& v) {
  const auto at = [&](int i) { return i < 0 ? 0 : v[static_cast<std::size_t>(i)]; };
  double& to = v[static_cast<std::size_t>(n.to)];
  double a = at(n.a), b = at(n.b);
  const double c = at(n.c);
  if (n.kind == Instruction::constant) {
    to = n.value;
    return true;
  }
  if (n.kind == Instruction::with_int) b = n.value;
  if (n.kind == Instruction::with_float) a = n.value;
  if (n.kind == Instruction::row && domain(n.code).ordered) a = n.value;
  if (n.kind == Instruction::update) b = a, a = to;
  to = duet::graph::fold(n.code, a, b, c);
  return is_smooth_at(n.code, a, b, c, to);
}

/// Runs instructions; false if one of them is not smooth where it runs.
constexpr bool smooth_run(Code code, std::vector<double>& v) {
  for (std::size_t i = 0; i < code.size(); ++i) {
    const Instruction& n = code[i];
    if (!n.is_block()) {
      if (!smooth_step(n, v)) return false;
      continue;
    }
    const auto length = static_cast<std::size_t>(n.length), otherwise = static_cast<std::size_t>(n.otherwise);
    if (n.kind == Instruction::loop) {
      for (int k = 0; k < n.count; ++k) {
        if (!smooth_run(code.subspan(i + 1, length), v)) return false;
      }
    } else {
      const double a = v[static_cast<std::size_t>(n.a)], b = v[static_cast<std::size_t>(n.b)];
      if (!apart(a, b)) return false;
      const Code taken = a < b ? code.subspan(i + 1, length) : code.subspan(i + 1 + length, otherwise);
      if (!smooth_run(taken, v)) return false;
    }
    i += length + otherwise;
  }
  return true;
}

constexpr bool is_smooth(const Program& p, std::span<const double> x) {
  std::vector<double> v(static_cast<std::size_t>(p.registers), 0.0);
  for (std::size_t i = 0; i < x.size(); ++i) v[i] = x[i];
  return smooth_run(p.code, v);
}

}  // namespace property
