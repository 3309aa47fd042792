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

/// The number (or truth value) that formula `F` makes of some leaves. A formula lists each operation once, so the type
/// is as long as the computation, however often intermediate results are used; a type that nested its operands' types
/// would double with every use.
template <auto F, class... Leaf>
struct Expression : std::conditional_t<F.is_condition(), op::Condition, Active> {
  using engine = ExpressionEngine;
  static constexpr const auto& formula = F;
  /// One more than the highest free argument.
  static constexpr int arity = largest({argument_index<Free, Leaf> + 1 ...});

  [[no_unique_address]] Leaves<Leaf...> leaves;

  constexpr Expression() = default;
  constexpr explicit Expression(const Leaves<Leaf...>& x) : leaves(x) {}

  /// Evaluates the formula on numbers of any kind, other expressions included.
  template <operand... X>
  constexpr auto operator()(const X&... x) const {
    static_assert(sizeof...(X) >= arity, "duet: this expression has more arguments than were given");
    return call(*this, x...);
  }
};

template <class T>
inline constexpr bool is_expression = false;
template <auto F, class... Leaf>
inline constexpr bool is_expression<Expression<F, Leaf...>> = true;
template <class T>
concept expression = is_expression<T>;

/// A leaf as an expression.
template <class Leaf>
using Single = Expression<Formula<0>{}, Leaf>;
/// Argument number `I` of level `Level`.
template <int I, class Level = Free>
using Argument = Single<Slot<I, Level>>;
/// A number that is part of the type.
template <auto Value>
using Literal = Single<Number<Double{static_cast<double>(Value)}>>;

/// Expressions as operands of a formula that has all their leaves as inputs.
template <class... E>
struct Operands {
  using leaves = decltype(join(std::declval<const E&>().leaves...));
  static constexpr Union<leaves> inputs{};

  /// The leaves that the formula is a function of.
  static constexpr int count = inputs.count;
  template <int K>
  static constexpr auto leaf(const leaves& all) {
    return all.template get<inputs.kept[K]>();
  }
  template <int K>
  using leaf_type = decltype(leaf<K>(std::declval<const leaves&>()));

  /// add(formula, the places of its inputs among those of all) for every operand.
  static constexpr void for_each(auto add) {
    const Operand* place = inputs.place;
    ((add(E::formula, place), place += E::formula.inputs), ...);
  }
};

/// Row `Op` of the op table on expressions.
template <class Op, class... E>
struct Operation : Operands<E...> {
  static constexpr auto assembly = [] {
    Assembly<capacity((1 + ... + E::formula.size))> a;
    const Operand* place = Operands<E...>::inputs.place;
    Operand x[3]{};
    int k = 0;
    ((x[k++] = a.add(E::formula.steps, E::formula.size, place, E::formula.inputs), place += E::formula.inputs), ...);
    a.add(step(op::code<Op>, x[0], x[1], x[2]));
    return a;
  }();
  static constexpr auto formula = [] {
    Formula<assembly.count> f{Operands<E...>::count};
    for (int i = 0; i < assembly.count; ++i) f.steps[i] = assembly.steps[i];
    return f;
  }();
};

/// The expression that `Maker` stands for: it has the formula, and says which leaves are its inputs.
template <class Maker, class... Leaf>
[[gnu::always_inline]] constexpr auto on_leaves(const Leaf&... leaf) {
  return Expression<Maker::formula, Leaf...>(Leaves<Leaf...>(leaf...));
}
template <class Maker, class Leaves>
[[gnu::always_inline]] constexpr auto expression_of(const Leaves& leaves) {
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    return on_leaves<Maker>(Maker::template leaf<K>(leaves)...);
  }
  (std::make_integer_sequence<int, Maker::count>{});
}

}  // namespace expr

/// Carries out operations of which an operand is an expression: the result is the expression of the operation.
struct ExpressionEngine {
  static constexpr int rank = 2;

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
    using Leaf = expr::Held<S>;
    return expr::Single<Leaf>(expr::Leaves<Leaf>(Leaf{static_cast<S>(x)}));
  }
  template <class Op, class... E>
  [[gnu::always_inline]] static constexpr auto operation(const E&... e) {
    return expr::expression_of<expr::Operation<Op, E...>>(expr::join(e.leaves...));
  }
};

}  // namespace duet
