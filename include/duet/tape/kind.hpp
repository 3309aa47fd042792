// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>

#include <duet/tape/var.hpp>

/// What the records of a tape are made of. A record is a row of words that ends with its first output and its kind, so
/// that a sweep, which reads from the end, finds how to go on.
namespace duet::tape {

/// What a sweep works on: the values of all variables, the numbers that records refer to, and the derivatives.
template <class T>
struct Sweeping {
  const T* values;
  const T* numbers;
  T* adjoints;
};

/// A kind of record.
template <class T>
struct Kind {
  const char* name;

  /// Runs the record that ends at `end` backwards: from the derivatives of its outputs it adds to those of its inputs.
  /// Returns where the record begins.
  const Word* (*sweep)(const Word* end, const Sweeping<T>& s);
};

inline constexpr std::size_t pointer_words = sizeof(void*) / sizeof(Word);
/// The words at the end of every record.
inline constexpr std::size_t trailer = 1 + pointer_words;

template <class T>
[[gnu::always_inline]] inline void finish(Word* p, const Kind<T>& kind, Word first_output) {
  *p = first_output;
  const Kind<T>* const address = &kind;
  std::memcpy(p + 1, &address, sizeof address);
}

template <class T>
[[gnu::always_inline]] inline const Kind<T>& kind_of(const Word* end) {
  const Kind<T>* address;
  std::memcpy(&address, end - pointer_words, sizeof address);
  return *address;
}

/// The first output of the record that ends at `end`.
[[gnu::always_inline]] inline Word first_output(const Word* end) { return *(end - trailer); }

}  // namespace duet::tape
