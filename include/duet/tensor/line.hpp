// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <limits>

#include <duet/op/piecewise.hpp>
#include <duet/tape/lanes.hpp>

/// What reductions do with a line of elements. Algorithms (by_line.hpp) are written once for all kinds of lines; what
/// they compute of a line (sums, extremes) is a `Batch` of it. Here are those of the main memory, in SIMD batches: long
/// lines are gone through `Along`, a batch holding neighbours; of short ones, and of lines that lie side by side,
/// several are done at a time, `Across`, a batch holding an element of each.
namespace duet::tensor {

/// In which direction a line is gone through.
enum class Direction { up, down };

/// The element itself, as a function to fold with.
struct Itself {
  [[gnu::always_inline]] constexpr const auto& operator()(const auto& x) const { return x; }
};

/// The extreme of numbers or batches so far; NaN if there was one.
template <bool Largest, class Batch>
class Extreme {
 public:
  [[gnu::always_inline]] constexpr explicit Extreme(const Batch& first) : extreme_(first), nan_(is_nan(first)) {}
  [[gnu::always_inline]] constexpr void add(const Batch& x) {
    nan_ = nan_ || is_nan(x);
    extreme_ = better(extreme_, x);
  }
  [[gnu::always_inline]] constexpr void add(const Extreme& other) {
    nan_ = nan_ || other.nan_;
    extreme_ = better(extreme_, other.extreme_);
  }
  constexpr Batch value() const { return op::Where::value(nan_, not_a_number(), extreme_); }

 private:
  [[gnu::always_inline]] static constexpr auto is_nan(const Batch& x) { return op::NotEqual::value(x, x); }
  [[gnu::always_inline]] static constexpr Batch better(const Batch& a, const Batch& b) {
    if constexpr (std::is_arithmetic_v<Batch>) {
      return Largest == (a < b) ? b : a;
    } else if constexpr (Largest) {
      return xsimd::max(a, b);
    } else {
      return xsimd::min(a, b);
    }
  }

  static constexpr Batch not_a_number() {
    if constexpr (std::is_arithmetic_v<Batch>) {
      return std::numeric_limits<Batch>::quiet_NaN();
    } else {
      return Batch(std::numeric_limits<typename Batch::value_type>::quiet_NaN());
    }
  }

  Batch extreme_;
  decltype(is_nan(extreme_)) nan_;
};

/// A line of neighbours. All lanes of a number of the line are alike.
template <class T>
struct Along {
  using B = tape::Lanes<T>;
  using Batch = typename B::type;
  std::size_t size, number;  ///< how many elements, and the how manyth line

  /// The sum and the product of `f(elements)`.
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
  template <class F>
  [[gnu::always_inline]] Batch product(const F& f, const T* x) const {
    Batch a(T(1)), b(T(1));
    std::size_t i = 0;
    for (; i + 2 * B::size <= size; i += 2 * B::size) {
      a = a * f(B::load(x + i));
      b = b * f(B::load(x + i + B::size));
    }
    for (; i + B::size <= size; i += B::size) a = a * f(B::load(x + i));
    T lane[B::size], all = 1;
    B::store(lane, a * b);
    for (std::size_t k = 0; k < B::size; ++k) all *= lane[k];
    for (; i < size; ++i) all *= first_of(f(Batch(x[i])));
    return Batch(all);
  }
  /// The largest or smallest `f(element)`; NaN if one is. There must be an element.
  template <bool Largest, class F>
  [[gnu::always_inline]] Batch extreme(const F& f, const T* x) const {
    using Part = Extreme<Largest, Batch>;
    if (size < B::size) {
      T padded[B::size];
      std::fill_n(padded, B::size, x[0]);
      std::copy_n(x, size, padded);
      return extreme_of_lanes<Largest>(f(B::load(padded)));
    }
    Part a(f(B::load(x))), b = a, c = a, d = a;
    std::size_t i = B::size;
    for (; i + 4 * B::size <= size; i += 4 * B::size) {
      a.add(f(B::load(x + i)));
      b.add(f(B::load(x + i + B::size)));
      c.add(f(B::load(x + i + 2 * B::size)));
      d.add(f(B::load(x + i + 3 * B::size)));
    }
    for (; i + B::size <= size; i += B::size) a.add(f(B::load(x + i)));
    b.add(f(B::load(x + size - B::size)));
    a.add(c);
    b.add(d);
    a.add(b);
    return extreme_of_lanes<Largest>(a.value());
  }

