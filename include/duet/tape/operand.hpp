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

// Operands have `leaves` and `passives`: how many variables and passive numbers they are made of. `settle` makes them
// variables, recording one operation at a time.

/// A variable.
template <class T>
class Leaf {
 public:
  static constexpr int leaves = 1, passives = 0;
  static constexpr bool cheap = true, gates = false;

  Leaf() : Leaf(T(0), 0) {}
  [[gnu::always_inline]] Leaf(const T& value, Key key) : value_(value), key_(key) {}
  [[gnu::always_inline]] explicit Leaf(const Var<T>& x) : Leaf(x.primal(), x.key()) {}
  template <statement_of<Var<T>> S>
  explicit Leaf(const S& x) : Leaf(Var<T>(x)) {}
  [[gnu::always_inline]] Leaf(const Leaf& other) : Leaf(other.value_, other.key_) {}
  Leaf& operator=(const Leaf&) = default;

  /// The key of the variable; in a statement that was read back, its offset.
  [[gnu::always_inline]] Key key() const { return key_; }
  [[gnu::always_inline]] const T& primal() const { return value_; }
  Var<T> settle() const { return Var<T>(value_, key_); }

  static constexpr bool has_stand_in() { return false; }
  [[gnu::always_inline]] void write_keys(Key*& p) const { *p++ = key_; }
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

 private:
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
  template <class X>
  [[gnu::always_inline]] explicit Passive(const X& x) : value(static_cast<T>(x)) {}
  [[gnu::always_inline]] Passive(const Passive& other) : value(other.value) {}
  Passive& operator=(const Passive&) = default;
  [[gnu::always_inline]] const T& primal() const { return value; }
  Var<T> settle() const { return Var<T>(value); }
  static constexpr bool has_stand_in() { return false; }
  [[gnu::always_inline]] void write_keys(Key*&) const {}
  [[gnu::always_inline]] void write_values(T*&) const {}
  [[gnu::always_inline]] void write_passives(T*& p) const { *p++ = value; }
  [[gnu::always_inline]] static Passive read(Reader<T>& from) { return Passive(*from.passive++); }
};

/// A number that is part of the type.
template <class T, auto Value>
struct Fixed {
  static constexpr int leaves = 0, passives = 0;
  static constexpr bool cheap = true, gates = false;

  Fixed() = default;
  [[gnu::always_inline]] explicit Fixed(const auto&) {}
  [[gnu::always_inline]] T primal() const { return static_cast<T>(Value); }
  Var<T> settle() const { return Var<T>(primal()); }
  static constexpr bool has_stand_in() { return false; }
  [[gnu::always_inline]] void write_keys(Key*&) const {}
  [[gnu::always_inline]] void write_values(T*&) const {}
  [[gnu::always_inline]] void write_passives(T*&) const {}
  [[gnu::always_inline]] static Fixed read(Reader<T>&) { return {}; }
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
/// a choice every product is protected, since what was not chosen may have overflowed. A plain factor (`Plain`) of zero
/// makes a constant of its operand, whatever `w` is.
template <class Op, bool Nonzero, bool Chosen, bool Plain, class T, class W>
[[gnu::always_inline]] inline T carry(const W& w, const T& p) {
  if constexpr (std::same_as<W, One<T>>) {
    return p;
  } else if constexpr (Op::gates || Plain) {
    using op::is_zero;
    return is_zero(p) || (!Nonzero && is_zero(w)) ? T(0) : T(w * p);
  } else if constexpr (Chosen || (Op::singular && !Nonzero)) {
    using op::is_zero;
    return is_zero(w) ? T(0) : T(w * p);
  } else {
    return T(w * p);
  }
}

/// Says that an operation is made of the operands that follow.
struct OfOperands {};

/// `x` as an operand of type `E`: itself, if it is one, so that it is copied once only.
template <class E, class X>
[[gnu::always_inline]] inline decltype(auto) as_operand(const X& x) {
  if constexpr (std::same_as<E, X>) {
    return (x);
  } else {
    return E(x);
  }
}

/// Records one operation.
template <class Op, class T, class... V>
[[gnu::noinline, gnu::cold]] Var<T> settle_operation(const V&... x) {
  return op::apply<Op>(x...);
}

/// Operand number `K` of an operation.
template <std::size_t K, class E>
struct Held {
  E operand;
};

/// The operands of an operation. What is done to each of them is a fold over the bases: compilers spend their time on
/// statements by the function, so there are no tuples and no lambdas here.
///
/// Leaves and operands copy their members one by one, by constructors of their own: where a compiler may copy a whole
/// tree as a block of bytes, it does, through memory, and the parts never get to registers.
template <class Indices, class... E>
struct Operands;
template <std::size_t... K, class... E>
struct Operands<std::index_sequence<K...>, E...> : Held<K, E>... {
  Operands() = default;
  template <class... X>
  [[gnu::always_inline]] explicit Operands(OfOperands, const X&... x) : Held<K, E>{as_operand<E>(x)}... {}
  template <class T>
  [[gnu::always_inline]] explicit Operands(Reader<T>& from) : Held<K, E>{E::read(from)}... {}
  [[gnu::always_inline]] Operands(const Operands& other) : Held<K, E>{other.Held<K, E>::operand}... {}
  Operands& operator=(const Operands&) = default;

  template <class Op, class T>
  [[gnu::always_inline]] T evaluate() const {
    return T(op::apply<Op>(Held<K, E>::operand.primal()...));
  }
  [[gnu::always_inline]] void write_keys(Key*& p) const { (Held<K, E>::operand.write_keys(p), ...); }
  template <class T>
  [[gnu::always_inline]] void write_values(T*& p) const {
    (Held<K, E>::operand.write_values(p), ...);
  }
  template <class T>
  [[gnu::always_inline]] void write_passives(T*& p) const {
    (Held<K, E>::operand.write_passives(p), ...);
  }

  [[gnu::always_inline]] bool has_stand_in() const { return (Held<K, E>::operand.has_stand_in() || ...); }
  template <class Op, class T>
  Var<T> settle() const {
    return settle_operation<Op, T>(Held<K, E>::operand.settle()...);
  }

  /// The reverse sweep through operation `Op` with result `y`, see `Statement::pull`.
  template <class Op, bool Nonzero, bool Chosen, class T, class W>
  [[gnu::always_inline]] void pull(const W& w, const T& y, const auto& to) const {
    (pull_operand<Op, Nonzero, Chosen, K>(w, y, Held<K, E>::operand, to), ...);
  }

 private:
  template <class Op, bool Nonzero, bool Chosen, std::size_t Which, class T, class W, class X>
  [[gnu::always_inline]] void pull_operand(const W& w, const T& y, const X& x, const auto& to) const {
    if constexpr (X::leaves > 0 && op::has_partial<Op, Which>) {
      const T partial = op::partial<Op, Which>(Held<K, E>::operand.primal()..., y);
      constexpr bool plain = std::same_as<Op, op::Multiply> && (0 + ... + E::leaves) == X::leaves;
      x.template pull<Nonzero && keeps_nonzero<Op>, Chosen || Op::gates>(carry<Op, Nonzero, Chosen, plain>(w, partial),
                                                                         to);
    } else if constexpr (X::leaves > 0) {
      x.template pull<false, Chosen>(T(0), to);  // whoever counts derivatives relies on one for each leaf
    }
  }
};

}  // namespace duet::tape
