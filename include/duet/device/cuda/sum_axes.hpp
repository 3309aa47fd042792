// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <bit>

#include <duet/device/buffer.hpp>
#include <duet/device/cuda/counters.hpp>
#include <duet/device/cuda/layout.hpp>
#include <duet/device/cuda/results.hpp>

/// Sums of an array along some of its axes.
namespace duet::device::cuda {

/// A block adds up `across` sums side by side, each with `threads / across` threads. Long sums are split among blocks.
template <class T>
struct AxisSums {
  const T* from;
  T* to;
  Axes<1> kept, summed;       ///< their steps lead through `from`
  std::uint64_t sums, terms;  ///< how many sums there are, and of how many terms each
  std::uint64_t split;        ///< how many terms a block adds up
  unsigned across;            ///< a power of 2
  bool small;                 ///< whether `from` has less than 2^31 elements
  bool side_by_side;          ///< whether neighbours in memory belong to different sums
  T* block_sums;
  unsigned* counters;
};

/// The sum of the threads' `x`, for the threads of the first row. `row` counts the threads of one sum.
template <class T>
__device__ __forceinline__ T sum_over_rows(T x, unsigned row, unsigned column, unsigned across, T* shared) {
  const unsigned rows = threads / across;
  __syncthreads();
  shared[row * across + column] = x;
  for (unsigned half = rows / 2; half > 0; half /= 2) {
    __syncthreads();
    if (row < half) shared[row * across + column] += shared[(row + half) * across + column];
  }
  return shared[row * across + column];
}

template <class T>
__global__ void __launch_bounds__(threads) axis_sums_kernel(const __grid_constant__ AxisSums<T> p) {
  __shared__ T shared[threads];
  __shared__ bool last;
  const unsigned rows = threads / p.across;
  const unsigned column = p.side_by_side ? threadIdx.x % p.across : threadIdx.x / rows;
  const unsigned row = p.side_by_side ? threadIdx.x / p.across : threadIdx.x % rows;
  const std::uint64_t number = blockIdx.x * std::uint64_t{p.across} + column;
  const bool exists = number < p.sums;
  const std::uint64_t begin = blockIdx.y * p.split, end = begin + p.split < p.terms ? begin + p.split : p.terms;

  T sum = 0;
  if (exists) {
    std::uint64_t offset;
    p.kept.locate(number, p.small, &offset);
    const T* const from = p.from + offset;
    const auto term = [&](std::uint64_t r) {
      std::uint64_t there = r * p.summed.step[0][0];
      if (p.summed.count > 1) p.summed.locate(r, p.small, &there);
      return from[there];
    };
    std::uint64_t r = begin + row;
    for (; r + 3 * rows < end; r += 4 * rows) {
      const T a = term(r), b = term(r + rows), c = term(r + 2 * rows), d = term(r + 3 * rows);
      sum += (a + b) + (c + d);
    }
    for (; r < end; r += rows) sum += term(r);
  }
  sum = sum_over_rows(sum, row, column, p.across, shared);
  if (gridDim.y == 1) {
    if (exists && row == 0) p.to[number] = sum;
    return;
  }
  if (exists && row == 0) p.block_sums[blockIdx.y * p.sums + number] = sum;
  __threadfence();
  __syncthreads();
  if (threadIdx.x == 0) last = atomicInc(p.counters + blockIdx.x, gridDim.y - 1) == gridDim.y - 1;
  __syncthreads();
  if (!last) return;
  __threadfence();
  sum = 0;
  if (exists) {
    for (unsigned block = row; block < gridDim.y; block += rows) sum += __ldcg(p.block_sums + block * p.sums + number);
  }
  sum = sum_over_rows(sum, row, column, p.across, shared);
  if (exists && row == 0) p.to[number] = sum;
}

/// Writes the sums of `from`, of shape `whole`, to `to`: over the axes along which `kept` is smaller.
template <class T>
void sum_axes(const T* from, const Shape& whole, T* to, const Shape& kept) {
  constexpr std::uint64_t enough_blocks = 512, least_terms = 8;
  if (tensor::size_of(whole) == 0) {
    check(cudaMemsetAsync(to, 0, tensor::size_of(kept) * sizeof(T), current_stream()), "cudaMemsetAsync");
    return;
  }
  AxisSums<T> p{};
  p.from = from;
  p.to = to;
  p.sums = p.terms = 1;
  const Shape steps = tensor::steps_of(kept, whole);
  std::uint64_t step = 1;
  for (std::size_t axis = whole.size(); axis-- > 0;) {
    if (whole[axis] == 1) continue;
    const bool is_kept = steps[axis] != 0;
    if (step == 1) p.side_by_side = is_kept;
    (is_kept ? p.kept : p.summed).add(whole[axis], &step);
    (is_kept ? p.sums : p.terms) *= whole[axis];
    step *= whole[axis];
  }
  p.small = step < std::uint64_t{1} << 31;

  const auto power = [](std::uint64_t least, std::uint64_t most) { return std::bit_ceil(std::min(least, most)); };
  std::uint64_t rows = power(p.terms, threads);
  if (p.side_by_side) {
    rows = std::min(rows, threads / power(p.kept.size[0].value, 32));
  } else if (p.sums >= enough_blocks * 8 && p.terms <= 4096) {
    rows = std::min<std::uint64_t>(rows, 32);
  }
  p.across = static_cast<unsigned>(threads / rows);
  const std::uint64_t groups = (p.sums + p.across - 1) / p.across;
  std::uint64_t splits = 1;
  if (groups < enough_blocks) {
    splits = std::clamp<std::uint64_t>(p.terms / (rows * least_terms), 1, enough_blocks / groups);
  }
  p.split = (p.terms + splits - 1) / splits;
  splits = (p.terms + p.split - 1) / p.split;
  Buffer<T> block_sums(splits > 1 ? splits * p.sums : 0);
  p.block_sums = block_sums.data();
  p.counters = Counters::here();
  axis_sums_kernel<<<dim3(static_cast<unsigned>(groups), static_cast<unsigned>(splits)), threads, 0,
                     current_stream()>>>(p);
  check(cudaGetLastError(), "a kernel that sums along axes");
}

}  // namespace duet::device::cuda
