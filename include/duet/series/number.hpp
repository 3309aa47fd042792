// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <iosfwd>
#include <limits>

#include <duet/op/table.hpp>

/// Truncated power series as numbers. Their arithmetic is in engine.hpp.
namespace duet {

struct SeriesEngine;

/// The number c_0 + c_1 t + ... + c_K t^K + O(t^(K+1)): a function of t by its Taylor coefficients, not its
/// derivatives, which are k! c_k.
///
/// `T` may be any number: a Dual, a variable of a tape, a SIMD batch, a symbol, another Series. `Tag` tells levels
/// apart, as it does for `Dual`. Comparisons look at c_0 only.
///
/// Cost of an operation: a sum K, a product or quotient about K^2 / 2 multiply-adds; other functions as many for each
/// function that occurs in their derivatives.
template <class T, int K, class Tag = void>
class Series : public Active {
  static_assert(K >= 0, "duet: the order of a series can't be negative");

 public:
  using engine = SeriesEngine;
  using scalar = T;
  using tag = Tag;
  static constexpr int order = K;
  /// Above duals and variables of a tape that it does not contain: they become coefficients.
  static constexpr int rank = op::rank_of<T> < 3 ? 3 : op::rank_of<T> + 1;

  /// The same level on other scalars.
  template <class S>
  using on = Series<S, K, Tag>;

  constexpr Series() : coefficient_{} {}

  /// A constant.
  template <class U>
  requires std::convertible_to<U, T> || integral_constant<U>
  constexpr Series(const U& value) : coefficient_{} { coefficient_[0] = lift(value); }

  /// The same number on a wider scalar.
  template <class U>
  requires(!std::same_as<T, U> && std::convertible_to<U, T> &&
           !std::convertible_to<Series<U, K, Tag>, T>) constexpr Series(const Series<U, K, Tag>& other) {
    for (int k = 0; k <= K; ++k) coefficient_[index(k)] = T(other.coefficient(k));
  }

  constexpr explicit Series(const std::array<T, K + 1>& coefficients) : coefficient_(coefficients) {}

  /// The variable: value + direction t.
  static constexpr Series variable(const T& value, const T& direction = T(1)) {
    Series x(value);
    if constexpr (K > 0) x.coefficient_[1] = direction;
    return x;
  }

  constexpr const T& primal() const { return coefficient_[0]; }
  constexpr const T& coefficient(int k) const { return coefficient_[index(k)]; }
  constexpr const std::array<T, K + 1>& coefficients() const { return coefficient_; }

  /// The series of f(c_0), f(c_1), ...
  template <class F>
  constexpr auto map(const F& f) const {
    using S = decltype(f(primal()));
    std::array<S, K + 1> mapped{};
    for (int k = 0; k <= K; ++k) mapped[index(k)] = f(coefficient(k));
    return Series<S, K, Tag>(mapped);
  }

 private:
  static constexpr std::size_t index(int k) { return static_cast<std::size_t>(k); }

  template <class U>
  static constexpr T lift(const U& x) {
    if constexpr (integral_constant<U>) {
      return T(U::value);
    } else {
      return static_cast<T>(x);
    }
  }

  std::array<T, K + 1> coefficient_;
};

/// Whether every coefficient of x is zero, so that x stays zero whatever it is multiplied by.
template <class T, int K, class Tag>
constexpr bool is_zero(const Series<T, K, Tag>& x) {
  bool zero = true;
  for (const T& c : x.coefficients()) zero = zero && op::is_zero(c);
  return zero;
}

template <class T, int K, class Tag>
constexpr bool isfinite(const Series<T, K, Tag>& x) {
  using math::isfinite;
  return isfinite(x.primal());
}
template <class T, int K, class Tag>
constexpr bool isnan(const Series<T, K, Tag>& x) {
  using math::isnan;
  return isnan(x.primal());
}
template <class T, int K, class Tag>
constexpr bool isinf(const Series<T, K, Tag>& x) {
  using math::isinf;
  return isinf(x.primal());
}

/// Prints `[c_0, c_1, ..., c_K]`.
template <class Char, class Traits, class T, int K, class Tag>
auto& operator<<(std::basic_ostream<Char, Traits>& out, const Series<T, K, Tag>& x) {
  out << '[';
  for (int k = 0; k <= K; ++k) (k ? out << ", " : out) << x.coefficient(k);
  return out << ']';
}

}  // namespace duet

template <class T, int K, class Tag>
struct std::numeric_limits<duet::Series<T, K, Tag>> : std::numeric_limits<T> {};

template <class T, int K, class Tag, class U>
requires std::is_arithmetic_v<U>
struct std::common_type<duet::Series<T, K, Tag>, U> {
  using type = duet::Series<T, K, Tag>;
};
template <class T, int K, class Tag, class U>
requires std::is_arithmetic_v<U>
struct std::common_type<U, duet::Series<T, K, Tag>> {
  using type = duet::Series<T, K, Tag>;
};
