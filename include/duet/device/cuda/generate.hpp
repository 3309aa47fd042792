// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cuda/layout.hpp>
#include <duet/device/cuda/start.hpp>
#include <duet/tensor/moves.hpp>

/// Making elements of where they are.
namespace duet::device::cuda {

template <class T, class F>
__global__ void __launch_bounds__(threads) generate_elements(T* to, std::uint64_t size, F f) {
  const std::uint64_t step = std::uint64_t{gridDim.x} * threads;
  for (std::uint64_t k = std::uint64_t{blockIdx.x} * threads + threadIdx.x; k * F::width < size; k += step) {
    T made[F::width];
    f(k, made);
#pragma unroll
    for (std::size_t i = 0; i < F::width; ++i) {
      if (k * F::width + i < size) to[k * F::width + i] = made[i];
    }
  }
}

template <class T, class F>
void generate(T* to, std::size_t size, const F& f) {
  if (size > 0) start(generate_elements<T, F>, blocks_for(size, threads * F::width), to, size, f);
}

/// The elements of matrices, and zeros outside of a triangle.
template <class T>
struct TriangleOf {
  static constexpr std::size_t width = 1;
  tensor::Triangle triangle;
  Divisor rows, columns;
  bool small;
  const T* from;

  constexpr void operator()(std::size_t k, T* to) const {
    const std::uint64_t row = columns.quotient(k, small), matrix = rows.quotient(row, small);
    const auto column = static_cast<std::ptrdiff_t>(k - row * columns.value);
    const auto kept = triangle.kept(static_cast<std::ptrdiff_t>(row - matrix * rows.value));
    *to = column >= kept.begin && column < kept.end ? from[k] : T(0);
  }
};

}  // namespace duet::device::cuda
