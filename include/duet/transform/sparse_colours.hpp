// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/star_colouring.hpp>
#include <duet/op/mode.hpp>

/// Which columns or rows of a sparse matrix are computed together, where its pattern is known at run time.
namespace duet::transform {

/// The colours of the columns of a pattern or, for sums of rows, of its rows.
template <bool Symmetric>
struct RunTimeColours {
  bool by_columns = true;
  graph::Colouring colouring;
  graph::List<int> of_entries;  // of each entry the colour of its column
  graph::Recovery recovery;     // of a symmetric matrix

  RunTimeColours() = default;
  RunTimeColours(const graph::Pattern& pattern, Mode mode) {
    if constexpr (Symmetric) {
      colouring = graph::colour_symmetric(pattern);
      recovery = graph::recovery(pattern, colouring);
    } else {
      const graph::Pattern t = graph::transposed(pattern);
      by_columns = mode == Mode::forward || (mode != Mode::reverse && columns_are_cheaper(pattern, t));
      colouring = graph::colour_columns(by_columns ? pattern : t);
    }
    if (by_columns) {
      for (int column : pattern.places) of_entries.push_back(colouring.of[column]);
    }
  }

 private:
  /// In evaluations of the function on numbers: a direction takes about two, a recording with its sweep forty.
  static bool columns_are_cheaper(const graph::Pattern& pattern, const graph::Pattern& transposed) {
    return 2 * graph::longest_row(pattern) <= 40 + 4 * graph::longest_row(transposed);
  }
};

}  // namespace duet::transform
