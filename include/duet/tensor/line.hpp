// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <limits>

#include <duet/tensor/statement.hpp>

/// What reductions do with a line of elements, in SIMD batches. Long lines are gone through `Along`, a batch holding
/// neighbours; of short ones several are done at a time, `Across`, a batch holding an element of each, so that nothing
/// is left over at their ends. Algorithms are written once for both: numbers of a line (sums, extremes) are batches,
/// too.
namespace duet::tensor {

/// The larger or the smaller of two batches; for folds that have seen a NaN, see `Extreme`.
template <bool Largest, class Batch>
[[gnu::always_inline]] inline Batch better(const Batch& a, const Batch& b) {
  using xsimd::max, xsimd::min;
  if constexpr (Largest) {
    return max(a, b);
  } else {
    return min(a, b);
  }
}

/// The extreme of batches so far, lane by lane; NaN if there was one.
template <bool Largest, class T>
class Extreme {
  using Batch = typename tape::Lanes<T>::type;

 public:
  explicit Extreme(const Batch& first) : extreme_(first), nan_(first != first) {}
  void add(const Batch& x) {
    nan_ = nan_ | (x != x);
    extreme_ = better<Largest>(extreme_, x);
  }
  Batch lanes() const { return xsimd::select(nan_, Batch(std::numeric_limits<T>::quiet_NaN()), extreme_); }
  T all() const {
    using B = tape::Lanes<T>;
    T lane[B::size];
    B::store(lane, extreme_);
    for (std::size_t half = B::size / 2; half > 0; half /= 2) {
      for (std::size_t k = 0; k < half; ++k) {
        lane[k] = Largest == (lane[k] < lane[k + half]) ? lane[k + half] : lane[k];
      }
    }
    return xsimd::any(nan_) ? std::numeric_limits<T>::quiet_NaN() : lane[0];
  }

 private:
  Batch extreme_;
  typename Batch::batch_bool_type nan_;
};

/// A line of neighbours.
template <class T>
struct Along {
  using B = tape::Lanes<T>;
  using Batch = typename B::type;
  static constexpr std::size_t lines = 1;
  std::size_t size;

  /// The sum of `f(elements)`.
  template <class F, class... X>
  [[gnu::always_inline]] Batch sum(const F& f, const X*... x) const {
    Batch a(T(0)), b(T(0));
    std::size_t i = 0;
    for (; i + 2 * B::size <= size; i += 2 * B::size) {
      a = a + f(B::load(x + i)...);
      b = b + f(B::load(x + i + B::size)...);
    }
    for (; i + B::size <= size; i += B::size) a = a + f(B::load(x + i)...);
    if (i < size) b = b + B::counted(f(rest(x, i)...), B::mask(0, size - i));
    return Batch(B::sum(a + b));
  }
  /// The largest or smallest `f(element)`; NaN if one is.
  template <bool Largest, class F>
  [[gnu::always_inline]] Batch extreme(const F& f, const T* x) const {
    if (size < B::size) {
      T padded[B::size];
      std::fill_n(padded, B::size, x[0]);
      std::copy_n(x, size, padded);
      return Batch(Extreme<Largest, T>(f(B::load(padded))).all());
    }
    Extreme<Largest, T> a(f(B::load(x))), b = a;
    std::size_t i = B::size;
    for (; i + 2 * B::size <= size; i += 2 * B::size) {
      a.add(f(B::load(x + i)));
      b.add(f(B::load(x + i + B::size)));
    }
    for (; i + B::size <= size; i += B::size) a.add(f(B::load(x + i)));
    a.add(f(B::load(x + size - B::size)));
    return Batch(better_of_all<Largest>(a.all(), b.all()));
  }
  /// Writes `f(elements)`.
  template <class F, class... X>
  [[gnu::always_inline]] void map(T* to, const F& f, const X*... x) const {
    std::size_t i = 0;
    for (; i + B::size <= size; i += B::size) B::store(to + i, f(B::load(x + i)...));
    if (i == size) return;
    T last[B::size];
    B::store(last, f(rest(x, i)...));
    std::copy_n(last, size - i, to + i);
  }

  /// A number of the line: written, read, and its element `i`.
  void store(T* to, const Batch& number) const {
    T lane[B::size];
    B::store(lane, number);
    *to = lane[0];
  }
  Batch load(const T* from) const { return Batch(*from); }
  template <class U>
  U& at(U* x, std::size_t i, std::size_t) const {
    return x[i];
  }

 private:
  Batch rest(const T* x, std::size_t i) const {
    T padded[B::size]{};
    std::copy(x + i, x + size, padded);
    return B::load(padded);
  }
  template <bool Largest>
  static T better_of_all(T a, T b) {
    return a != a || (b == b && Largest == (b < a)) ? a : b;
  }
};

/// As many lines as a batch has lanes, element by element: (size, lanes). The first `lines` of them count.
template <class T>
struct Across {
  using B = tape::Lanes<T>;
  using Batch = typename B::type;
  std::size_t size, lines;

  template <class F, class... X>
  [[gnu::always_inline]] Batch sum(const F& f, const X*... x) const {
    Batch a(T(0)), b(T(0));
    std::size_t i = 0;
    for (; i + 2 <= size; i += 2) {
      a = a + f(B::load(x + i * B::size)...);
      b = b + f(B::load(x + (i + 1) * B::size)...);
    }
    if (i < size) a = a + f(B::load(x + i * B::size)...);
    return a + b;
  }
  template <bool Largest, class F>
  [[gnu::always_inline]] Batch extreme(const F& f, const T* x) const {
    Extreme<Largest, T> a(f(B::load(x)));
    for (std::size_t i = 1; i < size; ++i) a.add(f(B::load(x + i * B::size)));
    return a.lanes();
  }
  template <class F, class... X>
  [[gnu::always_inline]] void map(T* to, const F& f, const X*... x) const {
    for (std::size_t i = 0; i < size; ++i) B::store(to + i * B::size, f(B::load(x + i * B::size)...));
  }

  void store(T* to, const Batch& numbers) const {
    T lane[B::size];
    B::store(lane, numbers);
    std::copy_n(lane, lines, to);
  }
  Batch load(const T* from) const {
    T lane[B::size]{};
    std::copy_n(from, lines, lane);
    return B::load(lane);
  }
  template <class U>
  U& at(U* x, std::size_t i, std::size_t line) const {
    return x[i * B::size + line];
  }
};

/// The element itself, as a function to fold with.
struct Itself {
  [[gnu::always_inline]] constexpr const auto& operator()(const auto& x) const { return x; }
};

/// log(sum(exp(x))) without overflow; -infinity for no elements.
template <class Line, class T>
typename Line::Batch log_sum_exp(const Line& line, const T* x) {
  using Batch = typename Line::Batch;
  constexpr T infinity = std::numeric_limits<T>::infinity();
  if (line.size == 0) return Batch(-infinity);
  const Batch largest = line.template extreme<true>(Itself{}, x);
  const auto infinite = (largest == Batch(infinity)) | (largest == Batch(-infinity));
  const Batch shift = xsimd::select(infinite, Batch(T(0)), largest);
  const Batch sum = line.sum([&](const Batch& batch) { return op::Exp::value(batch - shift); }, x);
  return xsimd::select(infinite, largest, shift + op::Log::value(sum));
}

}  // namespace duet::tensor
