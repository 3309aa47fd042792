// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cuda_runtime.h>

#include <cstdio>
#include <cstdlib>

#include "roof.hpp"
#include "seconds.hpp"

namespace bench {

inline void check(cudaError_t status) {
  if (status == cudaSuccess) return;
  std::fprintf(stderr, "%s\n", cudaGetErrorString(status));
  std::exit(1);
}

inline void wait_for_gpu() { check(cudaDeviceSynchronize()); }

inline cudaDeviceProp properties_of_gpu() {
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, 0));
  return properties;
}

/// Bytes read and written per second when one array is copied to another.
inline double bytes_per_second_of_copy() {
  const std::size_t size = 800000000;
  char *from = nullptr, *to = nullptr;
  check(cudaMalloc(&from, size));
  check(cudaMalloc(&to, size));
  check(cudaMemset(from, 1, size));
  const auto copy = [&] { check(cudaMemcpyAsync(to, from, size, cudaMemcpyDeviceToDevice)); };
  const double seconds = seconds_of(copy, wait_for_gpu);
  check(cudaFree(from));
  check(cudaFree(to));
  return 2.0 * size / seconds;
}

}  // namespace bench
