// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <duet/tape/var.hpp>

/// What statements are made of: their leaves, and how a derivative passes an operation.
namespace duet::tape {

/// Reads what a statement has written.
template <class T>
struct Reader {
  const Word* leaf;
  const T* passive;
  const T* values;
};

/// A variable.
template <class T>
struct Leaf {
  static constexpr int leaves = 1, passives = 0;
  static constexpr bool cheap = true;
  Var<T> x;

  const T& primal() const { return x.primal(); }
  Word mismatch(Word era) const { return x.era() ^ era; }
  void for_each_leaf(const auto& f) const { f(x); }
  [[gnu::always_inline]] void write_leaves(Word*& p) const { *p++ = x.index(); }
  [[gnu::always_inline]] void write_passives(T*&) const {}
  [[gnu::always_inline]] static Leaf read(Reader<T>& from) {
    const Word index = *from.leaf++;
    return {Var<T>(from.values[index], index, 0)};
  }
  template <bool, class W>
  [[gnu::always_inline]] void pull(const W& w, const auto& to) const {
    to(x, w);
  }
};

/// A number from outside.
template <class T>
struct Passive {
  static constexpr int leaves = 0, passives = 1;
  static constexpr bool cheap = true;
  T value;

  const T& primal() const { return value; }
  Word mismatch(Word) const { return 0; }
  void for_each_leaf(const auto&) const {}
  [[gnu::always_inline]] void write_leaves(Word*&) const {}
  [[gnu::always_inline]] void write_passives(T*& p) const { *p++ = value; }
  [[gnu::always_inline]] static Passive read(Reader<T>& from) { return {*from.passive++}; }
};

/// A number that is part of the type.
template <class T, auto Value>
struct Fixed {
  static constexpr int leaves = 0, passives = 0;
  static constexpr bool cheap = true;

  T primal() const { return static_cast<T>(Value); }
  Word mismatch(Word) const { return 0; }
  void for_each_leaf(const auto&) const {}
  void write_leaves(Word*&) const {}
  void write_passives(T*&) const {}
  static Fixed read(Reader<T>&) { return {}; }
};

/// One to three operands. (A tuple would cost the compiler five times as much.)
template <class... E>
struct Operands;
template <class A>
struct Operands<A> {
  A a;
  [[gnu::always_inline]] auto apply(const auto& f) const { return f(a); }
};
template <class A, class B>
struct Operands<A, B> {
  A a;
  B b;
  [[gnu::always_inline]] auto apply(const auto& f) const { return f(a, b); }
};
template <class A, class B, class C>
struct Operands<A, B, C> {
  A a;
  B b;
  C c;
  [[gnu::always_inline]] auto apply(const auto& f) const { return f(a, b, c); }
};

/// Operations that a sweep had better repeat than read their derivatives from memory: arithmetic and choices.
template <class Op, class... Ops>
constexpr bool is_among(op::Rows<Ops...>) {
  return (std::same_as<Op, Ops> || ...);
}
template <class Op>
inline constexpr bool is_cheap = is_among<Op>(op::ArithmeticRows{}) || Op::gates;

/// Operations whose partial derivatives are never zero.
template <class Op>
inline constexpr bool keeps_nonzero =
    std::same_as<Op, op::Add> || std::same_as<Op, op::Subtract> || std::same_as<Op, op::Negate>;

/// The derivative 1 at the root of a statement.
template <class T>
struct One {
  operator T() const { return T(1); }
};

/// The derivative `w` carried over an edge with partial derivative `p`: their product, but a derivative that is zero
/// stays zero even if the partial is infinite, and an operand that was not chosen (a zero partial) gets nothing.
template <class Op, bool Nonzero, class T, class W>
[[gnu::always_inline]] inline T carry(const W& w, const T& p) {
  if constexpr (std::same_as<W, One<T>>) {
    return p;
  } else if constexpr (Op::gates) {
    using op::is_zero;
    return is_zero(p) ? T(0) : T(w * p);
  } else if constexpr (Op::singular && !Nonzero) {
    using op::is_zero;
    return is_zero(w) ? T(0) : T(w * p);
  } else {
    return T(w * p);
  }
}

}  // namespace duet::tape
