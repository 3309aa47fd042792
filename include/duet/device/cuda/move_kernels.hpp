// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cuda/nest.hpp>
#include <duet/device/cuda/start.hpp>

/// The kernels that move elements between an array, `a`, and a layout, `b`.
namespace duet::device::cuda {

/// A layout whose elements are all the same.
template <class T>
struct Same {
  T value;
  __host__ __device__ const T& operator[](Integer) const { return value; }
};

/// Elements that an instruction loads or stores, as one.
template <class T, int Size>
struct Lump : Vector<T, Size> {
  friend constexpr void operator+=(Lump& x, const Lump& y) {
    for (int i = 0; i < Size; ++i) x.lane[i] += y.lane[i];
  }
};

/// How many elements a thread has on their way at a time, and how many a block moves.
inline constexpr int in_flight = 4, each_block = threads * in_flight;

/// One element after the other, in the order of the loops.
template <class Way, class A, class B>
__global__ void __launch_bounds__(threads) move_elements(Nest nest, std::uint64_t size, int shift, A a, B b) {
  for (std::uint64_t first = std::uint64_t{blockIdx.x} * each_block + threadIdx.x; first < size;
       first += std::uint64_t{gridDim.x} * each_block) {
    Nest::At at[in_flight];
#pragma unroll
    for (int k = 0; k < in_flight; ++k) {
      const std::uint64_t e = first + k * threads;
      if (e < size) at[k] = nest.with_table(nest.locate(e), shift);
    }
#pragma unroll
    for (int k = 0; k < in_flight; ++k) {
      if (first + k * threads < size) Way::element(a[at[k].a], b[at[k].b]);
    }
  }
}

/// Squares of elements that lie in rows one way in `a` and the other way in `b`. They cross over in shared memory, so
/// that both are read and written row by row.
struct Tiles {
  static constexpr int side = 32, height = threads / side;

  Nest outer;                          ///< the other loops
  std::uint64_t along, across;         ///< the sizes of the loop along the rows of `a`, and of that along those of `b`
  Integer along_a, along_b, across_a;  ///< their steps; the fourth is 1
  Divisor along_tiles, across_tiles;
};

template <class Way, class T, class A, class B>
__global__ void __launch_bounds__(threads) move_tiles(Tiles tiles, A* a, B* b) {
  constexpr int side = Tiles::side;
  __shared__ T square[side][side + 1];
  const bool small = tiles.outer.small;
  const std::uint64_t rest = tiles.across_tiles.quotient(blockIdx.x, small);
  const std::uint64_t j0 = (blockIdx.x - rest * tiles.across_tiles.value) * side;
  const std::uint64_t nest = tiles.along_tiles.quotient(rest, small);
  const std::uint64_t i0 = (rest - nest * tiles.along_tiles.value) * side;
  const Nest::At at = tiles.outer.with_table(tiles.outer.locate(nest));
  a += at.a;
  b += at.b;
  const int x = threadIdx.x % side, y = threadIdx.x / side;
  const auto in_a = [&](std::uint64_t i, std::uint64_t j) {
    return static_cast<Integer>(i) * tiles.along_a + static_cast<Integer>(j) * tiles.across_a;
  };
  const auto in_b = [&](std::uint64_t i, std::uint64_t j) {
    return static_cast<Integer>(i) * tiles.along_b + static_cast<Integer>(j);
  };
  // first along the rows of the array that is read, then along those of the one that is written
#pragma unroll
  for (int k = y; k < side; k += Tiles::height) {
    const std::uint64_t i = i0 + (Way::writes_array ? k : x), j = j0 + (Way::writes_array ? x : k);
    if (i >= tiles.along || j >= tiles.across) continue;
    if constexpr (Way::writes_array) {
      square[k][x] = b[in_b(i, j)];
    } else {
      square[k][x] = a[in_a(i, j)];
    }
  }
  __syncthreads();
#pragma unroll
  for (int k = y; k < side; k += Tiles::height) {
    const std::uint64_t i = i0 + (Way::writes_array ? x : k), j = j0 + (Way::writes_array ? k : x);
    if (i >= tiles.along || j >= tiles.across) continue;
    if constexpr (Way::writes_array) {
      Way::element(a[in_a(i, j)], square[x][k]);
    } else {
      b[in_b(i, j)] = square[x][k];
    }
  }
}

}  // namespace duet::device::cuda
