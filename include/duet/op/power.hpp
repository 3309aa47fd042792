// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/exponential.hpp>

/// Powers, roots and lengths.
namespace duet {

using math::cbrt;
using math::hypot;
using math::pow;
using math::sqrt;

namespace op {

struct Sqrt : Unary<"sqrt"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return sqrt(x); }
  static constexpr auto partial(const auto&, const auto& y) { return like(y, 0.5) / y; }
  static constexpr Interval domain{0.1, 5};
};

struct Cbrt : Unary<"cbrt"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return cbrt(x); }
  static constexpr auto partial(const auto&, const auto& y) { return 1 / (3 * square(y)); }
  static constexpr Interval domain{0.1, 5};
};

/// d/da is 0 where b = 0 and 1 where b = 1, whatever a is; d/db is 0 where a = 0 <= b, the limit from above.
struct Pow : Binary<"pow"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) {
    using A = std::remove_cvref_t<decltype(a)>;
    if constexpr (batch<A> && !has_limits<A>) {
      // xsimd has 0 for all powers of 0
      if (any(a == 0)) return lanewise([](auto base, auto exponent) { return pow(base, exponent); }, a, like(a, b));
      return where(b == 0, like(a, 1), pow(a, b));
    } else {
      return pow(a, b);
    }
  }
  static constexpr auto partial(First, const auto& a, const auto& b, const auto&) {
    return where(b == 0, like(a, 0), b * apply<Pow>(a, b - 1));
  }
  static constexpr auto partial(Second, const auto& a, const auto& b, const auto& y) {
    const auto slope = log(a) * y;
    return where(a == 0, where(b < 0, slope, like(y, 0)), slope);
  }
  static constexpr Interval domain{0.2, 3};
};

/// The derivative at the origin is the subgradient of least norm, zero.
struct Hypot : Binary<"hypot"> {
  static constexpr bool commutes = true;
  static constexpr bool gates = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) { return hypot(a, b); }
  static constexpr auto partial(First, const auto& a, const auto&, const auto& y) {
    return where(y == 0, like(y, 0), a / y);
  }
  static constexpr auto partial(Second, const auto&, const auto& b, const auto& y) {
    return where(y == 0, like(y, 0), b / y);
  }
  static constexpr Interval domain{0.3, 2};
};

struct Hypot3 : Ternary<"hypot"> {
  static constexpr bool gates = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b, const auto& c) {
    if constexpr (requires { hypot(a, b, c); }) {
      return hypot(a, b, c);
    } else {
      return hypot(hypot(a, b), c);
    }
  }
  static constexpr auto partial(First, const auto& a, const auto&, const auto&, const auto& y) {
    return where(y == 0, like(y, 0), a / y);
  }
  static constexpr auto partial(Second, const auto&, const auto& b, const auto&, const auto& y) {
    return where(y == 0, like(y, 0), b / y);
  }
  static constexpr auto partial(Third, const auto&, const auto&, const auto& c, const auto& y) {
    return where(y == 0, like(y, 0), c / y);
  }
  static constexpr Interval domain{0.3, 2};
};

using PowerRows = Rows<Sqrt, Cbrt, Pow, Hypot, Hypot3>;

}  // namespace op

/// The square root of x >= 0; its derivative at 0 is infinite.
template <active T>
[[gnu::always_inline]] constexpr auto sqrt(const T& x) {
  return op::apply<op::Sqrt>(x);
}

/// The cube root of x; its derivative at 0 is infinite.
template <active T>
[[gnu::always_inline]] constexpr auto cbrt(const T& x) {
  return op::apply<op::Cbrt>(x);
}

/// a to the power of b; either may be a plain number of any arithmetic type.
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto pow(const A& a, const B& b) { return op::apply<op::Pow>(a, b); }

/// The length of (a, b), without overflow.
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto hypot(const A& a, const B& b) { return op::apply<op::Hypot>(a, b); }

/// The length of (a, b, c), without overflow.
template <class A, class B, class C>
requires active_operands<A, B, C>
[[gnu::always_inline]] constexpr auto hypot(const A& a, const B& b, const C& c) {
  return op::apply<op::Hypot3>(a, b, c);
}

}  // namespace duet
