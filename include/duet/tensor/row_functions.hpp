// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <limits>

#include <duet/tensor/statement.hpp>

/// Functions of rows of numbers in memory, in SIMD batches: what reductions are made of.
namespace duet::tensor {

/// The largest of `size > 0` numbers, or the smallest; NaN if one of them is.
template <bool Largest, class T>
T extreme_of(const T* x, std::size_t size) {
  using B = tape::Lanes<T>;
  using Batch = typename B::type;
  const auto better = [](const auto& a, const auto& b) {
    using std::max, std::min;
    if constexpr (Largest) {
      return max(a, b);
    } else {
      return min(a, b);
    }
  };
  T result = x[0];
  bool is_nan = false;
  std::size_t i = 0;
  if (size >= 2 * B::size) {
    Batch a = B::load(x), b = B::load(x + B::size);
    auto nan = (a != a) | (b != b);
    for (i = 2 * B::size; i + 2 * B::size <= size; i += 2 * B::size) {
      const Batch c = B::load(x + i), d = B::load(x + i + B::size);
      nan = nan | (c != c) | (d != d);
      a = better(a, c);
      b = better(b, d);
    }
    T lanes[B::size];
    B::store(lanes, better(a, b));
    for (T lane : lanes) result = better(result, lane);
    is_nan = xsimd::any(nan);
  }
  for (; i < size; ++i) {
    is_nan = is_nan || x[i] != x[i];
    result = better(result, x[i]);
  }
  return is_nan ? std::numeric_limits<T>::quiet_NaN() : result;
}

/// Calls `f(batches..., i, counted)` with the elements of the arrays `x` from `i` on, batch after batch, and `store`
/// with each batch that it gives. The last batch is filled up with zeros.
template <class T, class F, class... X>
[[gnu::always_inline]] inline void each_batch(std::size_t size, T* to, const F& f, const X*... x) {
  using B = tape::Lanes<T>;
  std::size_t i = 0;
  for (; i + B::size <= size; i += B::size) B::store(to + i, f(B::load(x + i)...));
  if (i == size) return;
  const auto padded = [&](const T* from) {
    T rest[B::size]{};
    std::copy(from + i, from + size, rest);
    return B::load(rest);
  };
  T rest[B::size];
  B::store(rest, f(padded(x)...));
  std::copy_n(rest, size - i, to + i);
}

/// The sum of `f(batches)` over all elements.
template <class T, class F, class... X>
[[gnu::always_inline]] inline T sum_batches(std::size_t size, const F& f, const T* first, const X*... more) {
  using B = tape::Lanes<T>;
  typename B::type a(T(0)), b(T(0));
  std::size_t i = 0;
  for (; i + 2 * B::size <= size; i += 2 * B::size) {
    a = a + f(B::load(first + i), B::load(more + i)...);
    b = b + f(B::load(first + i + B::size), B::load(more + i + B::size)...);
  }
  a = a + b;
  for (; i < size; i += B::size) {
    const std::size_t here = std::min(B::size, size - i);
    const auto padded = [&](const T* from) {
      T rest[B::size]{};
      std::copy_n(from + i, here, rest);
      return B::load(rest);
    };
    a = a + B::counted(f(padded(first), padded(more)...), B::mask(0, here));
  }
  return B::sum(a);
}

/// exp(x - shift) for `size` elements, and the sum of these.
template <class T>
T shifted_exponentials(const T* x, T shift, T* y, std::size_t size) {
  using Batch = typename tape::Lanes<T>::type;
  const Batch by(shift);
  each_batch<T>(
      size, y, [&](const Batch& batch) { return op::Exp::value(batch - by); }, x);
  return sum_of(y, size);
}

/// log(sum(exp(x))) of `size` elements, in one pass over them in the cache and without overflow.
template <class T>
T log_sum_exp(const T* x, std::size_t size) {
  using Batch = typename tape::Lanes<T>::type;
  const T largest = size > 0 ? extreme_of<true>(x, size) : -std::numeric_limits<T>::infinity();
  if (std::isinf(largest)) return largest;
  const Batch by(largest);
  return largest + std::log(sum_batches<T>(
                       size, [&](const Batch& batch) { return op::Exp::value(batch - by); }, x));
}

}  // namespace duet::tensor
