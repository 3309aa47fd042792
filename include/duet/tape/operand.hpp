// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <duet/tape/buffer.hpp>
#include <duet/tape/several.hpp>
#include <duet/tape/var.hpp>

/// What statements are made of: their leaves, and how a derivative passes an operation.
namespace duet::tape {

/// Reads what a statement has written: the offsets of its variables from the one it made, its passive numbers.
template <class T>
struct Reader {
  const Key* offset;
  const T* passive;
  const T* made;  ///< the value of the variable that it made

  [[gnu::always_inline]] const T& next_value() const { return made[offset_of(*offset)]; }
};

/// The same for several records that have written the same and made every other variable from `made` on.
template <class T>
struct Reader<Several<T>> {
  const Key* offset;
  const T* passive;
  const T* made;

  [[gnu::always_inline]] Several<T> next_value() const { return Several<T>::every_other(made + offset_of(*offset)); }
};

/// A copy of a number that the compiler takes apart. Where one class is copied to another in memory, it is as a block
/// of bytes, and to read together what has just been written number by number has to wait for the memory: products with
/// Hessians, on duals with one direction, took up to twice as long.
template <class T>
[[gnu::always_inline]] inline T apart(const T& x) {
  return x;
}

// Operands have `leaves` and `passives`: how many variables and passive numbers they are made of. `settle` makes them
// variables, recording one operation at a time.

/// A variable.
template <class T>
class Leaf {
 public:
  static constexpr int leaves = 1, passives = 0;
  static constexpr bool cheap = true, gates = false;

