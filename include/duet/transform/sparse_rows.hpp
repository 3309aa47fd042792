// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/transform/sparse_sums.hpp>
#include <duet/transform/tape_structures.hpp>

/// The entries of a sparse Jacobian by sweeps backwards through a recording.
namespace duet::transform {

/// Several colours of rows in each sweep.
template <class T, int N>
void sweep_colours(DynamicSparseMatrix<T>& matrix, const graph::Colouring& colouring, const DynamicTape<T>& tape,
                   const std::vector<Var<T>>& outputs) {
  tape::VectorSweep<T, N> sweep(tape);
  for (int first = 0; first < colouring.count; first += N) {
    if (first > 0) sweep.clear();
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const unsigned lane = static_cast<unsigned>(colouring.of[i] - first);
      if (lane < N && outputs[i].is_recorded()) sweep[tape.index_of(outputs[i])].lane[lane] = T(1);
    }
    sweep.backward();
    for (int l = 0; l < N && first + l < colouring.count; ++l) {
      read_sum_of_rows(matrix, colouring, first + l, [&](std::size_t j) { return sweep[input(j)].lane[l]; });
    }
  }
}

/// A sweep for each colour, where records don't tell what they read.
template <class T>
void sweep_each_colour(DynamicSparseMatrix<T>& matrix, const graph::Colouring& colouring, DynamicTape<T>& tape,
                       const std::vector<Var<T>>& outputs) {
  for (int colour = 0; colour < colouring.count; ++colour) {
    std::vector<Var<T>> together;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (colouring.of[i] == colour && outputs[i].is_recorded()) together.push_back(outputs[i]);
    }
    tape.zero_grad();
    tape.backward(together, {});
    read_sum_of_rows(matrix, colouring, colour, [&](std::size_t j) { return tape.adjoints()[input(j)]; });
  }
}

/// The entries, given the colours of the rows.
template <int N, class C, class T>
void find_rows(DynamicSparseMatrix<T>& matrix, const graph::Colouring& colouring, const RecordedCall<C>& recorded) {
  if (tape::VectorSweep<T, N>::can_sweep(*recorded.tape)) {
    sweep_colours<T, N>(matrix, colouring, *recorded.tape, recorded.outputs);
  } else {
    sweep_each_colour(matrix, colouring, *recorded.tape, recorded.outputs);
  }
}

}  // namespace duet::transform
