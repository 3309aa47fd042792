// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <doctest/doctest.h>

#include <array>
#include <limits>

#include <duet/op/comparison.hpp>
#include <duet/tape/lanes.hpp>

namespace {

template <class T>
constexpr std::array<T, 7> special{0,
                                   -T(0),
                                   1,
                                   -1,
                                   std::numeric_limits<T>::infinity(),
                                   -std::numeric_limits<T>::infinity(),
                                   std::numeric_limits<T>::quiet_NaN()};

/// Calls `f(batch, k)` for each lane k, with a batch that holds `x` in that lane and `other` in the rest.
template <class T>
void in_each_lane(T x, T other, const auto& f) {
  using B = duet::simd::Batch<T>;
  for (std::size_t k = 0; k < B::size; ++k) {
    std::array<T, B::size> lanes;
    lanes.fill(other);
    lanes[k] = x;
    f(B::load_unaligned(lanes.data()), k);
  }
}

template <class Op, class T>
void check_comparison() {
  using B = duet::simd::Batch<T>;
  for (const T x : special<T>) {
    for (const T y : special<T>) {
      INFO(Op::name << " of " << x << " and " << y);
      in_each_lane(x, T(2), [&](const B& a, std::size_t k) {
        T chosen[B::size];
        xsimd::select(typename B::batch_bool_type(Op::value(a, B(y))), B(T(1)), B(T(0))).store_unaligned(chosen);
        for (std::size_t i = 0; i < B::size; ++i) CHECK(chosen[i] == (Op::value(i == k ? x : T(2), y) ? 1 : 0));
      });
    }
  }
}

}  // namespace

TEST_CASE_TEMPLATE("batches compare as their lanes do, what is not a number included", T, double, float) {
  using namespace duet::op;
  check_comparison<Less, T>();
  check_comparison<LessEqual, T>();
  check_comparison<Equal, T>();
  check_comparison<NotEqual, T>();
}

TEST_CASE_TEMPLATE("a single lane that is not a number, or not zero, is noticed", T, double, float) {
  using Lanes = duet::tape::Lanes<T>;
  for (const T x : special<T>) {
    in_each_lane(x, T(0), [&](const auto& batch, std::size_t) {
      CHECK(Lanes::has_nan(batch) == (x != x));
      CHECK(Lanes::is_zero(batch) == (x == 0));
    });
  }
}
