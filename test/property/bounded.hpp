// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <limits>
#include <numbers>

#include <duet/op/table.hpp>

/// Numbers that know how far off a computation in double precision may be.
namespace property {

struct BoundedEngine;

/// A number in a precise type `V`, and a bound on the error that the same computation has in double precision: an
/// operation passes on the errors of its operands by its partial derivatives, and rounds (Higham, Accuracy and
/// Stability of Numerical Algorithms, 2nd ed., 3.3, running error analysis). That is the first order; of the second
/// there is what products of errors come to, which is all that is left of the square of a number that should be zero.
template <class V>
class Bounded : public duet::Active {
 public:
  using engine = BoundedEngine;
  using scalar = V;
  static constexpr int rank = 0;

  Bounded() = default;
  template <class U>
  requires(duet::passive<U>) Bounded(const U& value) : value_(value) {}
  Bounded(const V& value, double error) : value_(value), error_(error) {}

  const V& value() const { return value_; }
  double error() const { return error_; }

 private:
  V value_{};
  double error_ = 0;
};

template <class V>
bool is_zero(const Bounded<V>& x) {
  return x.value() == 0 && x.error() == 0;
}

/// Works on the values. In the error, every operand counts as if it were rounded once more, and so does the result:
/// graphs are rewritten and sums reordered, and functions are off by some units in the last place.
struct BoundedEngine {
  static constexpr double rounding = std::numeric_limits<double>::epsilon();  // two units

  /// The operand as a `V`; a condition stays one.
  template <class V, class X>
  static auto value(const X& x) {
    if constexpr (duet::active<X>) {
      return x.value();
    } else if constexpr (std::same_as<X, bool>) {
      return x;
    } else {
      return static_cast<V>(x);
    }
  }
  template <class X>
  static double error(const X& x) {
    if constexpr (duet::active<X>) {
      return x.error() + rounding * std::abs(static_cast<double>(x.value()));
    } else {
      return 0;
    }
  }

  template <class Op, class... X>
  static auto apply(const X&... x) {
    using V = typename duet::op::highest<typename duet::op::engine_of<X>::type...>::type::scalar;
    const auto y = duet::op::apply<Op>(value<V>(x)...);
    if constexpr (Op::kind == duet::op::Kind::predicate) {
      return y;
    } else {
      double sum = 0;
      if constexpr (Op::kind == duet::op::Kind::smooth) {
        sum = rounding * std::abs(static_cast<double>(y)) + own_error<Op>(value<V>(x)...);
        const auto add = [&]<int K>(std::integral_constant<int, K>, double error) {
          if constexpr (duet::op::has_partial<Op, K>) {
            if (error != 0) {
              sum +=
                  error * std::abs(static_cast<double>(duet::op::partial<Op, K>(narrow(x)..., static_cast<double>(y))));
            }
          }
        };
        const double errors[] = {error(x)...}, all = (error(x) + ...);
        sum += all * all;
        [&]<int... K>(std::integer_sequence<int, K...>) { (add(std::integral_constant<int, K>{}, errors[K]), ...); }
        (std::make_integer_sequence<int, sizeof...(X)>{});
      }
      if constexpr (std::same_as<Op, duet::op::StopGradient>) sum = (error(x) + ...);  // the value's; others are exact
      return Bounded<V>(y, sum);
    }
  }

 private:
  template <class X>
  static auto narrow(const X& x) {
    if constexpr (std::same_as<X, bool>) {
      return x;
    } else {
      return static_cast<double>(value<double>(x));
    }
  }

  /// What functions say of themselves: the derivatives of sinc are precise compared with their maximum.
  template <class Op>
  static double own_error(const auto&...) {
    return 0;
  }
  template <class Op>
  requires(std::same_as<Op, duet::op::Sinc>) static double own_error(const auto& order, const auto&) {
    const double k = static_cast<double>(order);
    return 0x1p-50 * std::pow(std::numbers::pi, k) / (k + 1);
  }
};

}  // namespace property
