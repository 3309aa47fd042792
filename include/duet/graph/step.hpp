// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <tuple>
#include <utility>

#include <duet/graph/calls.hpp>
#include <duet/graph/pass.hpp>

/// What the executors share: conditions, sums that can be fused, and functions that are computed two at a time.
namespace duet::graph {

/// Steps are run in blocks of this many: compilers look through the memory that a block writes for each number it
/// reads, until the block is inlined to where the array of numbers is; clang folds no more than 256 operands anyway.
inline constexpr int block = 32;

/// The blocks of a graph, and the steps of one of them.
template <class Owner>
using blocks_of = std::make_integer_sequence<int, (static_cast<int>(Owner::graph.size()) + block - 1) / block>;
template <class Owner, int Block>
using steps_of_block = std::make_integer_sequence<int, (static_cast<int>(Owner::graph.size()) < (Block + 1) * block
                                                            ? static_cast<int>(Owner::graph.size()) - Block * block
                                                            : block)>;

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

using math::sincos;

/// Numbers of which sine and cosine can be computed together, which costs little more than one of them.
template <class T>
concept has_sincos = (std::floating_point<T> || batch<T>)&&requires(const T& x) {
  { sincos(x).first } -> std::convertible_to<T>;
};

/// The first node that is row `Op` of node `operand`; -1 if there is none.
template <class Owner, class Op>
constexpr int find(int operand) {
  for (std::size_t k = 0; k < Owner::graph.size(); ++k) {
    if (Owner::graph.nodes[k].op == op::code<Op> && Owner::graph.nodes[k].a == operand) return static_cast<int>(k);
  }
  return -1;
}

template <class Op>
inline constexpr bool is_sine_or_cosine = std::same_as<Op, op::Sin> || std::same_as<Op, op::Cos>;

struct Itself {
  template <class T>
  [[gnu::always_inline]] static constexpr T of(const T& number) {
    return number;
  }
};

/// The result of node `I`, a sine or cosine, and of the other one of the same node if there is one. `Number` makes a
/// number of what is in a place of `v`, `Place` the reverse. (Not every graph has been freed of repeated nodes.)
template <class Owner, int I, class Op, class Number, class Place, class T>
[[gnu::always_inline]] constexpr void sine_or_cosine(T* v) {
  constexpr int x = Owner::graph.nodes[I].a, sine = find<Owner, op::Sin>(x), cosine = find<Owner, op::Cos>(x);
  constexpr int first = std::same_as<Op, op::Sin> ? sine : cosine;
  if constexpr (I != first) {
    v[I] = v[first];
  } else if constexpr (sine < 0 || cosine < 0) {
    v[I] = Place::of(op::apply<Op>(Number::of(v[x])));
  } else if constexpr (I == (sine < cosine ? sine : cosine)) {
    const auto both = sincos(Number::of(v[x]));
    v[sine] = Place::of(both.first);
    v[cosine] = Place::of(both.second);
  }
}

/// Which exponentials of the graph of `Owner` are computed with the node before.
template <class Owner>
inline constexpr auto is_second = [] {
  std::array<bool, Owner::graph.size()> result{};
  const List<char> second = second_of_couples(Owner::graph, Owner::values);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = second[i];
  return result;
}();

/// The result of node `I`, an exponential, and that of the next one if they are a couple.
template <class Owner, int I>
[[gnu::always_inline]] constexpr void exponential(double* v) {
  constexpr Node n = Owner::graph.nodes[I];
  constexpr bool with_next = I + 1 < static_cast<int>(Owner::graph.size()) && is_second<Owner>[I + 1];
  if constexpr (with_next) {
    std::tie(v[I], v[I + 1]) = math::exp_of_two(v[n.a], v[Owner::graph.nodes[I + 1].a]);
  } else if constexpr (!is_second<Owner>[I]) {
    v[I] = op::apply<op::Exp>(v[n.a]);
  }
}

}  // namespace duet::graph