  Leaf() : Leaf(T(0), 0) {}
  [[gnu::always_inline]] Leaf(const T& value, Key key) : value_(apart(value)), key_(key) {}
  [[gnu::always_inline]] explicit Leaf(const Var<T>& x) : Leaf(x.primal(), x.key()) {}
  template <statement_of<Var<T>> S>
  explicit Leaf(const S& x) : Leaf(Var<T>(x)) {}
  [[gnu::always_inline]] explicit Leaf(Reader<T>& from) : value_(from.next_value()), key_(*from.offset++) {}
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
  [[gnu::always_inline]] explicit Passive(Reader<T>& from) : value(*from.passive++) {}
  [[gnu::always_inline]] Passive(const Passive& other) : value(apart(other.value)) {}
  Passive& operator=(const Passive&) = default;
  [[gnu::always_inline]] const T& primal() const { return value; }
  Var<T> settle() const { return Var<T>(value); }
  static constexpr bool has_stand_in() { return false; }
  [[gnu::always_inline]] void write_keys(Key*&) const {}
  [[gnu::always_inline]] void write_values(T*&) const {}
  [[gnu::always_inline]] void write_passives(T*& p) const { *p++ = value; }
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
  using op::is_zero;
  if constexpr (std::same_as<W, One<T>>) {
    return p;
  } else if constexpr (is_several<T>) {
    static_assert(!Op::gates && !Chosen);  // choices are swept one by one
    const T product = Plain ? (w * p).unless_zero(p) : w * p;
    return !Nonzero && (Plain || Op::singular) ? product.unless_zero(w) : product;
  } else if constexpr (std::floating_point<T> && (Op::gates || Plain || Chosen || (Op::singular && !Nonzero))) {
    // one comparison in place of two: zeros matter where the product is not a number
    const T product = w * p;
    if (product == product) [[likely]]
      return product;
    one_by_one();  // else compilers look at the factors first
    return ((Op::gates || Plain) && is_zero(p)) || ((Chosen || !Nonzero) && is_zero(w)) ? T(0) : product;
  } else if constexpr (Op::gates || Plain) {
    return is_zero(p) || (!Nonzero && is_zero(w)) ? T(0) : T(w * p);
  } else if constexpr (Chosen || (Op::singular && !Nonzero)) {
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
struct Operand {
  E operand;
};

/// Row `Op` of the op table on operands, with its value.
///
/// Compilers spend their time on statements by the function. So what is done to each operand is a fold over the bases,
/// without tuples and lambdas; and whatever is called from here is inlined always, as calls of other functions from
/// such that are would stay until late.
///
/// Leaves and operations copy their members one by one, by constructors of their own: where a compiler may copy a whole
/// tree as a block of bytes, it does, through memory, and the parts never get to registers.
template <class Op, class T, class Indices, class... E>
class Operation;
template <class Op, class T, std::size_t... K, class... E>
class Operation<Op, T, std::index_sequence<K...>, E...> : Operand<K, E>... {
 public:
  /// How many variables and passive numbers it reads, whether all it does is cheap enough to be done twice, and whether
  /// it chooses.
  static constexpr int leaves = (E::leaves + ...), passives = (E::passives + ...);
  static constexpr bool cheap = is_cheap<Op> && (E::cheap && ...);
  static constexpr bool gates = Op::gates || (E::gates || ...);

  /// Of operands, or of what these have written.
  template <class... X>
  [[gnu::always_inline]] explicit Operation(OfOperands, const X&... x)
      : Operand<K, E>{as_operand<E>(x)}..., value_(op::apply<Op>(Operand<K, E>::operand.primal()...)) {}
  [[gnu::always_inline]] explicit Operation(Reader<T>& from)
      : Operand<K, E>{E(from)}..., value_(op::apply<Op>(Operand<K, E>::operand.primal()...)) {}
  [[gnu::always_inline]] Operation(const Operation& x)
      : Operand<K, E>{x.Operand<K, E>::operand}..., value_(apart(x.value_)), stands_for_(x.stands_for_) {}
  Operation& operator=(const Operation&) = default;

  [[gnu::always_inline]] const T& primal() const { return value_; }

  /// Writes the keys of its variables, their values, its passive numbers.
  [[gnu::always_inline]] void write_keys(Key*& p) const { (Operand<K, E>::operand.write_keys(p), ...); }
  [[gnu::always_inline]] void write_values(T*& p) const { (Operand<K, E>::operand.write_values(p), ...); }
  [[gnu::always_inline]] void write_passives(T*& p) const { (Operand<K, E>::operand.write_passives(p), ...); }

  /// The reverse sweep: calls `to(leaf, derivative)` for each variable, given the derivative `w` with respect to this.
  /// `Nonzero` says that `w` is known not to be zero, so that nothing has to be protected from infinite partials;
  /// `Chosen` that it has passed a choice.
  template <bool Nonzero = true, bool Chosen = false, class W>
  [[gnu::always_inline]] void pull(const W& w, const auto& to) const {
    (pull_operand<Nonzero, Chosen, K>(w, Operand<K, E>::operand, to), ...);
  }

  /// Whether a part of it stands in for a variable.
  [[gnu::always_inline]] bool has_stand_in() const {
    return stands_for_ != itself || (Operand<K, E>::operand.has_stand_in() || ...);
  }
  /// The variable that it stands in for, or the one that it makes when each operation is recorded by itself.
  Var<T> settle() const {
    if (stands_for_ != itself) return Var<T>(value_, stands_for_);
    return settle_operation<Op, T>(Operand<K, E>::operand.settle()...);
  }

 protected:
  /// Stands in for a variable.
  explicit Operation(const Var<T>& x) : value_(x.primal()), stands_for_(x.key()) {}

 private:
  template <bool Nonzero, bool Chosen, std::size_t Which, class W, class X>
  [[gnu::always_inline]] void pull_operand(const W& w, const X& x, const auto& to) const {
    if constexpr (X::leaves > 0 && op::has_partial<Op, Which>) {
      const T partial = op::partial<Op, Which>(Operand<K, E>::operand.primal()..., value_);
      constexpr bool plain = std::same_as<Op, op::Multiply> && leaves == X::leaves;
      x.template pull<Nonzero && keeps_nonzero<Op>, Chosen || Op::gates>(carry<Op, Nonzero, Chosen, plain>(w, partial),
                                                                         to);
    } else if constexpr (X::leaves > 0) {
      x.template pull<false, Chosen>(T(0), to);  // there is one derivative for each leaf
    }
  }

  static constexpr Key itself = ~Key{0};

  T value_;
  /// The key of a variable that the operands know nothing of, if it stands in for one. Compilers see that it doesn't,
  /// as a rule.
  Key stands_for_ = itself;
};

}  // namespace duet::tape
