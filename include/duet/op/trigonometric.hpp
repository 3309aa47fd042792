// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/power.hpp>

/// Circular functions and their inverses; angles in radians.
namespace duet {

using math::acos;
using math::asin;
using math::atan;
using math::atan2;
using math::cos;
using math::sin;
using math::sinc;
using math::tan;

namespace op {

struct Sin : Unary<"sin"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return sin(x); }
  static constexpr auto partial(const auto& x, const auto&) { return cos(x); }
  static constexpr Interval domain{-10, 10};
};

struct Cos : Unary<"cos"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return cos(x); }
  static constexpr auto partial(const auto& x, const auto&) { return -sin(x); }
  static constexpr Interval domain{-10, 10};
};

struct Tan : Unary<"tan"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return tan(x); }
  static constexpr auto partial(const auto&, const auto& y) { return 1 + square(y); }
  static constexpr Interval domain{-1.4, 1.4};
};

struct Asin : Unary<"asin"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return asin(x); }
  static constexpr auto partial(const auto& x, const auto&) { return 1 / sqrt((1 - x) * (1 + x)); }
  static constexpr Interval domain{-0.95, 0.95};
};

struct Acos : Unary<"acos"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return acos(x); }
  static constexpr auto partial(const auto& x, const auto&) { return -(1 / sqrt((1 - x) * (1 + x))); }
  static constexpr Interval domain{-0.95, 0.95};
};

struct Atan : Unary<"atan"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return atan(x); }
  static constexpr auto partial(const auto& x, const auto&) { return 1 / (1 + square(x)); }
  static constexpr Interval domain{-5, 5};
};

struct Atan2 : Binary<"atan2"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) { return atan2(a, b); }
  static constexpr auto partial(First, const auto& a, const auto& b, const auto&) {
    return b / (square(a) + square(b));
  }
  static constexpr auto partial(Second, const auto& a, const auto& b, const auto&) {
    return -(a / (square(a) + square(b)));
  }
  static constexpr Interval domain{0.3, 2};
};

/// The order-th derivative of sinc; the order itself is no variable.
struct Sinc : Binary<"sinc"> {
  static constexpr int first_active = 1;
  [[gnu::always_inline]] static constexpr auto value(const auto& order, const auto& x) {
    if constexpr (batch<std::remove_cvref_t<decltype(x)>>) {
      return lanewise([](auto n, auto lane) { return sinc(static_cast<int>(n), lane); }, order, x);
    } else {
      return sinc(static_cast<int>(order), x);
    }
  }
  static constexpr auto partial(Second, const auto& order, const auto& x, const auto&) {
    return apply<Sinc>(order + 1, x);
  }
  static constexpr Interval domain{0, 3};
};

using TrigonometricRows = Rows<Sin, Cos, Tan, Asin, Acos, Atan, Atan2, Sinc>;

}  // namespace op

/// The sine of x.
template <active T>
[[gnu::always_inline]] constexpr auto sin(const T& x) {
  return op::apply<op::Sin>(x);
}

/// The cosine of x.
template <active T>
[[gnu::always_inline]] constexpr auto cos(const T& x) {
  return op::apply<op::Cos>(x);
}

/// The tangent of x.
template <active T>
[[gnu::always_inline]] constexpr auto tan(const T& x) {
  return op::apply<op::Tan>(x);
}

/// The arc sine of x in [-1, 1]; its derivative is infinite at both ends.
template <active T>
[[gnu::always_inline]] constexpr auto asin(const T& x) {
  return op::apply<op::Asin>(x);
}

/// The arc cosine of x in [-1, 1]; its derivative is infinite at both ends.
template <active T>
[[gnu::always_inline]] constexpr auto acos(const T& x) {
  return op::apply<op::Acos>(x);
}

/// The arc tangent of x.
template <active T>
[[gnu::always_inline]] constexpr auto atan(const T& x) {
  return op::apply<op::Atan>(x);
}

/// The angle of the point (b, a), in (-pi, pi]; the derivatives at the origin are NaN.
template <class A, class B>
requires active_operands<A, B>
[[gnu::always_inline]] constexpr auto atan2(const A& a, const B& b) { return op::apply<op::Atan2>(a, b); }

/// The normalised sinc, sin(pi x) / (pi x), smooth through zero in every order.
template <operand T>
[[gnu::always_inline]] constexpr auto sinc(const T& x) {
  return op::apply<op::Sinc>(op::like(x, 0), x);
}

}  // namespace duet
