// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/comparison.hpp>

/// Sums, products, quotients and their fused forms.
namespace duet {
namespace op {

struct Add : Binary<"+"> {
  static constexpr bool commutes = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) { return a + b; }
  [[gnu::always_inline]] static constexpr auto partial(First, const auto& a, const auto&, const auto&) {
    return like(a, 1);
  }
  [[gnu::always_inline]] static constexpr auto partial(Second, const auto&, const auto& b, const auto&) {
    return like(b, 1);
  }
};

struct Subtract : Binary<"-"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) { return a - b; }
  [[gnu::always_inline]] static constexpr auto partial(First, const auto& a, const auto&, const auto&) {
    return like(a, 1);
  }
  [[gnu::always_inline]] static constexpr auto partial(Second, const auto&, const auto& b, const auto&) {
    return like(b, -1);
  }
};

struct Multiply : Binary<"*"> {
  static constexpr bool commutes = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) { return a * b; }
  [[gnu::always_inline]] static constexpr auto partial(First, const auto&, const auto& b, const auto&) { return b; }
  [[gnu::always_inline]] static constexpr auto partial(Second, const auto& a, const auto&, const auto&) { return a; }
};

struct Divide : Binary<"/"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) { return a / b; }
  [[gnu::always_inline]] static constexpr auto partial(First, const auto&, const auto& b, const auto&) { return 1 / b; }
  [[gnu::always_inline]] static constexpr auto partial(Second, const auto&, const auto& b, const auto& y) {
    return -(y * (1 / b));
  }
  static constexpr Interval domain2{0.5, 3};
};

struct Negate : Unary<"-"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return -x; }
  [[gnu::always_inline]] static constexpr auto partial(const auto& x, const auto&) { return like(x, -1); }
};

struct Square : Unary<"square"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return x * x; }
  [[gnu::always_inline]] static constexpr auto partial(const auto& x, const auto&) { return 2 * x; }
};

struct Fma : Ternary<"fma"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b, const auto& c) {
    using math::fma;
    return fma(a, b, c);
  }
  [[gnu::always_inline]] static constexpr auto partial(First, const auto&, const auto& b, const auto&, const auto&) {
    return b;
  }
  [[gnu::always_inline]] static constexpr auto partial(Second, const auto& a, const auto&, const auto&, const auto&) {
    return a;
  }
  [[gnu::always_inline]] static constexpr auto partial(Third, const auto&, const auto&, const auto& c, const auto&) {
    return like(c, 1);
  }
};

using ArithmeticRows = Rows<Add, Subtract, Multiply, Divide, Negate, Square, Fma>;

}  // namespace op

template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto operator+(const A& a, const B& b) { return op::apply<op::Add>(a, b); }
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto operator-(const A& a, const B& b) { return op::apply<op::Subtract>(a, b); }
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto operator*(const A& a, const B& b) { return op::apply<op::Multiply>(a, b); }
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto operator/(const A& a, const B& b) { return op::apply<op::Divide>(a, b); }
template <active T>
[[gnu::always_inline]] constexpr auto operator-(const T& x) {
  return op::apply<op::Negate>(x);
}
template <active T>
[[gnu::always_inline]] constexpr T operator+(const T& x) {
  return x;
}

namespace op {
/// Carries out `Op` in place: types that have elements to change do it themselves, others take the result.
template <class Op, class A, class B>
[[gnu::always_inline]] constexpr A& update(A& a, const B& b) {
  if constexpr (requires { a.template update<Op>(b); }) {
    a.template update<Op>(b);
    return a;
  } else {
    const auto result = apply<Op>(a, b);
    static_assert(
        (std::is_assignable_v<A&, decltype(result)>),
        "duet: an expression changes its type with every operation, so it can't be updated in place; make the "
        "callable stateless (pass what it captures as an argument), or differentiate with Forward or DynamicTape");
    a = result;
    return a;
  }
}
}  // namespace op

template <active A, operand B>
[[gnu::always_inline]] constexpr A& operator+=(A& a, const B& b) {
  return op::update<op::Add>(a, b);
}
template <active A, operand B>
[[gnu::always_inline]] constexpr A& operator-=(A& a, const B& b) {
  return op::update<op::Subtract>(a, b);
}
template <active A, operand B>
[[gnu::always_inline]] constexpr A& operator*=(A& a, const B& b) {
  return op::update<op::Multiply>(a, b);
}
template <active A, operand B>
[[gnu::always_inline]] constexpr A& operator/=(A& a, const B& b) {
  return op::update<op::Divide>(a, b);
}

/// x * x, computed and differentiated as one operation.
template <operand T>
[[gnu::always_inline]] constexpr auto square(const T& x) {
  return op::apply<op::Square>(x);
}

using math::fma;
/// a * b + c, rounded once on plain numbers.
template <class A, class B, class C>
requires active_operands<A, B, C>
[[gnu::always_inline]] constexpr auto fma(const A& a, const B& b, const C& c) { return op::apply<op::Fma>(a, b, c); }

}  // namespace duet
