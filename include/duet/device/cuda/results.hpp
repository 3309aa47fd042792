// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cuda/launch.hpp>
#include <duet/device/cuda/program.hpp>

/// What becomes of the outputs of a graph: they are stored, summed, or left.
namespace duet::device::cuda {

/// How many elements a thread works on at a time: as many as one instruction loads. Long programs, which memory does
/// not hold up, work on one, since what is compiled grows with the number.
template <class Program, class T>
inline constexpr int width = Program::graph.size() * 16 / sizeof(T) <= 256 ? 16 / sizeof(T) : 1;

/// A row of inputs as `graph::execute` takes it.
template <class T, int N>
struct Inputs {
  static constexpr int size = N;
  using number = T;
  const T* x;
  template <int K>
  constexpr const T& get() const {
    return x[K];
  }
};

/// Where the outputs of a graph go, for a kernel.
template <class T, int M>
struct Results {
  unsigned stores[(M + 31) / 32];  ///< which outputs are stored, a bit each
  unsigned adds[(M + 31) / 32];    ///< which are summed
  T* stored[M];
  T* total[M];
  int first[M];       ///< the first output with the same target; its elements get those of this one added
  bool shared;        ///< whether outputs share a target
  bool sums;          ///< whether there are totals
  std::size_t size;   ///< the number of elements
  T* block_sums;      ///< room for the sums of the blocks
  unsigned* counter;  ///< of the blocks that are done
};

/// Runs the program on a vector of elements.
template <class Program, int N, int Q, class T, int V, int M>
__device__ __forceinline__ void compute(const Vector<T, V> (&x)[N > 0 ? N : 1], const T* numbers,
                                        Vector<T, V> (&y)[M]) {
#pragma unroll
  for (int v = 0; v < V; ++v) {
    T inputs[N + Q > 0 ? N + Q : 1];
#pragma unroll
    for (int k = 0; k < N; ++k) inputs[k] = x[k].lane[v];
#pragma unroll
    for (int k = 0; k < Q; ++k) inputs[N + k] = numbers[k];
    graph::execute<Program, T>(Inputs<T, N + Q>{inputs}, [&](const auto& out) {
      [&]<int... K>(std::integer_sequence<int, K...>) { ((y[K].lane[v] = out.template get<K>()), ...); }
      (std::make_integer_sequence<int, M>{});
      return 0;
    });
  }
}

/// Adds outputs with the same target up. It is done in a copy, since arrays whose places are not known beforehand are
/// not kept in registers.
template <class T, int V, int M>
__device__ __forceinline__ void join(const Results<T, M>& r, Vector<T, V> (&y)[M]) {
  Vector<T, V> added[M];
#pragma unroll
  for (int k = 0; k < M; ++k) added[k] = y[k];
#pragma unroll 1
  for (int k = 1; k < M; ++k) {
    if (r.first[k] == k) continue;
#pragma unroll
    for (int v = 0; v < V; ++v) added[r.first[k]].lane[v] += added[k].lane[v];
  }
#pragma unroll
  for (int k = 0; k < M; ++k) y[k] = added[k];
}

constexpr bool is_set(const unsigned* bits, int k) { return (bits[k / 32] >> k % 32 & 1) != 0; }

/// Stores what is to be stored of vector number `at`, and adds the vector to `sums`.
template <class T, int V, int M>
__device__ __forceinline__ void deliver(const Results<T, M>& r, const Vector<T, V> (&y)[M], std::size_t at,
                                        T (&sums)[M]) {
#pragma unroll
  for (int k = 0; k < M; ++k) {
    if (is_set(r.stores, k)) reinterpret_cast<Vector<T, V>*>(r.stored[k])[at] = y[k];
  }
#pragma unroll
  for (int k = 0; k < M; ++k) {
    T sum = y[k].lane[0];
#pragma unroll
    for (int v = 1; v < V; ++v) sum += y[k].lane[v];
    if (is_set(r.adds, k)) sums[k] += sum;
  }
}

/// The same lane by lane, where the vector goes beyond the last element, or may not be stored as one.
template <class T, int V, int M>
__device__ __forceinline__ void deliver_some(const Results<T, M>& r, const Vector<T, V> (&y)[M], std::size_t at,
                                             T (&sums)[M]) {
#pragma unroll
  for (int k = 0; k < M; ++k) {
    T sum = 0;
#pragma unroll
    for (int v = 0; v < V; ++v) {
      if (at * V + v >= r.size) continue;
      if (is_set(r.stores, k)) r.stored[k][at * V + v] = y[k].lane[v];
      sum += y[k].lane[v];
    }
    if (is_set(r.adds, k)) sums[k] += sum;
  }
}

/// The sum of `x` over the threads of the block, in thread 0. Always in the same order.
template <class T>
__device__ __forceinline__ T sum_over_block(T x, T* warps) {
#pragma unroll
  for (int lanes = 16; lanes > 0; lanes /= 2) x += __shfl_down_sync(0xFFFFFFFFu, x, lanes);
  __syncthreads();
  if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = x;
  __syncthreads();
  T sum = 0;
  if (threadIdx.x == 0) {
#pragma unroll
    for (int w = 0; w < threads / 32; ++w) sum += warps[w];
  }
  return sum;
}

/// Adds the sums of all threads up and writes the totals. The last block to come here does it, in the order of the
/// blocks' numbers, so that the result does not depend on which one that is.
template <class T, int M>
__device__ __forceinline__ void finish(const Results<T, M>& r, const T (&sums)[M]) {
  __shared__ T warps[threads / 32];
  __shared__ bool last;
  if (!r.sums) return;
#pragma unroll
  for (int k = 0; k < M; ++k) {
    if (!is_set(r.adds, k)) continue;
    const T sum = sum_over_block(sums[k], warps);
    if (threadIdx.x == 0) *(gridDim.x == 1 ? r.total[k] : r.block_sums + k * gridDim.x + blockIdx.x) = sum;
  }
  if (gridDim.x == 1) return;
  if (threadIdx.x == 0) {
    __threadfence();
    last = atomicInc(r.counter, gridDim.x - 1) == gridDim.x - 1;
    __threadfence();
  }
  __syncthreads();
  if (!last) return;
#pragma unroll 1
  for (int k = 0; k < M; ++k) {
    if (!is_set(r.adds, k)) continue;
    T sum = 0;
    for (unsigned b = threadIdx.x; b < gridDim.x; b += threads) sum += __ldcg(r.block_sums + k * gridDim.x + b);
    sum = sum_over_block(sum, warps);
    if (threadIdx.x == 0) *r.total[k] = sum;
  }
}

}  // namespace duet::device::cuda