  /// Writes `f(elements)`; with their sum.
  template <class F, class... X>
  [[gnu::always_inline]] void map(T* to, const F& f, const X*... x) const {
    std::size_t i = 0;
    for (; i + B::size <= size; i += B::size) B::store(to + i, f(B::load(x + i)...));
    if (i < size) store_rest(to, i, f(rest(x, i)...));
  }
  template <class F, class... X>
  [[gnu::always_inline]] Batch map_sum(T* to, const F& f, const X*... x) const {
    Batch a(T(0)), b(T(0));
    std::size_t i = 0;
    for (; i + 2 * B::size <= size; i += 2 * B::size) {
      const Batch y = f(B::load(x + i)...), z = f(B::load(x + i + B::size)...);
      B::store(to + i, y);
      B::store(to + i + B::size, z);
      a = a + y;
      b = b + z;
    }
    for (; i < size; i += B::size) {
      const std::size_t lanes = std::min(B::size, size - i);
      const Batch y = f(rest(x, i)...);
      store_rest(to, i, y);
      a = a + B::counted(y, B::mask(0, lanes));
    }
    return Batch(B::sum(a + b));
  }

  /// Writes `f(elements)`, scaled so that their sum is `whole`.
  template <class F>
  [[gnu::always_inline]] void map_shares(T* to, const Batch& whole, const F& f, const T* x) const {
    const Batch scale = whole / map_sum(to, f, x);
    map(
        to, [&](const Batch& y) { return y * scale; }, to);
  }

  /// Numbers of the lines, one after the other: that of this line is read and written. With `places`, the one there.
  Batch load(const T* from) const { return Batch(from[number]); }
  Batch load(const T* from, const std::ptrdiff_t* places) const { return Batch(from[places[number]]); }
  void store(T* to, const Batch& x) const { to[number] = first_of(x); }
  /// Whether it holds for all lines that are worked on together.
  template <class Condition>
  static bool all(const Condition& condition) {
    return xsimd::all(condition);
  }

  /// The element at the place that `places` has for the line, and adding to it.
  Batch pick(const T* x, const std::ptrdiff_t* places) const { return Batch(x[places[number]]); }
  void add_at(T* x, const std::ptrdiff_t* places, const Batch& y) const { x[places[number]] += first_of(y); }
  /// Writes the place of the first element for which `f` holds. There must be one.
  template <class F>
  void find(std::ptrdiff_t* to, const F& f, const T* x) const {
    std::size_t i = 0;
    while (i + B::size <= size && !xsimd::any(f(B::load(x + i)))) i += B::size;
    while (i < size && !xsimd::any(f(Batch(x[i])))) ++i;
    to[number] = static_cast<std::ptrdiff_t>(i);
  }
  /// Writes the elements in turn: `f(the one written before, elements)`, from `start` on.
  template <class F, class... X>
  void walk(T* to, Direction direction, T start, const F& f, const X*... x) const {
    for (std::size_t k = 0; k < size; ++k) {
      const std::size_t i = direction == Direction::up ? k : size - 1 - k;
      to[i] = start = f(start, x[i]...);
    }
  }
  /// Writes the sums of each element and those before it.
  void running_sum(T* to, Direction direction, const T* x) const {
    walk(
        to, direction, T(0), [](T sum, T element) { return sum + element; }, x);
  }
  /// Writes the element before each, and `first` where there is none.
  void shift(T* to, Direction direction, T first, const T* x) const {
    if (size == 0) return;
    const bool up = direction == Direction::up;
    std::copy_n(up ? x : x + 1, size - 1, up ? to + 1 : to);
    to[up ? 0 : size - 1] = first;
  }

 private:
  static T first_of(const Batch& x) {
    T lane[B::size];
    B::store(lane, x);
    return lane[0];
  }
  Batch rest(const T* x, std::size_t i) const {
    T padded[B::size]{};
    std::copy_n(x + i, std::min(B::size, size - i), padded);
    return B::load(padded);
  }
  void store_rest(T* to, std::size_t i, const Batch& x) const {
    T lane[B::size];
    B::store(lane, x);
    std::copy_n(lane, std::min(B::size, size - i), to + i);
  }
  template <bool Largest>
  static Batch extreme_of_lanes(const Batch& x) {
    T lane[B::size];
    B::store(lane, x);
    Extreme<Largest, T> all(lane[0]);
    for (std::size_t k = 1; k < B::size; ++k) all.add(lane[k]);
    return Batch(all.value());
  }
};

/// As many lines as a batch has lanes, side by side; their elements are `step` apart. The first `lines` of them count.
template <class T>
struct Across {
  using B = tape::Lanes<T>;
  using Batch = typename B::type;
  std::size_t size, step, number, lines;

