// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <duet/graph/pass.hpp>

/// What the executors share: conditions, and sums that can be fused.
namespace duet::graph {

/// Folds are kept below the 256 operands that clang accepts, and short enough for both compilers to be quick.
inline constexpr int block = 128;

/// The truth of condition node `I`: a `bool`, or a mask on batches.
template <class Owner, int I, class Numbers>
[[gnu::always_inline]] constexpr auto condition(const Numbers& v) {
  constexpr Node n = Owner::graph.nodes[I];
  using Op = op::row<n.op>;
  if constexpr (std::same_as<Op, op::Not>) {
    return Op::value(condition<Owner, n.a>(v));
  } else if constexpr (std::same_as<Op, op::And> || std::same_as<Op, op::Or>) {
    return Op::value(condition<Owner, n.a>(v), condition<Owner, n.b>(v));
  } else {
    return op::apply<Op>(v[n.a], v[n.b]);
  }
}

/// Whether node `I` is a product of two numbers.
template <class Owner, int I>
inline constexpr bool is_product =
    Owner::graph.nodes[I].op == op::code<op::Multiply> || Owner::graph.nodes[I].op == op::code<op::Square>;

/// The sum (`Sign` 1) or difference (-1) of nodes `A` and `B`. A product among them is written out in the same
/// expression, since that is where compilers that keep to the standard may fuse it into a multiply-add; whether they do
/// is up to the user's -ffp-contract.
template <class Owner, int Sign, int A, int B, class T>
[[gnu::always_inline]] constexpr T sum(const T* v) {
  constexpr Node a = Owner::graph.nodes[A], b = Owner::graph.nodes[B];
  if constexpr (is_product<Owner, B>) {
    constexpr int c = b.b < 0 ? b.a : b.b;
    return Sign > 0 ? v[A] + v[b.a] * v[c] : v[A] - v[b.a] * v[c];
  } else if constexpr (is_product<Owner, A>) {
    constexpr int c = a.b < 0 ? a.a : a.b;
    return Sign > 0 ? v[a.a] * v[c] + v[B] : v[a.a] * v[c] - v[B];
  } else {
    return Sign > 0 ? v[A] + v[B] : v[A] - v[B];
  }
}

}  // namespace duet::graph
