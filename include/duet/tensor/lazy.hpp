// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <tuple>

#include <duet/expr/expression.hpp>
#include <duet/tensor/tensor.hpp>

/// Formulas of tensors. An operation on tensors is not carried out where it is written: it becomes part of a formula,
/// whose type says what is computed and which holds the tensors. Where it is turned into a Tensor, the whole is one
/// operation. Formulas hold tensors by handle, so `auto` is safe.
namespace duet {

namespace tensor {

/// What a formula is about: tensors of `T` in place `P` and numbers (double), in the order of its values.
template <class T, class P, class... S>
struct Slots {
  static constexpr int size = sizeof...(S);
  using number = T;
  using place = P;
  std::tuple<S...> all;
};

template <class A, class B>
struct common_element : std::type_identity<A> {
  static_assert(std::is_void_v<B> || std::is_same_v<A, B>,
                "duet: a formula of tensors of float and tensors of double; convert one of them with to<T>()");
};
template <class B>
struct common_element<void, B> : std::type_identity<B> {};

template <class A, class B>
struct common_place : std::type_identity<A> {
  static_assert(std::is_void_v<B> || std::is_same_v<A, B>,
                "duet: a formula of tensors in different places; move one of them with to<Device>() or to<Host>()");
};
template <class B>
struct common_place<void, B> : std::type_identity<B> {};

template <class T, class P, class... A>
constexpr Slots<T, P, A...> joined_slots(const Slots<T, P, A...>& a) {
  return a;
}
template <class T, class P, class... A, class U, class Q, class... B, class... Rest>
constexpr auto joined_slots(const Slots<T, P, A...>& a, const Slots<U, Q, B...>& b, const Rest&... rest) {
  using Joined = Slots<typename common_element<T, U>::type, typename common_place<P, Q>::type, A..., B...>;
  return joined_slots(Joined{std::tuple_cat(a.all, b.all)}, rest...);
}

/// The number, or truth value, that formula `F` makes of each element of some tensors.
template <auto F, class V, class... Leaf>
struct Lazy : std::conditional_t<F.view().is_condition(), op::Condition, Active> {
  using engine = TensorEngine;
  static constexpr int rank = 2000;
  using value_type = typename V::number;
  using place_type = typename V::place;
  using variable = Tensor<value_type, place_type>;
  static constexpr expr::FormulaView formula = F.view();

  V values;

  explicit Lazy(const V& v) : values(v) {}

  /// Carries the formula out, as one recorded operation (statement.hpp); truth values become 1 and 0.
  variable tensor(const std::source_location& where = std::source_location::current()) const;
  value_type item() const { return tensor().item(); }
  /// The shape that the value would have; nothing is computed.
  Shape shape() const;

  /// The truth value of a condition on single numbers: `while (norm(x) < 1000)`. Throws ShapeError if there are more.
  explicit operator bool() const requires(F.view().is_condition()) { return item() != 0; }
};

template <auto F, class V, class... Leaf>
inline constexpr bool is_lazy<Lazy<F, V, Leaf...>> = true;

/// Tensors, formulas of them, and parts of them: what an operation on tensors takes.
template <class X>
concept tensorial = is_tensor<X> || lazy<X> || is_selection<X>;

}  // namespace tensor

namespace expr {
template <auto F, class V, class... Leaf>
struct leaves_of<tensor::Lazy<F, V, Leaf...>> {
  using type = Leaves<Leaf...>;
};
}  // namespace expr

/// Carries out operations of which an operand is a tensor: the result is a formula.
struct TensorEngine {
  /// Anything as a formula.
  template <class X>
  static constexpr auto as_lazy(const X& x) {
    if constexpr (tensor::lazy<X>) {
      return x;
    } else if constexpr (tensor::is_tensor<X>) {
      using V = tensor::Slots<typename X::value_type, typename X::place_type, X>;
      return tensor::Lazy<expr::Formula<0>{0, 1}, V>(V{{x}});
    } else if constexpr (tensor::is_selection<X>) {
      return as_lazy(x.tensor());
    } else if constexpr (integral_constant<X>) {
      using V = tensor::Slots<void, void>;
      return tensor::Lazy<expr::Formula<0>{1, 0}, V, expr::Number<expr::Double{static_cast<double>(X::value)}>>(V{});
    } else {
      static_assert(std::is_arithmetic_v<X>,
                    "duet: an operation on tensors takes tensors and numbers, and not Dual, Var or expressions");
      using V = tensor::Slots<void, void, double>;
      return tensor::Lazy<expr::Formula<0>{0, 1}, V>(V{{static_cast<double>(x)}});
    }
  }

  template <class Op, class... X>
  static constexpr auto apply(const X&... x) {
    return operation<Op>(as_lazy(x)...);
  }

 private:
  template <class Op, class... E>
  static constexpr auto operation(const E&... e) {
    using Maker = expr::Operation<Op, E...>;
    const auto values = tensor::joined_slots(e.values...);
    using V = std::remove_const_t<decltype(values)>;
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      return tensor::Lazy<Maker::formula, V, typename Maker::template leaf<K>...>(values);
    }
    (std::make_integer_sequence<int, Maker::leaf_count>{});
  }
};

}  // namespace duet
