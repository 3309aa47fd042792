// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/arithmetic.hpp>

/// Functions with kinks, steps and branches. At a kink the derivative is the subgradient (for a concave kink the
/// supergradient) of least norm: 0 for abs and relu, a half each for the two sides of a tie of max, min and clamp.
namespace duet {

using math::abs;
using math::ceil;
using math::copysign;
using math::floor;
using math::fmod;
using math::round;
using math::trunc;

namespace op {

struct Where : Ternary<"where"> {
  static constexpr int first_active = 1;
  static constexpr bool gates = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& condition, const auto& a, const auto& b) {
    return select(condition, a, b);
  }
  static constexpr auto partial(Second, const auto& condition, const auto& a, const auto&, const auto&) {
    return apply<Where>(condition, like(a, 1), like(a, 0));
  }
  static constexpr auto partial(Third, const auto& condition, const auto&, const auto& b, const auto&) {
    return apply<Where>(condition, like(b, 0), like(b, 1));
  }
};

}  // namespace op

/// `a` where the condition holds, else `b`: the branch that can be differentiated on every path. Both sides are
/// evaluated; neither the value nor the derivative of the side not taken can spoil the result.
template <class C, operand A, operand B>
[[gnu::always_inline]] constexpr auto where(const C& condition, const A& a, const B& b) {
  if constexpr (std::is_arithmetic_v<A> && std::is_arithmetic_v<B>) {
    using T = std::common_type_t<A, B>;
    return op::apply<op::Where>(condition, T(a), T(b));
  } else {
    return op::apply<op::Where>(condition, a, b);
  }
}

namespace op {

struct Abs : Unary<"abs"> {
  static constexpr bool gates = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return abs(x); }
  static constexpr auto partial(const auto& x, const auto&) {
    return where(x == 0, like(x, 0), copysign(like(x, 1), x));
  }
};

struct Max : Binary<"max"> {
  static constexpr bool commutes = true;
  static constexpr bool gates = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) { return where(a < b, b, a); }
  static constexpr auto partial(First, const auto& a, const auto& b, const auto&) {
    return where(b < a, like(a, 1), where(a < b, like(a, 0), like(a, 0.5)));
  }
  static constexpr auto partial(Second, const auto& a, const auto& b, const auto&) {
    return where(a < b, like(b, 1), where(b < a, like(b, 0), like(b, 0.5)));
  }
};

struct Min : Binary<"min"> {
  static constexpr bool commutes = true;
  static constexpr bool gates = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) { return where(b < a, b, a); }
  static constexpr auto partial(First, const auto& a, const auto& b, const auto&) {
    return where(a < b, like(a, 1), where(b < a, like(a, 0), like(a, 0.5)));
  }
  static constexpr auto partial(Second, const auto& a, const auto& b, const auto&) {
    return where(b < a, like(b, 1), where(a < b, like(b, 0), like(b, 0.5)));
  }
};

struct Clamp : Ternary<"clamp"> {
  static constexpr bool gates = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x, const auto& low, const auto& high) {
    return where(x < low, low, where(high < x, high, x));
  }
  static constexpr auto partial(First, const auto& x, const auto& low, const auto& high, const auto&) {
    const auto one = like(x, 1), half = like(x, 0.5), zero = like(x, 0);
    return where(low < x, where(x < high, one, where(x == high, half, zero)), where(x == low, half, zero));
  }
  static constexpr auto partial(Second, const auto& x, const auto& low, const auto&, const auto&) {
    return where(x < low, like(x, 1), where(x == low, like(x, 0.5), like(x, 0)));
  }
  static constexpr auto partial(Third, const auto& x, const auto&, const auto& high, const auto&) {
    return where(high < x, like(x, 1), where(x == high, like(x, 0.5), like(x, 0)));
  }
  static constexpr Interval domain2{-1.5, -1};
  static constexpr Interval domain3{1, 1.5};
};

struct Relu : Unary<"relu"> {
  static constexpr bool gates = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return where(x > 0, x, like(x, 0)); }
  static constexpr auto partial(const auto& x, const auto&) { return where(x > 0, like(x, 1), like(x, 0)); }
};

