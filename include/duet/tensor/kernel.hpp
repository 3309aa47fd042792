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
    T* to[M];                   ///< null: nobody wants it
    std::uint64_t streams = 0;  ///< bit k: result k may go past the caches; it is aligned as batches are
  };

  /// `size` elements of a row. `moves[k]`: array k moves along the row, else one number stands for all.
  static void row(const Arrays& a, const bool* moves, const T* numbers, std::size_t size) {
    Arrays part = a;
    T same[N > 0 ? N : 1][most];
    std::size_t longest = size;
    for (int k = 0; k < N; ++k) {
      if (moves[k]) continue;
      longest = std::min(size, most);
      std::fill_n(same[k], longest, *a.from[k]);
      part.from[k] = same[k];
    }
    for (std::size_t begin = 0; begin < size; begin += longest) {
      for (int k = 0; k < N; ++k) {
        if (moves[k]) part.from[k] = a.from[k] + begin;
      }
      for (int k = 0; k < M; ++k) part.to[k] = a.to[k] ? a.to[k] + begin : nullptr;
      stretch(part, numbers, std::min(longest, size - begin));
    }
  }

 private:
  using Owner = graph::Frozen<Maker>;
  /// Whether there is so little to compute that the loop waits for memory. Then, and only then, does it pay to write
  /// large results past the caches, as that goes on beside reading, but not beside computing.
  static constexpr bool waits_for_memory = [] {
    for (const graph::Node& n : Owner::graph.nodes) {
      if (graph::is_call(n)) return false;
    }
    return true;
  }();
  /// So many copies are made of a number that stands for all: the loop is the fastest when all arrays move alike.
  static constexpr std::size_t most = 256;
  /// Whether two batches are in flight at a time; of long graphs, there would be too much to keep in registers.
  static constexpr bool in_pairs = duet::batch<Batch> && Owner::graph.size() <= 64;
  static constexpr std::size_t at_once = in_pairs ? 2 * B::size : B::size;

  /// All arrays move.
  static void stretch(const Arrays& a, const T* numbers, std::size_t size) {
    const std::size_t whole = size - size % at_once;
    if (whole > 0) batches(a, numbers, whole);
    if (whole == size) return;

    // the last elements are filled up with the last one
    Arrays last = a;
    T rest[N > 0 ? N : 1][at_once], results[M][at_once];
    for (int k = 0; k < N; ++k) {
      for (std::size_t i = 0; i < at_once; ++i) rest[k][i] = a.from[k][std::min(whole + i, size - 1)];
      last.from[k] = rest[k];
    }
    for (int k = 0; k < M; ++k) last.to[k] = a.to[k] ? results[k] : nullptr;
    last.streams = 0;
    batches(last, numbers, at_once);
    for (int k = 0; k < M; ++k) {
      if (a.to[k]) std::copy_n(results[k], size - whole, a.to[k] + whole);
    }
  }

  [[gnu::noinline]] static void batches(const Arrays& a, const T* numbers, std::size_t size) {
    const Arrays here = a;
    Batch x[N + P > 0 ? N + P : 1], y[N + P > 0 ? N + P : 1];
    for (int k = 0; k < P; ++k) x[N + k] = y[N + k] = Batch(numbers[k]);
    const auto load = [&](Batch * row, std::size_t i) __attribute__((always_inline)) {
      for (int k = 0; k < N; ++k) row[k] = B::load(here.from[k] + i);
      return tree::Leaves<Batch, N + P>{row};
    };
    const auto store = [&](auto k, std::size_t i, const Batch& value) __attribute__((always_inline)) {
      if (waits_for_memory && k < 64 && here.streams >> k % 64 & 1) {
        B::stream(here.to[k] + i, value);
      } else if (here.to[k]) {
        B::store(here.to[k] + i, value);
      }
    };
    for (std::size_t i = 0; i < size; i += at_once) {
      const auto first = load(x, i);
      if constexpr (in_pairs) {
        const auto second = load(y, i + B::size);
        const auto keep = [&](const auto& of_first, const auto& of_second) __attribute__((always_inline)) {
          tree::for_each_index<M>([&](auto k) __attribute__((always_inline)) {
            store(k, i, Batch(of_first.template get<k>()));
            store(k, i + B::size, Batch(of_second.template get<k>()));
          });
        };
        graph::execute_both<Owner, Batch>(first, second, keep);
      } else {
        graph::execute<Owner, Batch>(
            first, [&](const auto& results) __attribute__((always_inline)) {
              tree::for_each_index<M>([&](auto k) __attribute__((always_inline)) {
                store(k, i, Batch(results.template get<k>()));
              });
              return 0;
            });
      }
    }
  }
};

}  // namespace duet::tensor
