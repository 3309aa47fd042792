// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <tuple>

#include <duet/expr/lowering.hpp>

/// Expressions: numbers whose type is the operation that makes them. An expression holds nothing but the run-time
/// values that it captured, by value, so `auto` is always safe; one that captured nothing is an empty class.
namespace duet {

struct ExpressionEngine;

namespace expr {

/// The level of free-standing expressions, those made from `duet::arg<I>`. A callable that is recorded as an expression
/// has a level of its own, so that the arguments of nested derivatives are told apart.
struct Free {};

/// What all expressions have: `arity` (one more than the highest free argument), `captures<Level>` (how many values it
/// takes from outside when its arguments are those of `Level`), `captured<Level>()` (these values, a tuple), and
/// `lower<Level>` (its node in a graph).
template <class E>
concept expression = active<E> && requires(Lowering& to) {
  { E::template captures<Free> } -> std::convertible_to<int>;
  { E::template lower<Free>(to) } -> std::same_as<int>;
};

template <class E, class... X>
constexpr auto call(const E& e, const X&... x);

/// Makes an expression callable: `e(2.0, 5.0)` evaluates its graph on numbers of any kind, other expressions included.
template <class E, class Base = Active>
struct Callable : Base {
  using engine = ExpressionEngine;
  static constexpr int rank = 1000;  // above all numbers, which an expression captures

  template <operand... X>
  constexpr auto operator()(const X&... x) const {
    static_assert(sizeof...(X) >= E::arity, "duet: this expression has more arguments than were given");
    return call(static_cast<const E&>(*this), x...);
  }
};

/// Argument number `I` of level `Own`.
template <int I, class Own = Free>
struct Argument : Callable<Argument<I, Own>> {
  static constexpr int arity = std::same_as<Own, Free> ? I + 1 : 0;
  template <class Level>
  static constexpr int captures = std::same_as<Own, Level> ? 0 : 1;

  template <class Level>
  static constexpr int lower(Lowering& to) {
    if constexpr (std::same_as<Own, Level>) {
      return to.arguments[I];
    } else {
      return to.captured[to.next_captured++];
    }
  }
  template <class Level>
  constexpr auto captured() const {
    if constexpr (std::same_as<Own, Level>) {
      return std::tuple<>();
    } else {
      return std::tuple<Argument>(*this);
    }
  }
};

/// A number that is part of the type.
template <auto Value>
struct Literal : Callable<Literal<Value>> {
  static constexpr int arity = 0;
  template <class>
  static constexpr int captures = 0;

  template <class>
  static constexpr int lower(Lowering& to) {
    return to.recorder.constant(static_cast<double>(Value));
  }
  template <class>
  constexpr std::tuple<> captured() const {
    return {};
  }
};

/// A value known at run time only.
template <class S>
struct Captured : Callable<Captured<S>> {
  static constexpr int arity = 0;
  template <class>
  static constexpr int captures = 1;
  S value;

  constexpr explicit Captured(const S& x) : value(x) {}
  template <class>
  static constexpr int lower(Lowering& to) {
    return to.captured[to.next_captured++];
  }
  template <class>
  constexpr std::tuple<S> captured() const {
    return std::tuple<S>(value);
  }
};

/// Holds operands; those without values need no place, their type says all.
template <class... E>
struct Operands {
  std::tuple<E...> held;

  constexpr explicit Operands(const E&... e) : held(e...) {}
  constexpr const std::tuple<E...>& operands() const { return held; }
};
template <class... E>
requires(std::is_empty_v<E>&&...) struct Operands<E...> {
  constexpr Operands() = default;
  constexpr explicit Operands(const E&...) requires(sizeof...(E) > 0) {}
  constexpr std::tuple<E...> operands() const { return {}; }
};

constexpr int largest(std::initializer_list<int> numbers) {
  int result = 0;
  for (int n : numbers) result = n > result ? n : result;
  return result;
}

template <class Level, class... E>
constexpr auto captured_by(const std::tuple<E...>& e) {
  if constexpr ((0 + ... + E::template captures<Level>) == 0) {
    return std::tuple<>();
  } else {
    return std::apply([](const auto&... one) { return std::tuple_cat(one.template captured<Level>()...); }, e);
  }
}

template <class Op>
using base_of = std::conditional_t<Op::kind == op::Kind::predicate, op::Condition, Active>;

/// Row `Op` of the op table on expressions.
template <class Op, class... E>
struct Operation : Callable<Operation<Op, E...>, base_of<Op>>, Operands<E...> {
  static constexpr int arity = largest({E::arity...});
  template <class Level>
  static constexpr int captures = (E::template captures<Level> + ...);
  using Operands<E...>::Operands;