/// The remainder has the sign of a: a = trunc(a / b) b + fmod(a, b).
struct Fmod : Binary<"fmod"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) { return fmod(a, b); }
  static constexpr auto partial(First, const auto& a, const auto&, const auto&) { return like(a, 1); }
  static constexpr auto partial(Second, const auto& a, const auto& b, const auto&) { return -trunc(a / b); }
  static constexpr Interval domain{1.2, 1.8};
  static constexpr Interval domain2{1, 1.1};
};

struct Copysign : Binary<"copysign"> {
  static constexpr bool gates = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) { return copysign(a, b); }
  static constexpr auto partial(First, const auto& a, const auto& b, const auto&) {
    return where(a == 0, like(a, 0), copysign(like(a, 1), a) * copysign(like(a, 1), b));
  }
  static constexpr auto partial(Second, const auto& a, const auto&, const auto&) { return like(a, 0); }
};

struct Floor : Flat<"floor"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return floor(x); }
};
struct Ceil : Flat<"ceil"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return ceil(x); }
};
struct Round : Flat<"round"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return round(x); }
};
struct Trunc : Flat<"trunc"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return trunc(x); }
};

/// The value of x, cut off from its derivative.
struct StopGradient : Flat<"stop_gradient"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return x; }
};

using PiecewiseRows = Rows<Where, Abs, Max, Min, Clamp, Relu, Fmod, Copysign, Floor, Ceil, Round, Trunc, StopGradient>;

}  // namespace op

/// The magnitude of x; its derivative at 0 is 0.
template <active T>
[[gnu::always_inline]] constexpr auto abs(const T& x) {
  return op::apply<op::Abs>(x);
}
/// The magnitude of x.
template <active T>
[[gnu::always_inline]] constexpr auto fabs(const T& x) {
  return op::apply<op::Abs>(x);
}

/// The larger operand; a tie shares the derivative, a half each. For equal types there is an overload of its own, since
/// `using std::max; max(x, y)` would otherwise prefer `std::max`, which needs a known comparison.
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto max(const A& a, const B& b) { return op::apply<op::Max>(a, b); }
template <active T>
[[gnu::always_inline]] constexpr auto max(const T& a, const T& b) {
  return op::apply<op::Max>(a, b);
}

/// The smaller operand; a tie shares the derivative, a half each.
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto min(const A& a, const B& b) { return op::apply<op::Min>(a, b); }
template <active T>
[[gnu::always_inline]] constexpr auto min(const T& a, const T& b) {
  return op::apply<op::Min>(a, b);
}
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto fmax(const A& a, const B& b) { return op::apply<op::Max>(a, b); }
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto fmin(const A& a, const B& b) { return op::apply<op::Min>(a, b); }

/// x kept between low and high.
template <class X, class L, class H>
requires active_operands<X, L, H>
[[gnu::always_inline]] constexpr auto clamp(const X& x, const L& low, const H& high) {
  return op::apply<op::Clamp>(x, low, high);
}
template <active T>
[[gnu::always_inline]] constexpr auto clamp(const T& x, const T& low, const T& high) {
  return op::apply<op::Clamp>(x, low, high);
}

/// x where it is positive, else 0.
template <operand T>
[[gnu::always_inline]] constexpr auto relu(const T& x) {
  return op::apply<op::Relu>(x);
}

/// The remainder of a / b, with the sign of a.
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto fmod(const A& a, const B& b) { return op::apply<op::Fmod>(a, b); }

/// The magnitude of a with the sign of b.
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto copysign(const A& a, const B& b) { return op::apply<op::Copysign>(a, b); }

/// The largest integer not above x; the derivative is zero, as it is for the other roundings.
template <active T>
[[gnu::always_inline]] constexpr auto floor(const T& x) {
  return op::apply<op::Floor>(x);
}
/// The smallest integer not below x.
template <active T>
[[gnu::always_inline]] constexpr auto ceil(const T& x) {
  return op::apply<op::Ceil>(x);
}
/// The nearest integer, halves away from zero.
template <active T>
[[gnu::always_inline]] constexpr auto round(const T& x) {
  return op::apply<op::Round>(x);
}
/// The integer part of x.
template <active T>
[[gnu::always_inline]] constexpr auto trunc(const T& x) {
  return op::apply<op::Trunc>(x);
}

/// The value of x as a constant: no derivative passes through.
template <operand T>
[[gnu::always_inline]] constexpr auto stop_gradient(const T& x) {
  return op::apply<op::StopGradient>(x);
}

}  // namespace duet
