// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/formula.hpp>
#include <duet/expr/leaf.hpp>

/// Expressions: numbers whose type is the formula that makes them. An expression holds nothing but the run-time values
/// that it captured, by value, so `auto` is always safe; one that captured nothing is an empty class.
namespace duet {

struct ExpressionEngine;

namespace expr {

template <class E, class... X>
constexpr auto call(const E& e, const X&... x);

constexpr int largest(std::initializer_list<int> numbers) {
  int result = 0;
  for (int n : numbers) result = n > result ? n : result;
  return result;
}

/// The number (or truth value) that formula `F` makes of some leaves and values. A formula lists each operation once,
/// so the type is as long as the computation, however often intermediate results are used; a type that nested its
/// operands' types would double with every use.
template <auto F, class V, class... Leaf>
struct Expression : std::conditional_t<F.view().is_condition(), op::Condition, Active> {
  using engine = ExpressionEngine;
  static constexpr int rank = 1000;  // above all numbers, which an expression captures
  static constexpr FormulaView formula = F.view();
  /// One more than the highest free argument.
  static constexpr int arity = largest({argument_index<Free, Leaf> + 1 ...});

  [[no_unique_address]] V values;

  constexpr Expression() = default;
  constexpr explicit Expression(const V& v) : values(v) {}

  /// Evaluates the formula on numbers of any kind, other expressions included.
  template <operand... X>
  constexpr auto operator()(const X&... x) const {
    static_assert(sizeof...(X) >= arity, "duet: this expression has more arguments than were given");
    return call(*this, x...);
  }
};

template <class E>
inline constexpr bool is_expression = false;
template <auto F, class V, class... Leaf>
inline constexpr bool is_expression<Expression<F, V, Leaf...>> = true;
template <class E>
concept expression = is_expression<E>;

template <class E>
struct leaves_of;
template <auto F, class V, class... Leaf>
struct leaves_of<Expression<F, V, Leaf...>> {
  using type = Leaves<Leaf...>;
};

/// A leaf as an expression.
template <class Leaf>
using Single = Expression<Formula<0>{1, 0}, NoValues, Leaf>;
/// Argument number `I` of level `Level`.
template <int I, class Level = Free>
using Argument = Single<Slot<I, Level>>;
/// A number that is part of the type.
template <auto Value>
using Literal = Single<Number<Double{static_cast<double>(Value)}>>;
/// A value known at run time only.
template <class S>
using Captured = Expression<Formula<0>{0, 1}, Values<S, 1>>;

/// The most values known at run time that an expression may hold. Whether two of them are the same is not known to any
/// type, so that an operation holds those of all its operands: where each result is used twice, twice as many each
/// time.
inline constexpr int most_values = 256;

/// Expressions as operands of a formula that has all their leaves and values.
template <class... E>
struct Operands {
  using leaves = typename joined<typename leaves_of<E>::type...>::type;
  static constexpr Union<leaves> inputs{};
  static constexpr int leaf_count = inputs.count;
  static constexpr int value_count = (0 + ... + E::formula.values);
  template <int K>
  using leaf = typename leaves::template at<inputs.kept[K]>;
};

/// Row `Op` of the op table on expressions.
template <class Op, class... E>
struct Operation : Operands<E...> {
  static constexpr auto assembly = [] {
    Assembly<capacity((1 + ... + E::formula.size))> a;
    const Operand* place = Operation::inputs.place;
    Operand x[3]{};
    int k = 0;
    ((x[k++] = a.add(E::formula, place), place += E::formula.leaves), ...);
    a.add(step(op::code<Op>, x[0], x[1], x[2]));
    return a;
  }();
  static constexpr auto formula = [] {
    Formula<assembly.count> f{Operation::leaf_count, Operation::value_count};
    for (int i = 0; i < assembly.count; ++i) f.steps[i] = assembly.steps[i];
    return f;
  }();
};

/// The expression that `Maker` stands for, which has the formula and says what its leaves are, on these values.
template <class Maker, class V>
[[gnu::always_inline]] constexpr auto expression_of(const V& values) {
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    return Expression<Maker::formula, V, typename Maker::template leaf<K>...>(values);
  }
  (std::make_integer_sequence<int, Maker::leaf_count>{});
}

}  // namespace expr

/// Carries out operations of which an operand is an expression: the result is the expression of the operation.
struct ExpressionEngine {
  /// Anything as an expression.
  template <class X>
  [[gnu::always_inline]] static constexpr auto as_expression(const X& x) {
    if constexpr (expr::expression<X>) {
      return x;
    } else if constexpr (integral_constant<X>) {
      return expr::Literal<X::value>();
    } else if constexpr (std::same_as<X, bool>) {
      return operation<op::NotEqual>(held<double>(x), expr::Literal<0>());
    } else if constexpr (std::integral<X>) {
      return held<double>(x);
    } else {
      return held<X>(x);
    }
  }

  template <class Op, class... X>
  [[gnu::always_inline]] static constexpr auto apply(const X&... x) {
    return operation<Op>(as_expression(x)...);
  }

 private:
  template <class S, class X>
  [[gnu::always_inline]] static constexpr auto held(const X& x) {
    return expr::Captured<S>(expr::Values<S, 1>{{static_cast<S>(x)}});
  }
  template <class Op, class E, class... More>
  [[gnu::always_inline]] static constexpr auto operation(const E& e, const More&... more) {
    using Maker = expr::Operation<Op, E, More...>;
    if constexpr (Maker::value_count > expr::most_values) {
      static_assert(Maker::value_count <= expr::most_values,
                    "duet: this expression holds more than 256 run-time values, since each use of a part counts the "
                    "values in it again; pass them as arguments (duet::arg<I>, or arguments left out by duet::wrt)");
      return e;  // in place of more and more of the same
    } else {
      return expr::expression_of<Maker>(expr::joined_values(e.values, more.values...));
    }
  }
};

}  // namespace duet
