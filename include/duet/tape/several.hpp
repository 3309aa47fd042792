// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <utility>

#include <duet/math/math.hpp>
#include <duet/op/chunk.hpp>

namespace duet::tape {

/// As many plain numbers as fit into a register: every other one of a row in memory. They can be added, multiplied and
/// divided. (Batches of xsimd can do more, but their header takes compilers longer than all of the tape.)
template <chunks::number T>
class Several {
 public:
  static constexpr int size = chunks::width<T>(chunks::register_bytes);

  Several() = default;
  [[gnu::always_inline]] Several(T x) : all_(x - Vector{}) {}

  /// Every other number from `from` on, as many as there are lanes.
  [[gnu::always_inline]] explicit Several(const T* from)
      : Several(Row::load(from), Row::load(from + size), std::make_integer_sequence<int, size>{}) {}

  /// Adds each lane to the number that it would have been read from.
  [[gnu::always_inline]] void add_to(T* to) const {
    T lanes[size];
    Row::store(lanes, all_);
    for (int k = 0; k < size; ++k) to[2 * place(k)] = to[2 * place(k)] + lanes[k];
  }

  [[gnu::always_inline]] bool has_zero() const {
    const auto zeros = all_ == Vector{};
    auto any = zeros[0];
    for (int k = 1; k < size; ++k) any |= zeros[k];
    return any != 0;
  }
  /// These numbers, but zeros where `condition` has zeros.
  [[gnu::always_inline]] Several unless_zero(const Several& condition) const {
    const auto nonzero = condition.all_ != Vector{};
    return {reinterpret_cast<Vector>(reinterpret_cast<decltype(nonzero)>(all_) & nonzero)};
  }

  [[gnu::always_inline]] friend Several operator+(const Several& a, const Several& b) { return {a.all_ + b.all_}; }
  [[gnu::always_inline]] friend Several operator-(const Several& a, const Several& b) { return {a.all_ - b.all_}; }
  [[gnu::always_inline]] friend Several operator*(const Several& a, const Several& b) { return {a.all_ * b.all_}; }
  [[gnu::always_inline]] friend Several operator/(const Several& a, const Several& b) { return {a.all_ / b.all_}; }
  [[gnu::always_inline]] friend Several operator-(const Several& x) { return {-x.all_}; }
  friend Several fma(const Several& a, const Several& b, const Several& c) {
    Several result = a;
    for (int k = 0; k < size; ++k) result.all_[k] = math::fma(a.all_[k], b.all_[k], c.all_[k]);
    return result;
  }

 private:
  using Row = chunks::Chunk<T, size, 0>;
  using Vector = typename Row::vector;

  [[gnu::always_inline]] Several(Vector all) : all_(all) {}

  /// Which number of the row lane `k` holds. In this order, one instruction takes them from two registers.
  static constexpr int place(int k) { return k / 2 + k % 2 * (size / 2); }
  template <int... K>
  [[gnu::always_inline]] Several(Vector a, Vector b, std::integer_sequence<int, K...>)
      : all_(__builtin_shufflevector(a, b, (K / 2 * 2 + K % 2 * size)...)) {}

  Vector all_;
};

template <class N>
inline constexpr bool is_several = false;
template <class T>
inline constexpr bool is_several<Several<T>> = true;

}  // namespace duet::tape
