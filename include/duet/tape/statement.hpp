// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/operand.hpp>

/// Statements: the expressions between two assignments, recorded as one.
///
/// The type of a statement is its graph, a tree with variables and passive numbers as leaves. Values are computed as it
/// is built, and the reverse sweep through the tree is ordinary inlined code, so that neither the recording nor the
/// compiler pays for a graph that has to be looked at. (A kernel, which is worth that, is simplified as a graph.)
namespace duet {

namespace tape {

/// Row `Op` of the op table on operands `E...` made of variables of type `Var<T>`. It holds its operands by value, so
/// it may be kept (`auto`), returned and passed on; `n` leaves make it as large as n variables.
template <class Op, class T, class... E>
class Statement : public Active {
 public:
  using engine = VarEngine;
  using variable = Var<T>;
  using scalar = T;
  static constexpr int rank = variable::rank;

  /// How many variables and passive numbers it reads, whether all it does is cheap enough to be done
  /// twice, and whether it chooses.
  static constexpr int leaves = (E::leaves + ...), passives = (E::passives + ...);
  static constexpr bool cheap = is_cheap<Op> && (E::cheap && ...);
  static constexpr bool gates = Op::gates || (E::gates || ...);

  Statement() : Statement(variable()) {}
  /// Of operands, or of what these have written.
  template <class... X>
  [[gnu::always_inline]] explicit Statement(OfOperands of, const X&... x)
      : operands_(of, x...), value_(operands_.template evaluate<Op, T>()) {}
  [[gnu::always_inline]] explicit Statement(Reader<T>& from)
      : operands_(from), value_(operands_.template evaluate<Op, T>()) {}

  [[gnu::always_inline]] Statement(const Statement& x)
      : operands_(x.operands_), value_(x.value_), stands_for_(x.stands_for_) {}
  Statement& operator=(const Statement&) = default;

  /// A number, or another expression, where this type was deduced for it, as `T r = x; r = r + 1;` in a template does.
  template <class U>
  requires std::convertible_to<U, T> || integral_constant<U> Statement(const U& value) : Statement(variable(value)) {}
  template <statement_of<variable> S>
  Statement(const S& other) : Statement(variable(other)) {}

  /// A variable can be assigned but not converted, so that `x < 0 ? -x : x` has one type: the variable's.
  template <std::same_as<variable> X>
  Statement& operator=(const X& x) {
    return *this = Statement(x);
  }

  [[gnu::always_inline]] const T& primal() const { return value_; }
  T grad() const { return variable(*this).grad(); }
  bool is_recorded() const { return variable(*this).is_recorded(); }

  /// Writes the keys of its variables, their values, its passive numbers.
  [[gnu::always_inline]] void write_keys(Key*& p) const { operands_.write_keys(p); }
  [[gnu::always_inline]] void write_values(T*& p) const { operands_.write_values(p); }
  [[gnu::always_inline]] void write_passives(T*& p) const { operands_.write_passives(p); }

  /// The statement as it was when these had been written.
  [[gnu::always_inline]] static Statement read(Reader<T>& from) { return Statement(from); }

  /// The reverse sweep: calls `to(leaf, derivative)` for each variable, given the derivative `w` with respect to this.
  /// `Nonzero` says that `w` is known not to be zero, so that nothing has to be protected from infinite partials;
  /// `Chosen` that it has passed a choice.
  template <bool Nonzero = true, bool Chosen = false, class W>
  [[gnu::always_inline]] void pull(const W& w, const auto& to) const {
    operands_.template pull<Op, Nonzero, Chosen>(w, value_, to);
  }

  /// Whether a part of it stands in for a variable.
  [[gnu::always_inline]] bool has_stand_in() const { return stands_for_ != itself || operands_.has_stand_in(); }

  /// The variable that it stands in for, or the one that it makes when each operation is recorded by itself.
  variable settle() const {
    return stands_for_ != itself ? variable(value_, stands_for_) : operands_.template settle<Op, T>();
  }

 private:
  static constexpr Key itself = ~Key{0};

  explicit Statement(const variable& x) : value_(x.primal()), stands_for_(x.key()) {}

  using Parts = Operands<std::index_sequence_for<E...>, E...>;

  Parts operands_;
  T value_;
  /// The key of a variable that its operands know nothing of, if it stands in for one. Compilers see that it doesn't,
  /// as a rule.
  Key stands_for_ = itself;
};

/// The type of the operand that an `X` is in a statement on variables of type `Var<T>`.
template <class T, class X>
constexpr auto operand_type() {
  if constexpr (std::same_as<X, Var<T>>) {
    return std::type_identity<Leaf<T>>{};
  } else if constexpr (integral_constant<X>) {
    return std::type_identity<Fixed<T, X::value>>{};
  } else if constexpr (statement_of<X, Var<T>>) {
    // a long statement would cost the compiler more than its record costs the program
    if constexpr (X::leaves > 32) {
      return std::type_identity<Leaf<T>>{};
    } else {
      return std::type_identity<X>{};
    }
  } else {
    static_assert(
        requires(const X& x) { static_cast<T>(x); },
        "duet: numbers of two derivatives meet, neither of which is made of the other; call the inner derivative at "
        "numbers that are made of the outer ones, or pass these as an argument left out by duet::wrt");
    return std::type_identity<Passive<T>>{};
  }
}
template <class T, class X>
using operand_for = typename decltype(operand_type<T, X>())::type;

template <class Op, class T, class... E>
bool isfinite(const Statement<Op, T, E...>& x) {
  using math::isfinite;
  return isfinite(x.primal());
}
template <class Op, class T, class... E>
bool isnan(const Statement<Op, T, E...>& x) {
  using math::isnan;
  return isnan(x.primal());
}
template <class Op, class T, class... E>
bool isinf(const Statement<Op, T, E...>& x) {
  using math::isinf;
  return isinf(x.primal());
}

/// Prints the value.
template <class Char, class Traits, class Op, class T, class... E>
auto& operator<<(std::basic_ostream<Char, Traits>& out, const Statement<Op, T, E...>& x) {
  return out << x.primal();
}

}  // namespace tape

/// Carries out operations of which the operand with the highest rank is a variable or an expression of variables.
struct VarEngine {
  template <class Op, class... X>
  [[gnu::always_inline]] static auto apply(const X&... x) {
    using T = typename op::highest<typename op::engine_of<X>::type...>::type::scalar;
    if constexpr (Op::kind == op::Kind::predicate) {
      return op::apply<Op>(primal<T>(x)...);
    } else if constexpr (Op::kind == op::Kind::flat) {
      return Var<T>(op::apply<Op>(primal<T>(x)...));
    } else if constexpr (std::same_as<Op, op::Where>) {
      return choose<T>(x...);
    } else {
      return tape::Statement<Op, T, tape::operand_for<T, X>...>(tape::OfOperands{}, x...);
    }
  }

 private:
  template <class T, class X>
  [[gnu::always_inline]] static constexpr auto primal(const X& x) {
    if constexpr (std::same_as<typename op::kept<X>::type, Var<T>>) {
      return x.primal();
    } else if constexpr (integral_constant<X>) {
      return static_cast<T>(X::value);
    } else if constexpr (std::same_as<X, bool>) {
      return x;
    } else {
      return static_cast<T>(x);
    }
  }

  /// The side that is not chosen is not recorded.
  template <class T, class A, class B>
  static Var<T> choose(bool condition, const A& a, const B& b) {
    return condition ? Var<T>(a) : Var<T>(b);
  }
};

}  // namespace duet
