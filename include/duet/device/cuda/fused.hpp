// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cuda/layout.hpp>
#include <duet/device/cuda/results.hpp>

/// The kernels of a formula: one pass over memory that computes all outputs of a graph for all elements.
namespace duet::device::cuda {

/// Arrays that are all of one shape, or single numbers.
template <class T, int N, int Q, int M>
struct Even {
  const T* from[N > 0 ? N : 1];  ///< null: the graph does not depend on it
  bool full[N > 0 ? N : 1];      ///< whether it has all elements, or one
  std::size_t tiles;             ///< how many times as many vectors as a block loads at once can be gone through
  T numbers[Q > 0 ? Q : 1];
  Results<T, M> results;
};

/// Arrays that are broadcast. `vectors`: along the innermost axis, which has a multiple of a vector's size, each moves
/// from element to element or stays.
template <class T, int N, int Q, int M>
struct Uneven {
  const T* from[N > 0 ? N : 1];
  Axes<N> axes;
  bool small;  ///< whether there are less than 2^31 elements
  bool vectors;
  T numbers[Q > 0 ? Q : 1];
  Results<T, M> results;
};

/// The vectors of each array that a thread loads before it begins to compute: enough for memory to be busy, but for
/// long programs, whose time it is not that matters.
template <class Program, class T>
inline constexpr int unroll = Program::graph.size() * width<Program, T> <= 256 ? 2 : 1;

template <class Program, class T, int N, int Q, int M>
__global__ void __launch_bounds__(threads) even_kernel(const __grid_constant__ Even<T, N, Q, M> p) {
  constexpr int V = width<Program, T>, U = unroll<Program, T>, A = N > 0 ? N : 1;
  T single[A];
#pragma unroll
  for (int k = 0; k < N; ++k) single[k] = p.from[k] && !p.full[k] && p.results.size > 0 ? *p.from[k] : T(0);
  T sums[M]{};
  for (std::size_t tile = blockIdx.x; tile < p.tiles; tile += gridDim.x) {
    const std::size_t at = tile * (U * threads) + threadIdx.x;
    Vector<T, V> x[U][A];
#pragma unroll
    for (int k = 0; k < N; ++k) {
      if (p.full[k]) {
        const auto* const from = reinterpret_cast<const Vector<T, V>*>(p.from[k]) + at;
#pragma unroll
        for (int u = 0; u < U; ++u) x[u][k] = from[u * threads];
      } else {
#pragma unroll
        for (int u = 0; u < U; ++u) {
#pragma unroll
          for (int v = 0; v < V; ++v) x[u][k].lane[v] = single[k];
        }
      }
    }
#pragma unroll
    for (int u = 0; u < U; ++u) {
      Vector<T, V> y[M];
      compute<Program, N, Q>(x[u], p.numbers, y);
      if (p.results.shared) join(p.results, y);
      deliver(p.results, y, at + u * threads, sums);
    }
  }
  // what is left is less than a tile, or not aligned: element by element
  const std::size_t first = p.tiles * (U * threads * V) + blockIdx.x * std::size_t{threads} + threadIdx.x;
#pragma unroll 1
  for (std::size_t e = first; e < p.results.size; e += gridDim.x * threads) {
    Vector<T, 1> x[A], y[M];
#pragma unroll
    for (int k = 0; k < N; ++k) x[k].lane[0] = p.full[k] ? p.from[k][e] : single[k];
    compute<Program, N, Q>(x, p.numbers, y);
    if (p.results.shared) join(p.results, y);
    deliver(p.results, y, e, sums);
  }
  finish(p.results, sums);
}

template <class Program, class T, int N, int Q, int M>
__global__ void __launch_bounds__(threads) uneven_kernel(const __grid_constant__ Uneven<T, N, Q, M> p) {
  constexpr int V = width<Program, T>, A = N > 0 ? N : 1;
  const std::size_t size = p.results.size, vectors = (size + V - 1) / V;
  const std::size_t whole_vectors = size / V;
  T sums[M]{};
  for (std::size_t at = blockIdx.x * std::size_t{threads} + threadIdx.x; at < vectors; at += gridDim.x * threads) {
    Vector<T, V> x[A];
    std::size_t offset[A];
    if (p.vectors) {
      p.axes.locate(at * V, p.small, offset);
#pragma unroll
      for (int k = 0; k < N; ++k) {
        if (p.from[k] && p.axes.step[0][k] != 0) {
          x[k] = *reinterpret_cast<const Vector<T, V>*>(p.from[k] + offset[k]);
        } else {
          const T single = p.from[k] ? p.from[k][offset[k]] : T(0);
#pragma unroll
          for (int v = 0; v < V; ++v) x[k].lane[v] = single;
        }
      }
    } else {
#pragma unroll
      for (int v = 0; v < V; ++v) {
        const std::size_t e = at * V + v;
        p.axes.locate(e < size ? e : size - 1, p.small, offset);
#pragma unroll
        for (int k = 0; k < N; ++k) x[k].lane[v] = p.from[k] ? p.from[k][offset[k]] : T(0);
      }
    }
    Vector<T, V> y[M];
    compute<Program, N, Q>(x, p.numbers, y);
    if (p.results.shared) join(p.results, y);
    if (p.vectors && at < whole_vectors) {
      deliver(p.results, y, at, sums);
    } else {
      deliver_some(p.results, y, at, sums);
    }
  }
  finish(p.results, sums);
}

}  // namespace duet::device::cuda
