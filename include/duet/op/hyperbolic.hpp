// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/exponential.hpp>

/// Hyperbolic functions and their inverses.
namespace duet {

using math::acosh;
using math::asinh;
using math::atanh;
using math::cosh;
using math::sinh;
using math::tanh;

namespace op {

struct Sinh : Unary<"sinh"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return sinh(x); }
  static constexpr auto partial(const auto& x, const auto&) { return cosh(x); }
  static constexpr Interval domain{-3, 3};
};

struct Cosh : Unary<"cosh"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return cosh(x); }
  static constexpr auto partial(const auto& x, const auto&) { return sinh(x); }
  static constexpr Interval domain{-3, 3};
};

struct Tanh : Unary<"tanh"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return tanh(x); }
  static constexpr auto partial(const auto&, const auto& y) { return (1 + y) * (1 - y); }
  static constexpr Interval domain{-3, 3};
};

struct Asinh : Unary<"asinh"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return asinh(x); }
  static constexpr auto partial(const auto& x, const auto&) { return 1 / sqrt(1 + square(x)); }
  static constexpr Interval domain{-5, 5};
};

struct Acosh : Unary<"acosh"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return acosh(x); }
  static constexpr auto partial(const auto& x, const auto&) { return 1 / sqrt((x - 1) * (x + 1)); }
  static constexpr Interval domain{1.1, 5};
};

struct Atanh : Unary<"atanh"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return atanh(x); }
  static constexpr auto partial(const auto& x, const auto&) { return 1 / ((1 - x) * (1 + x)); }
  static constexpr Interval domain{-0.95, 0.95};
};

using HyperbolicRows = Rows<Sinh, Cosh, Tanh, Asinh, Acosh, Atanh>;

}  // namespace op

/// The hyperbolic sine of x.
template <active T>
[[gnu::always_inline]] constexpr auto sinh(const T& x) {
  return op::apply<op::Sinh>(x);
}

/// The hyperbolic cosine of x.
template <active T>
[[gnu::always_inline]] constexpr auto cosh(const T& x) {
  return op::apply<op::Cosh>(x);
}

/// The hyperbolic tangent of x.
template <active T>
[[gnu::always_inline]] constexpr auto tanh(const T& x) {
  return op::apply<op::Tanh>(x);
}

/// The inverse hyperbolic sine of x.
template <active T>
[[gnu::always_inline]] constexpr auto asinh(const T& x) {
  return op::apply<op::Asinh>(x);
}

/// The inverse hyperbolic cosine of x >= 1; its derivative is infinite at 1.
template <active T>
[[gnu::always_inline]] constexpr auto acosh(const T& x) {
  return op::apply<op::Acosh>(x);
}

/// The inverse hyperbolic tangent of x in [-1, 1].
template <active T>
[[gnu::always_inline]] constexpr auto atanh(const T& x) {
  return op::apply<op::Atanh>(x);
}

}  // namespace duet
