// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/table.hpp>

#ifdef __CUDACC__
#pragma nv_diag_suppress 1675  // its front end passes "GCC unroll" on, but does not know it
#endif

/// The recurrences of series: one coefficient of a result from those of the operands and from the result's own lower
/// ones. They are the arithmetic of power series; no elementary function is known here. The loops are short and their
/// bounds are constants once all is inlined, but g++ unrolls them only on request, which halves the time.
namespace duet::series {

/// The coefficients of an operand that moves along the path, and one that stays.
template <class T>
struct Moving {
  const T* coefficients;
  constexpr const T& operator[](int k) const { return coefficients[k]; }
  constexpr T at(int k) const { return coefficients[k]; }
};
template <class T>
struct Fixed {
  const T& value;
  constexpr const T& operator[](int) const { return value; }
  constexpr T at(int k) const { return k == 0 ? value : T(0); }
};
template <class A>
inline constexpr bool is_fixed = false;
template <class T>
inline constexpr bool is_fixed<Fixed<T>> = true;

/// Coefficient k > 0 of a b.
template <class T, class A, class B>
[[gnu::always_inline]] constexpr T product(const A& a, const B& b, int k) {
  if constexpr (is_fixed<A> && is_fixed<B>) {
    return T(0);
  } else if constexpr (is_fixed<A>) {
    return a[0] * b[k];
  } else if constexpr (is_fixed<B>) {
    return a[k] * b[0];
  } else {
    T sum = a[0] * b[k];
#pragma GCC unroll 16
    for (int j = 1; j <= k; ++j) sum = sum + a[j] * b[k - j];
    return sum;
  }
}

/// Coefficient k > 0 of a / b, given the lower ones in y: from b y = a. A numerator of zero stays zero, as tangents do.
template <class T, class A, class B>
[[gnu::always_inline]] constexpr T quotient(const T* y, const A& a, const B& b, int k) {
  using op::is_zero, op::select;
  T sum = a.at(k);
  if constexpr (!is_fixed<B>) {
#pragma GCC unroll 16
    for (int j = 1; j <= k; ++j) {
      const T term = b[j] * y[k - j];
      sum = sum - select(is_zero(b[j]), T(0), term);
    }
  }
  const T result = sum / b[0];
  return select(is_zero(sum), T(0), result);
}

template <class T, class A>
[[gnu::always_inline]] constexpr T square(const A& a, int k) {
  T sum(0);
#pragma GCC unroll 16
  for (int j = 0; 2 * j < k; ++j) sum = sum + a[j] * a[k - j];
  sum = 2 * sum;
  return k % 2 == 0 ? T(sum + a[k / 2] * a[k / 2]) : sum;
}

/// Coefficient k > 0 of a row of the ring.
template <class Op, class T, class A>
[[gnu::always_inline]] constexpr T coefficient(const T*, int k, const A& a) {
  if constexpr (std::same_as<Op, op::Negate>) {
    return -a[k];
  } else {
    static_assert(std::same_as<Op, op::Square>);
    return square<T>(a, k);
  }
}
template <class Op, class T, class A, class B>
[[gnu::always_inline]] constexpr T coefficient(const T* y, int k, const A& a, const B& b) {
  if constexpr (std::same_as<Op, op::Add>) {
    if constexpr (is_fixed<A>) {
      return b.at(k);
    } else if constexpr (is_fixed<B>) {
      return a.at(k);
    } else {
      return a[k] + b[k];
    }
  } else if constexpr (std::same_as<Op, op::Subtract>) {
    if constexpr (is_fixed<A>) {
      return -b.at(k);
    } else if constexpr (is_fixed<B>) {
      return a.at(k);
    } else {
      return a[k] - b[k];
    }
  } else if constexpr (std::same_as<Op, op::Multiply>) {
    return product<T>(a, b, k);
  } else {
    static_assert(std::same_as<Op, op::Divide>);
    return quotient<T>(y, a, b, k);
  }
}
template <class Op, class T, class A, class B, class C>
[[gnu::always_inline]] constexpr T coefficient(const T*, int k, const A& a, const B& b, const C& c) {
  static_assert(std::same_as<Op, op::Fma>);
  if constexpr (is_fixed<C>) {
    return product<T>(a, b, k);
  } else if constexpr (is_fixed<A> && is_fixed<B>) {
    return c[k];
  } else {
    return product<T>(a, b, k) + c[k];
  }
}

/// Coefficient k - 1 of p x', which is what operand x contributes to the derivative of a result whose partial
/// derivative is p. Zeros win against infinities as they do for tangents: a zero coefficient stays zero where a partial
/// derivative may be infinite, and a zero partial derivative blocks where the row chooses.
template <class Op, class T, class P, class X>
[[gnu::always_inline]] constexpr T slope(const P& p, const X& x, int k) {
  using op::is_zero, op::select;
  constexpr bool guarded = Op::singular || Op::gates;
  const auto term = [&](int j) {
    const T product = p[k - j] * (j * x[j]);
    if constexpr (Op::gates) {
      return T(select(is_zero(p[k - j]), T(0), product));
    } else if constexpr (guarded) {
      return T(select(is_zero(x[j]), T(0), product));
    } else {
      return product;
    }
  };
  if constexpr (is_fixed<P>) {
    return term(k);
  } else {
    if constexpr (guarded && std::floating_point<T>) {
      if (math::isfinite(p[0])) {
        T sum = p[0] * (k * x[k]);
#pragma GCC unroll 16
        for (int j = 1; j < k; ++j) sum = sum + p[k - j] * (j * x[j]);
        return sum;
      }
    }
    T sum = term(1);
#pragma GCC unroll 16
    for (int j = 2; j <= k; ++j) sum = sum + term(j);
    return sum;
  }
}

}  // namespace duet::series
