// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <iosfwd>
#include <limits>
#include <utility>

#include <duet/op/chunk.hpp>
#include <duet/op/table.hpp>

/// The numbers of forward mode, which carry their tangents along. Their arithmetic is in engine.hpp.
namespace duet {

struct DualEngine;

/// A number with its tangents in N directions: primal + sum_i tangent(i) eps_i, eps_i eps_j = 0.
///
/// `T` may itself be a Dual (higher orders), a SIMD batch or a symbol. `Tag` tells levels of differentiation apart:
/// duals with different tags nest instead of mixing their tangents, so a derivative taken inside another one never sees
/// the other's perturbation. The transforms choose tags; code that handles a `Dual<T, N>` itself needs none.
///
/// Comparisons look at the primal only. Cost of an operation: the value, its partials, and N multiply-adds per operand.
template <class T, int N = 1, class Tag = void>
class Dual : public Active {
  static_assert(N > 0, "duet: Dual<T, N> needs at least one direction");

 public:
  using engine = DualEngine;
  using scalar = T;
  using tag = Tag;
  static constexpr int directions = N;
  /// Above the variables of a tape that it is made of, below those that are made of it.
  static constexpr int rank = op::rank_of<T> < 2 ? 1 : op::rank_of<T> + 1;

  /// The same level on other scalars.
  template <class S>
  using on = Dual<S, N, Tag>;

  constexpr Dual() : primal_{}, tangent_{} {}

  /// A row of numbers is copied as it was written, in the same chunks. A compiler copies a class as a block of bytes,
  /// often through other registers, and reading together what has just been written apart has to wait for the memory:
  /// loops over duals take up to three times as long.
  constexpr Dual(const Dual&) = default;
  constexpr Dual& operator=(const Dual&) = default;
  [[gnu::always_inline]] constexpr Dual(const Dual& x) requires(N > 1 && chunks::number<T>) : primal_(x.primal_) {
    copy_tangents(x);
  }
  [[gnu::always_inline]] constexpr Dual& operator=(const Dual& x) requires(N > 1 && chunks::number<T>) {
    primal_ = x.primal_;
    copy_tangents(x);
    return *this;
  }

  /// A constant: all tangents are zero.
  template <class U>
  requires std::convertible_to<U, T> || integral_constant<U>
  constexpr Dual(const U& primal) : primal_(op::lift<T>(primal)), tangent_{} {}

  /// The same number on a wider scalar. (Not `requires`: g++ 12 may ask whether a dual is copied this way before it
  /// knows the dual, and then refuses the other answer.)
  template <class U, class = std::enable_if_t<!std::is_same_v<T, U> && std::is_convertible_v<U, T> &&
                                              !std::is_convertible_v<Dual<U, N, Tag>, T>>>
  constexpr Dual(const Dual<U, N, Tag>& other) : primal_(other.primal()) {
    for (int i = 0; i < N; ++i) tangent_[i] = other.tangent(i);
  }

  constexpr Dual(const T& primal, const T& tangent) requires(N == 1) : primal_(primal), tangent_{tangent} {}
  constexpr Dual(const T& primal, const std::array<T, N>& tangents) : primal_(primal), tangent_(tangents) {}

  /// A number whose tangents `fill(row)` writes; nothing is written twice.
  template <std::invocable<T*> Fill>
  [[gnu::always_inline]] constexpr Dual(const T& primal, const Fill& fill) : primal_(primal) {
    fill(tangent_.data());
  }

  /// The variable of direction `i`: its tangent is 1 there and 0 elsewhere.
  static constexpr Dual variable(const T& primal, int i = 0) {
    Dual x(primal);
    x.tangent_[i] = T(1);
    return x;
  }

  constexpr const T& primal() const { return primal_; }
  constexpr const T& tangent(int i = 0) const { return tangent_[i]; }
  constexpr const std::array<T, N>& tangents() const { return tangent_; }

  /// The dual of f(primal), f(tangent 0), f(tangent 1), ...
  template <class F>
  constexpr auto map(const F& f) const {
    using S = decltype(f(primal_));
    std::array<S, N> tangents;
    for (int i = 0; i < N; ++i) tangents[i] = f(tangent_[i]);
    return Dual<S, N, Tag>(f(primal_), tangents);
  }

 private:
  [[gnu::always_inline]] constexpr void copy_tangents(const Dual& x) {
    if (__builtin_is_constant_evaluated()) {
      for (int i = 0; i < N; ++i) tangent_[i] = x.tangent_[i];
    } else {
      chunks::for_each<T, N>([&](auto c) __attribute__((always_inline)) {
        c.store(tangent_.data(), c.load(x.tangent_.data()));
      });
    }
  }

  T primal_;
  std::array<T, N> tangent_;
};

template <class X>
inline constexpr bool is_dual = false;
template <class T, int N, class Tag>
inline constexpr bool is_dual<Dual<T, N, Tag>> = true;

template <class T, int N, class Tag>
inline constexpr bool op::is_bytes<Dual<T, N, Tag>> = op::is_bytes<T>;

/// Whether every component of x is zero, so that x stays zero whatever it is multiplied by; a mask for batches.
template <class T, int N, class Tag>
constexpr auto is_zero(const Dual<T, N, Tag>& x) {
  using op::is_zero;
  auto zero = is_zero(x.primal());
  for (const T& t : x.tangents()) zero = zero && is_zero(t);
  return zero;
}

template <class T, int N, class Tag>
constexpr bool isfinite(const Dual<T, N, Tag>& x) {
  using math::isfinite;
  return isfinite(x.primal());
}
template <class T, int N, class Tag>
constexpr bool isnan(const Dual<T, N, Tag>& x) {
  using math::isnan;
  return isnan(x.primal());
}
template <class T, int N, class Tag>
constexpr bool isinf(const Dual<T, N, Tag>& x) {
  using math::isinf;
  return isinf(x.primal());
}

/// Prints `primal + (tangents)eps`.
template <class Char, class Traits, class T, int N, class Tag>
auto& operator<<(std::basic_ostream<Char, Traits>& out, const Dual<T, N, Tag>& x) {
  out << x.primal() << " + (";
  for (int i = 0; i < N; ++i) (i ? out << ", " : out) << x.tangent(i);
  return out << ")eps";
}

}  // namespace duet

template <class T, int N, class Tag>
struct std::numeric_limits<duet::Dual<T, N, Tag>> : std::numeric_limits<T> {};

template <class T, int N, class Tag, class U>
requires std::is_arithmetic_v<U>
struct std::common_type<duet::Dual<T, N, Tag>, U> {
  using type = duet::Dual<T, N, Tag>;
};
template <class T, int N, class Tag, class U>
requires std::is_arithmetic_v<U>
struct std::common_type<U, duet::Dual<T, N, Tag>> {
  using type = duet::Dual<T, N, Tag>;
};
