// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include <duet/duet.hpp>
#include <duet/tape/record.hpp>

/// Random programs over the whole op table, and their interpretation on numbers of any type.
namespace law {

namespace op = duet::op;
namespace graph = duet::graph;
using graph::Graph;
using graph::Node;
using Vector = std::vector<double>;

inline double first_part(double x) { return x; }
inline long double first_part(long double x) { return x; }
template <class T, int N>
auto first_part(const duet::Dual<T, N>& x) {
  return first_part(x.primal());
}
template <class T>
auto first_part(const duet::Var<T>& x) {
  return first_part(x.primal());
}

/// Row `Op` on numbers of type `T`; a truth value is 1 or 0.
template <class Op, class T>
T on_numbers(const T& a, const T& b, const T& c) {
  if constexpr (std::same_as<Op, op::Where>) {
    return op::apply<Op>(a != 0, b, c);
  } else if constexpr (Op::arity == 1 && Op::kind == op::Kind::predicate) {
    return T(Op::value(a != 0) ? 1 : 0);
  } else if constexpr (std::same_as<Op, op::And> || std::same_as<Op, op::Or>) {
    return T(Op::value(a != 0, b != 0) ? 1 : 0);
  } else if constexpr (Op::kind == op::Kind::predicate) {
    return T(op::apply<Op>(a, b) ? 1 : 0);
  } else if constexpr (std::same_as<Op, op::Polygamma> || std::same_as<Op, op::Sinc>) {
    return op::apply<Op>(static_cast<int>(first_part(a)), b);
  } else if constexpr (Op::arity == 1) {
    return op::apply<Op>(a);
  } else if constexpr (Op::arity == 2) {
    return op::apply<Op>(a, b);
  } else {
    return op::apply<Op>(a, b, c);
  }
}
template <class T, class List = op::Table>
struct Interpreter;
template <class T, class... Ops>
struct Interpreter<T, op::Rows<Ops...>> {
  static constexpr T (*rows[])(const T&, const T&, const T&) = {&on_numbers<Ops, T>...};

