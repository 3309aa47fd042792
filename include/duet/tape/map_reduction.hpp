// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <limits>

#include <duet/tape/lanes.hpp>

/// What a map makes of the results of all its elements: a row of them, or one number.
namespace duet::tape {

/// The row.
struct NoReduction {
  static constexpr bool reduces = false, reads_values = false;
  static constexpr const char* name = "map";
  static constexpr double of_nothing = 0;

  template <class T>
  struct Of {};
};

/// The sum.
struct SumReduction {
  static constexpr bool reduces = true, reads_values = false;
  static constexpr const char* name = "map_sum";
  static constexpr double of_nothing = 0;

  template <class T>
  class Of {
    using B = Lanes<T>;
    using Batch = typename B::type;

   public:
    /// Takes in those lanes of a batch that count.
    [[gnu::always_inline]] void add(const Batch& x, const typename B::Mask& counted) {
      const Batch sum = sums_[0] + B::counted(x, counted);
      sums_[0] = sums_[1];
      sums_[1] = sum;
    }
    T result() const { return B::sum(sums_[0] + sums_[1]); }

   private:
    Batch sums_[2] = {Batch(T(0)), Batch(T(0))};  // in turns, since an addition waits for the one before
  };
};

/// The logarithm of the sum of exponentials: s = log(sum of exp(x_i)), so ds/dx_i = exp(x_i - s).
struct LogSumExpReduction {
  static constexpr bool reduces = true, reads_values = true;
  static constexpr const char* name = "map_logsumexp";
  static constexpr double of_nothing = -std::numeric_limits<double>::infinity();

  /// The derivative of the result `s` with respect to an element's `x`.
  template <class Batch>
  [[gnu::always_inline]] static Batch weight(const Batch& x, const Batch& s) {
    using std::exp;
    return exp(x - s);
  }

  /// One pass: each lane adds up exp(x - shift), and its shift follows only when some x has come to lie so far above it
  /// that sums might overflow soon. After the first batch that is rare, even where numbers rise.
  template <class T>
  class Of {
    using B = Lanes<T>;
    using Batch = typename B::type;

   public:
    [[gnu::always_inline]] void add(const Batch& x, const typename B::Mask& counted) {
      using std::exp;
      if (B::any_greater(x, bound_)) [[unlikely]]
        follow(x);
      sum_ = sum_ + B::counted(exp(x - shift_), counted);
    }
    T result() const {
      using std::exp;
      using std::log;
      T shifts[B::size];
      B::store(shifts, shift_);
      T greatest = shifts[0];
      for (const T& shift : shifts) greatest = greatest < shift ? shift : greatest;
      return log(B::sum(sum_ * exp(shift_ - Batch(greatest)))) + greatest;
    }

   private:
    [[gnu::noinline]] void follow(const Batch& x) {
      using std::exp;
      const Batch next =
          B::greater_of(shift_, B::less_of(x, Batch(T(largest))));  // finite, so that inf - inf is avoided
      sum_ = sum_ * exp(shift_ - next);
      shift_ = next;
      bound_ = next + Batch(T(30));
    }

    using Plain = std::conditional_t<std::floating_point<T>, T, double>;
    static constexpr Plain largest = std::numeric_limits<Plain>::max();
    Batch shift_ = Batch(T(-largest)), bound_ = shift_, sum_ = Batch(T(0));
  };
};

}  // namespace duet::tape