  template <class Level>
  static constexpr int lower(Lowering& to) {
    const int operands[] = {expr::lower<E, Level>(to)...};
    return emit(to.recorder, operands, std::index_sequence_for<E...>{});
  }
  template <class Level>
  constexpr auto captured() const {
    return captured_by<Level>(this->operands());
  }

 private:
  template <std::size_t... K>
  static constexpr int emit(graph::Recorder& r, const int (&operands)[sizeof...(E)], std::index_sequence<K...>) {
    return r.emit(op::code<Op>, operands[K]...);
  }
};

/// Output `K` of the constant graph that `Maker` makes, applied to expressions.
template <class Maker, int K, class... A>
struct Output : Callable<Output<Maker, K, A...>>, Operands<A...> {
  static constexpr int arity = largest({A::arity...});
  template <class Level>
  static constexpr int captures = (0 + ... + A::template captures<Level>);
  using Operands<A...>::Operands;

  template <class Level>
  static constexpr int lower(Lowering& to) {
    const graph::List<int> arguments{expr::lower<A, Level>(to)...};
    return graph::splice(to.recorder, graph::Frozen<Maker>::graph, arguments)[K];
  }
  template <class Level>
  constexpr auto captured() const {
    return captured_by<Level>(this->operands());
  }
};

/// The derivative of the free-standing expression `E` with respect to its argument `I`.
template <class E, int I>
struct Derivative : Callable<Derivative<E, I>>, Operands<E> {
  static constexpr int arity = largest({E::arity, I + 1});
  template <class Level>
  static constexpr int captures = E::template captures<Level>;
  using Operands<E>::Operands;

  template <class Level>
  static constexpr int lower(Lowering& to) {
    static_assert(std::same_as<Level, Free>, "duet: diff needs an expression made from duet::arg<I>");
    // Differentiated on inputs of its own: the arguments here may be anything, the same thing twice included.
    graph::Recorder r;
    const graph::List<int> arguments = graph::inputs(r, arity);
    const graph::List<int> taken = graph::inputs(r, captures<Free>);
    Lowering inner{r, arguments, taken};
    const graph::List<int> y{expr::lower<E, Free>(inner)};
    graph::PartialsOf partial(r);
    const graph::Graph derivative = graph::extract(r, graph::reverse(partial, {arguments[I]}, y, {r.constant(1)}));

    graph::List<int> x(to.arguments.begin(), to.arguments.begin() + arity);
    for (int k = 0; k < captures<Free>; ++k) x.push_back(to.captured[to.next_captured++]);
    return graph::splice(to.recorder, derivative, x)[0];
  }
  template <class Level>
  constexpr auto captured() const {
    return captured_by<Level>(this->operands());
  }
};

}  // namespace expr

/// Carries out operations of which an operand is an expression: the result is the expression of the operation.
struct ExpressionEngine {
  /// Anything as an expression.
  template <class X>
  [[gnu::always_inline]] static constexpr auto as_expression(const X& x) {
    if constexpr (expr::expression<X>) {
      return x;
    } else if constexpr (integral_constant<X>) {
      return expr::Literal<X::value>{};
    } else if constexpr (std::same_as<X, bool>) {
      return expr::Operation<op::NotEqual, expr::Captured<double>, expr::Literal<0>>(expr::Captured<double>(x),
                                                                                     expr::Literal<0>{});
    } else if constexpr (std::integral<X>) {
      return expr::Captured<double>(static_cast<double>(x));
    } else {
      return expr::Captured<X>(x);
    }
  }

  template <class Op, class... X>
  [[gnu::always_inline]] static constexpr auto apply(const X&... x) {
    return operation<Op>(as_expression(x)...);
  }

 private:
  template <class Op, class... E>
  [[gnu::always_inline]] static constexpr expr::Operation<Op, E...> operation(const E&... e) {
    return expr::Operation<Op, E...>(e...);
  }
};

}  // namespace duet