  template <class F, class... X>
  [[gnu::always_inline]] Batch sum(const F& f, const X*... x) const {
    Batch a(T(0)), b(T(0));
    std::size_t i = 0;
    for (; i + 2 <= size; i += 2) {
      a = a + f(B::load(x + i * step)...);
      b = b + f(B::load(x + (i + 1) * step)...);
    }
    if (i < size) a = a + f(B::load(x + i * step)...);
    return a + b;
  }
  template <class F>
  [[gnu::always_inline]] Batch product(const F& f, const T* x) const {
    Batch a(T(1)), b(T(1));
    std::size_t i = 0;
    for (; i + 2 <= size; i += 2) {
      a = a * f(B::load(x + i * step));
      b = b * f(B::load(x + (i + 1) * step));
    }
    if (i < size) a = a * f(B::load(x + i * step));
    return a * b;
  }
  template <bool Largest, class F>
  [[gnu::always_inline]] Batch extreme(const F& f, const T* x) const {
    Extreme<Largest, Batch> a(f(B::load(x))), b = a;
    std::size_t i = 1;
    for (; i + 2 <= size; i += 2) {
      a.add(f(B::load(x + i * step)));
      b.add(f(B::load(x + (i + 1) * step)));
    }
    if (i < size) a.add(f(B::load(x + i * step)));
    a.add(b);
    return a.value();
  }

  template <class F, class... X>
  [[gnu::always_inline]] void map(T* to, const F& f, const X*... x) const {
    for (std::size_t i = 0; i < size; ++i) B::store(to + i * step, f(B::load(x + i * step)...));
  }
  template <class F, class... X>
  [[gnu::always_inline]] Batch map_sum(T* to, const F& f, const X*... x) const {
    Batch sum(T(0));
    for (std::size_t i = 0; i < size; ++i) {
      const Batch y = f(B::load(x + i * step)...);
      B::store(to + i * step, y);
      sum = sum + y;
    }
    return sum;
  }
  template <class F>
  [[gnu::always_inline]] void map_shares(T* to, const Batch& whole, const F& f, const T* x) const {
    const Batch scale = whole / map_sum(to, f, x);
    map(
        to, [&](const Batch& y) { return y * scale; }, to);
  }

  Batch load(const T* from) const {
    return each([&](std::size_t b) { return from[number + b]; });
  }
  Batch load(const T* from, const std::ptrdiff_t* places) const {
    return each([&](std::size_t b) { return from[places[number + b]]; });
  }
  void store(T* to, const Batch& x) const {
    T lane[B::size];
    B::store(lane, x);
    std::copy_n(lane, lines, to + number);
  }
  template <class Condition>
  static bool all(const Condition& condition) {
    return xsimd::all(condition);
  }

  Batch pick(const T* x, const std::ptrdiff_t* places) const {
    return each([&](std::size_t b) { return x[at(places[number + b], b)]; });
  }
  void add_at(T* x, const std::ptrdiff_t* places, const Batch& y) const {
    T lane[B::size];
    B::store(lane, y);
    for (std::size_t b = 0; b < lines; ++b) x[at(places[number + b], b)] += lane[b];
  }
  template <class F>
  void find(std::ptrdiff_t* to, const F& f, const T* x) const {
    // Without branches, which nobody could predict, in pieces after which it may be over.
    constexpr std::size_t piece = 64;
    auto left = Batch(T(0)) == Batch(T(0));  // the lanes where none has been found
    for (std::size_t first = 0; first < size && xsimd::any(left); first += piece) {
      const auto before = left;
      Batch place(T(0)), at(T(0));
      for (std::size_t i = first; i < std::min(size, first + piece); ++i) {
        const auto holds = f(B::load(x + i * step)) && left;
        place = op::Where::value(holds, at, place);
        left = left && !holds;
        at = at + Batch(T(1));
      }
      T places[B::size];
      bool here[B::size];
      B::store(places, place);
      (before && !left).store_unaligned(here);
      for (std::size_t b = 0; b < lines; ++b) {
        if (here[b]) to[number + b] = static_cast<std::ptrdiff_t>(first) + static_cast<std::ptrdiff_t>(places[b]);
      }
    }
  }
  template <class F, class... X>
  void walk(T* to, Direction direction, T start, const F& f, const X*... x) const {
    Batch before(start);
    for (std::size_t k = 0; k < size; ++k) {
      const std::size_t i = (direction == Direction::up ? k : size - 1 - k) * step;
      before = f(before, B::load(x + i)...);
      B::store(to + i, before);
    }
  }
  void running_sum(T* to, Direction direction, const T* x) const {
    walk(
        to, direction, T(0), [](const Batch& sum, const Batch& element) { return sum + element; }, x);
  }
  void shift(T* to, Direction direction, T first, const T* x) const {
    const bool up = direction == Direction::up;
    for (std::size_t i = 0; i < size; ++i) {
      const bool has_none = i == (up ? 0 : size - 1);
      B::store(to + i * step, has_none ? Batch(first) : B::load(x + (up ? i - 1 : i + 1) * step));
    }
  }

 private:
  std::size_t at(std::ptrdiff_t place, std::size_t line) const { return static_cast<std::size_t>(place) * step + line; }
  template <class F>
  Batch each(const F& f) const {
    T lane[B::size]{};
    for (std::size_t b = 0; b < lines; ++b) lane[b] = f(b);
    return B::load(lane);
  }
};

}  // namespace duet::tensor
