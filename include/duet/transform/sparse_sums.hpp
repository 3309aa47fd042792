// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/transform/sparse_colours.hpp>
#include <duet/transform/sparse_matrix.hpp>

/// Reading the entries of a sparse matrix from sums of its columns or of its rows.
namespace duet::transform {

template <class T>
bool is_nonzero(const T& x) {
  return x < T(0) || T(0) < x;
}

[[noreturn, gnu::noinline]] inline void throw_outside() {
  throw PatternError(
      "duet: a derivative is not zero where the pattern has no entry, since the function did something else than where "
      "its pattern was found; call refresh at this point");
}

/// Takes what row `i` of the sums of columns tells, those of the `N` colours from `first` on.
template <bool Symmetric, class T, std::size_t N>
void read_row_of_sums(DynamicSparseMatrix<T>& matrix, const RunTimeColours<Symmetric>& colours, int i, int first,
                      const std::array<T, N>& sums) {
  const graph::Pattern& p = matrix.pattern();
  T* const values = matrix.values().data();
  const int begin = p.offsets[i], end = p.offsets[i + 1];
  if (!Symmetric && colours.colouring.count == static_cast<int>(N) && end - begin == static_cast<int>(N)) {
    for (int k = begin; k < begin + static_cast<int>(N); ++k) {  // there is nothing to check
      values[k] = sums[static_cast<std::size_t>(colours.of_entries[k])];
    }
    return;
  }
  unsigned seen = 0;
  for (int k = begin; k < end; ++k) {
    const unsigned lane = static_cast<unsigned>(colours.of_entries[k] - first);
    if (lane >= N) continue;
    if constexpr (!Symmetric) values[k] = sums[lane];
    seen |= 1u << lane;
  }
  if constexpr (Symmetric) {
    for (int k = colours.recovery.offsets[i]; k < colours.recovery.offsets[i + 1]; ++k) {
      const auto& read = colours.recovery.reads[k];
      const unsigned lane = static_cast<unsigned>(read.colour - first);
      if (lane < N) values[read.entry] = values[read.mate] = sums[lane];
    }
  }
  for (unsigned lane = 0; lane < N; ++lane) {
    if ((seen >> lane & 1) == 0 && is_nonzero(sums[lane])) throw_outside();
  }
}

/// Takes what the sum of the rows of one colour tells; `sum(j)` is its element in column j.
template <class T>
void read_sum_of_rows(DynamicSparseMatrix<T>& matrix, const graph::Colouring& colouring, int colour, const auto& sum) {
  const graph::Pattern& p = matrix.pattern();
  std::size_t nonzeros = 0;
  for (std::size_t i = 0; i < p.rows(); ++i) {
    if (colouring.of[i] != colour) continue;
    for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) {
      const T value = sum(static_cast<std::size_t>(p.places[k]));
      matrix.values()[static_cast<std::size_t>(k)] = value;
      nonzeros += is_nonzero(value);
    }
  }
  for (std::size_t j = 0; j < p.cols(); ++j) nonzeros -= is_nonzero(sum(j));
  if (nonzeros != 0) throw_outside();
}

}  // namespace duet::transform
