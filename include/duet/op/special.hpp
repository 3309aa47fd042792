// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/exponential.hpp>
#include <numbers>

/// The error function, the gamma function and their kin.
namespace duet {

using math::digamma;
using math::erf;
using math::erfc;
using math::lgamma;
using math::polygamma;
using math::tgamma;

namespace op {

struct Erf : Unary<"erf"> {
  static constexpr auto value(const auto& x) { return erf(x); }
  static constexpr auto partial(const auto& x, const auto&) {
    return like(x, 2 * std::numbers::inv_sqrtpi) * exp(-square(x));
  }
  static constexpr Interval domain{-2, 2};
};

struct Erfc : Unary<"erfc"> {
  static constexpr auto value(const auto& x) { return erfc(x); }
  static constexpr auto partial(const auto& x, const auto&) {
    return like(x, -2 * std::numbers::inv_sqrtpi) * exp(-square(x));
  }
  static constexpr Interval domain{-2, 2};
};

/// `f(x)`, for batches lane by lane. They have vector forms of lgamma and tgamma (xsimd 8), but these count down from
/// whatever they are given: one lane of 1e17 and they never end.
template <class T>
constexpr T by_lanes(auto f, const T& x) {
  if constexpr (batch<T>) {
    return lanewise(f, x);
  } else {
    return f(x);
  }
}

/// The order-th derivative of digamma; the order itself is no variable.
struct Polygamma : Binary<"polygamma"> {
  static constexpr int first_active = 1;
  static constexpr bool singular = true;
  static constexpr auto value(const auto& order, const auto& x) {
    if constexpr (batch<std::remove_cvref_t<decltype(x)>>) {
      return lanewise([](auto n, auto lane) { return polygamma(static_cast<int>(n), lane); }, order, x);
    } else {
      return polygamma(static_cast<int>(order), x);
    }
  }
  static constexpr auto partial(Second, const auto& order, const auto& x, const auto&) {
    return apply<Polygamma>(order + 1, x);
  }
  static constexpr Interval domain{0, 3};
  static constexpr Interval domain2{0.3, 4};
};

struct Digamma : Unary<"digamma"> {
  static constexpr bool singular = true;
  static constexpr auto value(const auto& x) {
    return by_lanes([](const auto& lane) { return digamma(lane); }, x);
  }
  static constexpr auto partial(const auto& x, const auto&) { return apply<Polygamma>(like(x, 1), x); }
  static constexpr Interval domain{0.3, 4};
};

struct Lgamma : Unary<"lgamma"> {
  static constexpr bool singular = true;
  static constexpr auto value(const auto& x) {
    return by_lanes([](const auto& lane) { return lgamma(lane); }, x);
  }
  static constexpr auto partial(const auto& x, const auto&) { return apply<Digamma>(x); }
  static constexpr Interval domain{0.3, 4};
};

struct Tgamma : Unary<"tgamma"> {
  static constexpr bool singular = true;
  static constexpr auto value(const auto& x) {
    return by_lanes([](const auto& lane) { return tgamma(lane); }, x);
  }
  static constexpr auto partial(const auto& x, const auto& y) { return y * apply<Digamma>(x); }
  static constexpr Interval domain{0.3, 4};
};

using SpecialRows = Rows<Erf, Erfc, Polygamma, Digamma, Lgamma, Tgamma>;

}  // namespace op

/// The error function.
template <active T>
[[gnu::always_inline]] constexpr auto erf(const T& x) {
  return op::apply<op::Erf>(x);
}

/// 1 - erf(x), accurate in the upper tail.
template <active T>
[[gnu::always_inline]] constexpr auto erfc(const T& x) {
  return op::apply<op::Erfc>(x);
}

/// log|Gamma(x)|; its derivative is digamma(x).
template <active T>
[[gnu::always_inline]] constexpr auto lgamma(const T& x) {
  return op::apply<op::Lgamma>(x);
}

/// Gamma(x).
template <active T>
[[gnu::always_inline]] constexpr auto tgamma(const T& x) {
  return op::apply<op::Tgamma>(x);
}

/// The logarithmic derivative of Gamma.
template <active T>
[[gnu::always_inline]] constexpr auto digamma(const T& x) {
  return op::apply<op::Digamma>(x);
}

/// The order-th derivative of digamma, order >= 0.
template <active T>
[[gnu::always_inline]] constexpr auto polygamma(int order, const T& x) {
  return op::apply<op::Polygamma>(op::like(x, order), x);
}

}  // namespace duet
