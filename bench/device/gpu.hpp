// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

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

/// Copies one array to another.
class Copy {
 public:
  static constexpr std::size_t size = 800000000, bytes = 2 * size;  ///< read and written

  Copy() {
    check(cudaMalloc(&from_, size));
    check(cudaMalloc(&to_, size));
    check(cudaMemset(from_, 1, size));
  }
  void operator()() const { check(cudaMemcpyAsync(to_, from_, size, cudaMemcpyDeviceToDevice)); }

 private:
  char *from_ = nullptr, *to_ = nullptr;  // until the program ends
};

}  // namespace bench
