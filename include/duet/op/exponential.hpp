// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/piecewise.hpp>
#include <numbers>

/// Exponentials, logarithms and what machine learning builds of them.
namespace duet {

using math::exp;
using math::exp2;
using math::expm1;
using math::log;
using math::log10;
using math::log1p;
using math::log2;

namespace op {

struct Exp : Unary<"exp"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return exp(x); }
  static constexpr auto partial(const auto&, const auto& y) { return y; }
  static constexpr Interval domain{-3, 3};
};

struct Exp2 : Unary<"exp2"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return exp2(x); }
  static constexpr auto partial(const auto& x, const auto& y) { return y * like(x, std::numbers::ln2); }
  static constexpr Interval domain{-3, 3};
};

struct Expm1 : Unary<"expm1"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return expm1(x); }
  static constexpr auto partial(const auto&, const auto& y) { return y + 1; }
  static constexpr Interval domain{-3, 3};
};

struct Log : Unary<"log"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return log(x); }
  static constexpr auto partial(const auto& x, const auto&) { return 1 / x; }
  static constexpr Interval domain{0.1, 5};
};

struct Log2 : Unary<"log2"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return log2(x); }
  static constexpr auto partial(const auto& x, const auto&) { return like(x, std::numbers::log2e) / x; }
  static constexpr Interval domain{0.1, 5};
};

struct Log10 : Unary<"log10"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return log10(x); }
  static constexpr auto partial(const auto& x, const auto&) { return like(x, std::numbers::log10e) / x; }
  static constexpr Interval domain{0.1, 5};
};

struct Log1p : Unary<"log1p"> {
  static constexpr bool singular = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return log1p(x); }
  static constexpr auto partial(const auto& x, const auto&) { return 1 / (1 + x); }
  static constexpr Interval domain{-0.9, 5};
};

struct Sigmoid : Unary<"sigmoid"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) { return 1 / (1 + exp(-x)); }
  static constexpr auto partial(const auto&, const auto& y) { return y * (1 - y); }
  static constexpr Interval domain{-5, 5};
};

struct Softplus : Unary<"softplus"> {
  [[gnu::always_inline]] static constexpr auto value(const auto& x) {
    return where(x > 0, x, like(x, 0)) + log1p(exp(-abs(x)));
  }
  static constexpr auto partial(const auto& x, const auto&) { return apply<Sigmoid>(x); }
  static constexpr Interval domain{-5, 5};
};

struct Logaddexp : Binary<"logaddexp"> {
  static constexpr bool commutes = true;
  [[gnu::always_inline]] static constexpr auto value(const auto& a, const auto& b) {
    // equal operands first: the difference of two infinities is no number
    return where(a == b, a + like(a, std::numbers::ln2), where(a < b, b, a) + log1p(exp(-abs(a - b))));
  }
  static constexpr auto partial(First, const auto& a, const auto& b, const auto&) { return apply<Sigmoid>(a - b); }
  static constexpr auto partial(Second, const auto& a, const auto& b, const auto&) { return apply<Sigmoid>(b - a); }
};

using ExponentialRows = Rows<Exp, Exp2, Expm1, Log, Log2, Log10, Log1p, Sigmoid, Softplus, Logaddexp>;

}  // namespace op

/// e to the power of x.
template <active T>
[[gnu::always_inline]] constexpr auto exp(const T& x) {
  return op::apply<op::Exp>(x);
}

/// 2 to the power of x.
template <active T>
[[gnu::always_inline]] constexpr auto exp2(const T& x) {
  return op::apply<op::Exp2>(x);
}

/// exp(x) - 1, accurate near zero.
template <active T>
[[gnu::always_inline]] constexpr auto expm1(const T& x) {
  return op::apply<op::Expm1>(x);
}

/// The natural logarithm of x; its derivative at 0 is infinite.
template <active T>
[[gnu::always_inline]] constexpr auto log(const T& x) {
  return op::apply<op::Log>(x);
}

/// The logarithm of x to base 2.
template <active T>
[[gnu::always_inline]] constexpr auto log2(const T& x) {
  return op::apply<op::Log2>(x);
}

/// The logarithm of x to base 10.
template <active T>
[[gnu::always_inline]] constexpr auto log10(const T& x) {
  return op::apply<op::Log10>(x);
}

/// log(1 + x), accurate near zero.
template <active T>
[[gnu::always_inline]] constexpr auto log1p(const T& x) {
  return op::apply<op::Log1p>(x);
}

/// The logistic function 1 / (1 + exp(-x)).
template <operand T>
[[gnu::always_inline]] constexpr auto sigmoid(const T& x) {
  return op::apply<op::Sigmoid>(x);
}

/// log(1 + exp(x)) without overflow.
template <operand T>
[[gnu::always_inline]] constexpr auto softplus(const T& x) {
  return op::apply<op::Softplus>(x);
}

/// log(exp(a) + exp(b)) without overflow.
template <operand A, operand B>
[[gnu::always_inline]] constexpr auto logaddexp(const A& a, const B& b) {
  return op::apply<op::Logaddexp>(a, b);
}

}  // namespace duet
