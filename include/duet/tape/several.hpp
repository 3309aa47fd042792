// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <utility>

#include <duet/op/active.hpp>
#include <duet/op/chunk.hpp>

namespace duet::tape {

/// As many plain numbers as fit into a register, for arithmetic: every other one of a row in memory. (xsimd's batches
/// can do more, but its header takes compilers longer than all of this room.)
template <chunks::number T>
class Several {
 public:
  static constexpr int size = chunks::width<T>(chunks::register_bytes);

  Several() = default;
  [[gnu::always_inline]] Several(T x) : all_(x - Vector{}) {}

  /// Every other number from `row` on, of which there are `2 * size`.
  [[gnu::always_inline]] static Several every_other(const T* row) {
    const Vector a = Row::load(row), b = Row::load(row + size);
    static_assert(size == 2 || size == 4 || size == 8 || size == 16);  // nvcc can't expand a pack of places here
    if constexpr (size == 2) {
      return {__builtin_shufflevector(a, b, 0, 2)};
    } else if constexpr (size == 4) {
      return {__builtin_shufflevector(a, b, 0, 4, 2, 6)};
    } else if constexpr (size == 8) {
      return {__builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14)};
    } else {
      return {__builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)};
    }
  }

  /// Adds these numbers to every other one from `row` on. One by one: through vectors, additions to rows that overlap,
  /// as those of neighbours in a grid do, would wait until memory has what the ones before wrote.
  [[gnu::always_inline]] void add_to_every_other(T* row) const { add_to_every_other(row, all); }

  [[gnu::always_inline]] bool has_zero() const { return has_zero(all); }
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
  [[gnu::always_inline]] friend Several fma(const Several& a, const Several& b, const Several& c) {
    Several result = a;
    for (int k = 0; k < size; ++k) result.all_[k] = math::fma(a.all_[k], b.all_[k], c.all_[k]);
    return result;
  }

 private:
  using Row = chunks::Chunk<T, size, 0>;
  using Vector = typename Row::vector;

  [[gnu::always_inline]] Several(Vector numbers) : all_(numbers) {}

  /// The place of number `k` among every other one of a row: in this order one instruction takes them from two
  /// registers.
  static constexpr int place(int k) { return k / 2 + k % 2 * (size / 2); }

  // Compilers unroll loops of so few steps only if asked for the utmost.
  static constexpr std::make_integer_sequence<int, size> all{};
  template <int... K>
  [[gnu::always_inline]] void add_to_every_other(T* row, std::integer_sequence<int, K...>) const {
    T numbers[size];
    Row::store(numbers, all_);
    ((row[2 * place(K)] = row[2 * place(K)] + numbers[K]), ...);
  }
  template <int... K>
  [[gnu::always_inline]] bool has_zero(std::integer_sequence<int, K...>) const {
    const auto zeros = all_ == Vector{};
    return (zeros[K] | ...) != 0;
  }

  Vector all_;
};

template <class N>
inline constexpr bool is_several = false;
template <class T>
inline constexpr bool is_several<Several<T>> = true;

}  // namespace duet::tape
