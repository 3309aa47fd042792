// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/evaluate.hpp>
#include <duet/tape/lanes.hpp>
#include <duet/tensor/walk.hpp>

/// Compiled graphs on whole arrays: SIMD batches along rows, broadcasting included.
namespace duet::tensor {

/// Runs the graph that `Maker` makes on the elements of `N` arrays and on `P` numbers that all elements share; it
/// gives `M` arrays.
template <class Maker, class T, int N, int P, int M>
class Kernel {
  using B = tape::Lanes<T>;
  using Batch = typename B::type;

 public:
  /// The arrays: their elements, and where those of the results go.
  struct Arrays {
    const T* from[N > 0 ? N : 1];
    T* to[M];
    std::uint64_t streams = 0;  ///< bit k: result k goes past the caches; it is aligned as batches are
  };

  /// `size` elements of a row. `moves[k]`: array k moves along the row, else one number stands for all.
  static void row(const Arrays& a, const bool* moves, const T* numbers, std::size_t size) {
    const std::size_t whole = size - size % B::size;
    const T* at[N > 0 ? N : 1];
    std::size_t step[N > 0 ? N : 1];
    T same[N > 0 ? N : 1][B::size];
    for (int k = 0; k < N; ++k) {
      step[k] = moves[k] ? B::size : 0;
      at[k] = moves[k] ? a.from[k] : same[k];
      if (!moves[k]) std::fill_n(same[k], B::size, *a.from[k]);
    }
    if (whole > 0) batches(at, step, numbers, a.to, a.streams, whole);
    if (whole == size) return;

    // the last elements as a batch that is filled up with the last one
    T rest[N > 0 ? N : 1][B::size], results[M][B::size];
    T* to[M];
    for (int k = 0; k < N; ++k) {
      if (!moves[k]) continue;
      for (std::size_t i = 0; i < B::size; ++i) rest[k][i] = a.from[k][std::min(whole + i, size - 1)];
      at[k] = rest[k];
    }
    for (int k = 0; k < M; ++k) to[k] = results[k];
    batches(at, step, numbers, to, 0, B::size);
    for (int k = 0; k < M; ++k) std::copy_n(results[k], size - whole, a.to[k] + whole);
  }

 private:
  [[gnu::noinline]] static void batches(const T* const* from, const std::size_t* step, const T* numbers, T* const* to,
                                        std::uint64_t streams, std::size_t size) {
    Batch x[N + P > 0 ? N + P : 1];
    const T* at[N > 0 ? N : 1];
    T* out[M];
    for (int k = 0; k < N; ++k) at[k] = from[k];
    for (int k = 0; k < M; ++k) out[k] = to[k];
    for (int k = 0; k < P; ++k) x[N + k] = Batch(numbers[k]);
    for (std::size_t i = 0; i < size; i += B::size) {
      for (int k = 0; k < N; ++k) {
        x[k] = B::load(at[k]);
        at[k] += step[k];
      }
      graph::execute<graph::Frozen<Maker>, Batch>(
          tree::Leaves<Batch, N + P>{x}, [&](const auto& y) __attribute__((always_inline)) {
            tree::for_each_index<M>([&](auto k) __attribute__((always_inline)) {
              if (k < 64 && streams >> k % 64 & 1) {
                B::stream(out[k] + i, Batch(y.template get<k>()));
              } else {
                B::store(out[k] + i, Batch(y.template get<k>()));
              }
            });
            return 0;
          });
    }
  }
};

}  // namespace duet::tensor
