// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <duet/tape/var.hpp>

/// Statements that read a variable several times.
namespace duet::tape {

/// Whether it pays to look for repeats among so many leaves.
template <int Count>
inline constexpr bool tells_repeats = Count > 4 && Count <= 16;

template <std::size_t K, int Count, std::size_t... J>
[[gnu::always_inline]] inline Key repeat_at(const Key (&leaves)[Count], std::index_sequence<J...>) {
  Key first = 0;
  ((first = first == 0 && __builtin_constant_p(leaves[J] == leaves[K]) && leaves[J] == leaves[K] ? J + 1 : first), ...);
  return first << (4 * K);
}
template <int Count, std::size_t... K>
[[gnu::always_inline]] inline Key repeats_at(const Key (&leaves)[Count], std::index_sequence<K...>) {
  return (repeat_at<K>(leaves, std::make_index_sequence<K>{}) | ...);
}

/// Which of some leaves are the same variable as one before them, as far as the compiler sees that (which it does where
/// a statement names one twice): four bits for each, the number of the first of them plus one, or 0. It is a constant
/// of the program, though none of the language.
template <int Count>
[[gnu::always_inline]] inline Key repeats_among(const Key (&leaves)[Count]) {
  if constexpr (tells_repeats<Count>) return repeats_at(leaves, std::make_index_sequence<Count>{});
  return 0;
}

/// Whether a row is that of some leaves with these repeats, if it has the same repeats: they needn't be looked at.
template <int Count, std::size_t... K>
[[gnu::always_inline]] inline bool is_row_but_repeats(const Key* row, const Key (&leaves)[Count], Key made, Key repeats,
                                                      std::index_sequence<K...>) {
  return (__builtin_expect((repeats >> (4 * K) & 15) != 0 || row[K] == leaves[K] - made, true) && ...);
}

}  // namespace duet::tape
