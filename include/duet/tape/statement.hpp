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
class Statement : public Active, public Operation<Op, T, std::index_sequence_for<E...>, E...> {
  using Base = Operation<Op, T, std::index_sequence_for<E...>, E...>;

 public:
  using engine = VarEngine;
  using variable = Var<T>;
  using scalar = T;
  static constexpr int rank = variable::rank;

  Statement() : Statement(variable()) {}
  template <class... X>
  [[gnu::always_inline]] explicit Statement(OfOperands of, const X&... x) : Base(of, x...) {}
  [[gnu::always_inline]] explicit Statement(Reader<T>& from) : Base(from) {}
  [[gnu::always_inline]] Statement(const Statement& x) : Base(x) {}
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

  T grad() const { return variable(*this).grad(); }
  bool is_recorded() const { return variable(*this).is_recorded(); }

 private:
  explicit Statement(const variable& x) : Base(x) {}
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
