// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <duet/tape/var.hpp>

/// What statements are made of: their leaves, and how a derivative passes an operation.
namespace duet::tape {

/// Reads what a statement has written: the offsets of its variables from the one it made, its passive numbers.
template <class T>
struct Reader {
  const Key* offset;
  const T* passive;
  const T* made;  ///< the value of the variable that it made
};

/// A variable.
template <class T>
class Leaf {
 public:
  static constexpr int leaves = 1, passives = 0;
  static constexpr bool cheap = true, gates = false;

  Leaf() : Leaf(T(0), 0) {}
  [[gnu::always_inline]] explicit Leaf(const Var<T>& x) : Leaf(x.primal(), x.key()) {}
  [[gnu::always_inline]] Leaf(const Leaf& other) : Leaf(other.value_, other.key_) {}
  Leaf& operator=(const Leaf&) = default;

  Var<T> variable() const { return Var<T>(value_, key_); }
  /// The key of the variable; in a statement that was read back, its offset.
  [[gnu::always_inline]] Key key() const { return key_; }
  [[gnu::always_inline]] const T& primal() const { return value_; }
  void for_each_leaf(const auto& f) const { f(*this); }
  [[gnu::always_inline]] void write_leaves(Key*& p) const { *p++ = key_; }
  [[gnu::always_inline]] void write_values(T*& p) const { *p++ = value_; }
  [[gnu::always_inline]] void write_passives(T*&) const {}
  [[gnu::always_inline]] static Leaf read(Reader<T>& from) {
    const Key offset = *from.offset++;
    return Leaf(from.made[offset_of(offset)], offset);
  }
  template <bool, bool, class W>
  [[gnu::always_inline]] void pull(const W& w, const auto& to) const {
    to(*this, w);
  }
  static constexpr bool is_stand_in() { return false; }

 private:
  [[gnu::always_inline]] Leaf(const T& value, Key key) : value_(value), key_(key) {}

  T value_;
  Key key_;
};

/// A number from outside.
template <class T>
struct Passive {
  static constexpr int leaves = 0, passives = 1;
  static constexpr bool cheap = true, gates = false;
  T value;

  Passive() : value(0) {}
  [[gnu::always_inline]] explicit Passive(const T& x) : value(x) {}
  [[gnu::always_inline]] Passive(const Passive& other) : value(other.value) {}
  Passive& operator=(const Passive&) = default;
  const T& primal() const { return value; }
  static constexpr bool is_stand_in() { return false; }
  void for_each_leaf(const auto&) const {}
  [[gnu::always_inline]] void write_leaves(Key*&) const {}
  [[gnu::always_inline]] void write_values(T*&) const {}
  [[gnu::always_inline]] void write_passives(T*& p) const { *p++ = value; }
  [[gnu::always_inline]] static Passive read(Reader<T>& from) { return Passive(*from.passive++); }
};

/// A number that is part of the type.
template <class T, auto Value>
struct Fixed {
  static constexpr int leaves = 0, passives = 0;
  static constexpr bool cheap = true, gates = false;

  T primal() const { return static_cast<T>(Value); }
  static constexpr bool is_stand_in() { return false; }
  void for_each_leaf(const auto&) const {}
  void write_leaves(Key*&) const {}
  void write_values(T*&) const {}
  void write_passives(T*&) const {}
  static Fixed read(Reader<T>&) { return {}; }
};

/// One to three operands. (A tuple would cost the compiler five times as much.)
///
/// Leaves and operands copy their members one by one, by constructors of their own: where a compiler may copy a whole
/// tree as a block of bytes, it does, through memory, and the parts never get to registers.
template <class... E>
struct Operands;
template <class A>
struct Operands<A> {
  A a;
  Operands() = default;
  [[gnu::always_inline]] explicit Operands(const A& a_) : a(a_) {}
  [[gnu::always_inline]] Operands(const Operands& other) : a(other.a) {}
  Operands& operator=(const Operands&) = default;
  [[gnu::always_inline]] auto apply(const auto& f) const { return f(a); }
};
template <class A, class B>
struct Operands<A, B> {
  A a;
  B b;
  Operands() = default;
  [[gnu::always_inline]] explicit Operands(const A& a_, const B& b_) : a(a_), b(b_) {}
  [[gnu::always_inline]] Operands(const Operands& other) : a(other.a), b(other.b) {}
  Operands& operator=(const Operands&) = default;
  [[gnu::always_inline]] auto apply(const auto& f) const { return f(a, b); }
};
template <class A, class B, class C>
struct Operands<A, B, C> {
  A a;
  B b;
  C c;
  Operands() = default;
  [[gnu::always_inline]] explicit Operands(const A& a_, const B& b_, const C& c_) : a(a_), b(b_), c(c_) {}
  [[gnu::always_inline]] Operands(const Operands& other) : a(other.a), b(other.b), c(other.c) {}
  Operands& operator=(const Operands&) = default;
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
/// stays zero even if the partial is infinite, and an operand that was not chosen (a zero partial) gets nothing. Below
/// a choice every product is protected, since what was not chosen may have overflowed.
template <class Op, bool Nonzero, bool Chosen, class T, class W>
[[gnu::always_inline]] inline T carry(const W& w, const T& p) {
  if constexpr (std::same_as<W, One<T>>) {
    return p;
  } else if constexpr (Op::gates) {
    using op::is_zero;
    return is_zero(p) || (!Nonzero && is_zero(w)) ? T(0) : T(w * p);
  } else if constexpr (Chosen || (Op::singular && !Nonzero)) {
    using op::is_zero;
    return is_zero(w) ? T(0) : T(w * p);
  } else {
    return T(w * p);
  }
}

}  // namespace duet::tape