  /// All results of a program, one per node.
  static std::vector<T> trace(const Graph& g, const std::vector<T>& x) {
    std::vector<T> v;
    const T unused{};
    for (const Node& n : g.nodes) {
      const auto at = [&](int i) -> const T& { return i < 0 ? unused : v[static_cast<std::size_t>(i)]; };
      if (n.op == Node::input) {
        v.push_back(x[static_cast<std::size_t>(n.a)]);
      } else {
        v.push_back(n.op == Node::constant ? T(n.value) : rows[n.op](at(n.a), at(n.b), at(n.c)));
      }
    }
    return v;
  }
  static std::vector<T> run(const Graph& g, const std::vector<T>& x) {
    const std::vector<T> v = trace(g, x);
    std::vector<T> y;
    for (int output : g.outputs) y.push_back(v[static_cast<std::size_t>(output)]);
    return y;
  }
};
/// As the library folds constants.
inline Vector folded(const Graph& g, const Vector& x) {
  Vector v, y;
  for (const Node& n : g.nodes) {
    const auto at = [&](int i) { return i < 0 ? 0 : v[static_cast<std::size_t>(i)]; };
    v.push_back(n.op == Node::input      ? x[static_cast<std::size_t>(n.a)]
                : n.op == Node::constant ? n.value
                                         : graph::fold(n.op, at(n.a), at(n.b), at(n.c)));
  }
  for (int output : g.outputs) y.push_back(v[static_cast<std::size_t>(output)]);
  return y;
}

struct Domain {
  bool smooth, ordered, predicate;
  op::Interval of[3];
};
template <class List = op::Table>
struct Domains;
template <class... Ops>
struct Domains<op::Rows<Ops...>> {
  static constexpr Domain rows[] = {{Ops::kind == op::Kind::smooth,
                                     Ops::kind == op::Kind::smooth && !op::has_partial<Ops, 0>,
                                     Ops::kind == op::Kind::predicate,
                                     {Ops::domain, Ops::domain2, Ops::domain3}}...};
};

/// A program with a point at which it is smooth and moderate.
struct Program {
  Graph g;
  Vector x;
};

/// Writes programs without any simplification, so that what is recorded from them can be compared with them. Operands
/// are moved into their domains by a factor and a shift where their value at the point is not inside.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Program program() {
    g_ = Graph{};
    x_.clear(), value_.clear(), numbers_.clear(), truths_.clear();
    g_.inputs = below(4) + 1;
    for (int i = 0; i < g_.inputs; ++i) {
      x_.push_back(uniform(-1.5, 1.5));
      numbers_.push_back(add(Node{Node::input, i, -1, -1, 0.0}));
    }
    const int size = 1 + below(below(8) == 0 ? 150 : 30);
    for (int i = 0; i < size; ++i) grow();
    const int outputs = 1 + below(3);
    for (int k = 0; k < outputs; ++k) g_.outputs.push_back(k == 0 ? numbers_.back() : any(numbers_));
    return {g_, x_};
  }

  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  Vector direction(std::size_t n) {
    Vector v;
    for (std::size_t i = 0; i < n; ++i) v.push_back(uniform(-1, 1));
    return v;
  }

 private:
  int any(const std::vector<int>& nodes) {
    // often a late one, so that programs get deep
    const int size = static_cast<int>(nodes.size());
    return nodes[static_cast<std::size_t>(below(2) ? below(size) : size - 1 - below(std::min(size, 4)))];
  }
  double value(int node) const { return value_[static_cast<std::size_t>(node)]; }
  int add(const Node& n) {
    const auto at = [&](int i) { return i < 0 ? 0 : value(i); };
    value_.push_back(n.op == Node::input      ? x_[static_cast<std::size_t>(n.a)]
                     : n.op == Node::constant ? n.value
                                              : graph::fold(n.op, at(n.a), at(n.b), at(n.c)));
    g_.nodes.push_back(n);
    return static_cast<int>(g_.nodes.size()) - 1;
  }
  int constant(double c) { return add(Node{Node::constant, -1, -1, -1, c}); }
  int constant() {
    constexpr double favourites[] = {0, 1, -1, 2, 0.5, 3};
    return constant(below(2) ? favourites[below(6)] : uniform(-2, 2));
  }

  /// A number inside the interval, far from its ends.
  int number(const op::Interval& domain, bool free) {
    const double low = domain.low, high = domain.high, margin = 0.05 * (high - low);
    const int u = below(6) == 0 ? constant() : any(numbers_);
    if (free || (value(u) > low + margin && value(u) < high - margin)) return u;
    const double target = uniform(low + 2 * margin, high - 2 * margin),
                 factor = uniform(0.3, 1) / (1 + std::abs(value(u)));
    const int scaled = add(Node{op::code<op::Multiply>, constant(factor), u, -1, 0.0});
    return add(Node{op::code<op::Add>, scaled, constant(target - value(scaled)), -1, 0.0});
  }

  void grow() {
    const op::Code code = below(op::code<op::Attach>);  // the last row, which claims what it likes
    const Domain& row = Domains<op::Table>::rows[code];
    const int arity = op::info(code).arity;
    if (code == op::code<op::And> || code == op::code<op::Or> || code == op::code<op::Not>) {
      if (truths_.empty()) return;
      truths_.push_back(add(Node{code, any(truths_), arity > 1 ? any(truths_) : -1, -1, 0.0}));
      return;
    }
    const bool anywhere = code == op::code<op::Add> || code == op::code<op::Subtract> || code == op::code<op::Negate> ||
                          code == op::code<op::Where>;
    int operands[3] = {-1, -1, -1};
    const std::size_t before = g_.nodes.size();
    for (int k = 0; k < arity; ++k) {
      if (k == 0 && code == op::code<op::Where>) {
        if (truths_.empty()) return;
        operands[k] = any(truths_);
      } else if (k == 0 && row.ordered) {
        operands[k] = constant(below(3));
      } else {
        operands[k] = number(row.of[k], anywhere);
      }
    }
    const int node = add(Node{code, operands[0], operands[1], operands[2], 0.0});
    if (!moderate(node)) {
      g_.nodes.resize(before), value_.resize(before);
    } else {
      (row.predicate ? truths_ : numbers_).push_back(node);
    }
  }

  /// Whether the results around the point keep away from kinks and jumps, and within bounds, together with the
  /// derivatives.
  bool moderate(int node) {
    const Node& n = g_[node];
    const auto at = [&](int i) { return value(i); };
    if (std::abs(value(node)) > 20 || std::isnan(value(node))) return false;
    const op::Info& row = op::info(n.op);
    const bool kinky = row.gates || row.kind != op::Kind::smooth || n.op == op::code<op::Fmod>;
    if (!kinky || n.op == op::code<op::Where>) return true;
    if (row.kind == op::Kind::flat) return std::abs(2 * at(n.a) - std::round(2 * at(n.a))) > 0.05;
    if (row.arity == 1) return std::abs(at(n.a)) > 0.05;
    if (row.arity == 2 && n.op == op::code<op::Copysign>) return std::abs(at(n.a)) > 0.05 && std::abs(at(n.b)) > 0.05;
    if (row.arity == 2) return std::abs(at(n.a) - at(n.b)) > 0.05;
    return std::abs(at(n.a) - at(n.b)) > 0.05 && std::abs(at(n.a) - at(n.c)) > 0.05;
  }

  std::mt19937 random_;
  Graph g_;
  Vector x_, value_;
  std::vector<int> numbers_, truths_;
};

}  // namespace law
