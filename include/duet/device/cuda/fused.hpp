// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cuda/layout.hpp>
#include <duet/device/cuda/results.hpp>

/// The kernels of a formula: one pass over memory that computes all outputs of a graph for all elements.
namespace duet::device::cuda {

/// How a kernel without broadcasting goes through its arrays, in vectors.
struct Sweep {
  std::size_t block;  ///< from where a block begins to where the next one does
  std::size_t round;  ///< from one round of all blocks to the next
  int together;       ///< the vectors that a thread works on together
};

/// Arrays that are all of one shape, or single numbers.
template <class T, int N, int Q, int M>
struct Even {
  const T* from[N > 0 ? N : 1];  ///< null: the graph does not depend on it
  bool full[N > 0 ? N : 1];      ///< whether it has all elements, or one
  bool aligned;                  ///< whether vectors may be loaded and stored
  T numbers[Q > 0 ? Q : 1];
  Sweep sweep;
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
  const std::size_t size = p.results.size, vectors = (size + V - 1) / V;
  const std::size_t whole_vectors = size / V;
  T single[A];
#pragma unroll
  for (int k = 0; k < N; ++k) single[k] = p.from[k] && !p.full[k] && size > 0 ? *p.from[k] : T(0);
  T sums[M]{};
  for (std::size_t begin = blockIdx.x * p.sweep.block; begin < vectors; begin += p.sweep.round) {
    const std::size_t at = begin + threadIdx.x;
    const bool whole = p.aligned && begin + p.sweep.block <= whole_vectors;
    Vector<T, V> x[U][A];
#pragma unroll
    for (int k = 0; k < N; ++k) {
      if (!p.full[k]) {
#pragma unroll
        for (int u = 0; u < U; ++u) {
#pragma unroll
          for (int v = 0; v < V; ++v) x[u][k].lane[v] = single[k];
        }
      } else if (whole) {
        const auto* const from = reinterpret_cast<const Vector<T, V>*>(p.from[k]) + at;
#pragma unroll
        for (int u = 0; u < U; ++u) {
          if (u < p.sweep.together) x[u][k] = from[u * threads];
        }
      } else {
#pragma unroll
        for (int u = 0; u < U; ++u) {
#pragma unroll
          for (int v = 0; v < V; ++v) {
            const std::size_t e = (at + u * threads) * V + v;
            x[u][k].lane[v] = p.from[k][e < size ? e : size - 1];
          }
        }
      }
    }
#pragma unroll
    for (int u = 0; u < U; ++u) {
      if (u >= p.sweep.together) break;
      Vector<T, V> y[M];
      compute<Program, N, Q>(x[u], p.numbers, y);
      if (p.results.shared) join(p.results, y);
      deliver(p.results, y, at + u * threads, whole, sums);
    }
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
    deliver(p.results, y, at, p.vectors && at < whole_vectors, sums);
  }
  finish(p.results, sums);
}

}  // namespace duet::device::cuda
