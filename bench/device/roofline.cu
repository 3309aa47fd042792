// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Prints the rows of docs/data/roofline.csv for a GPU:
//   device_roofline_gpu [N]      (default 100000000)

#include "roofline.hpp"

#include "gpu.hpp"

namespace {

constexpr int chains = 8, steps = 4096, threads = 256;

/// Independent chains of multiplications and additions, enough to keep all units busy.
__global__ void multiply_and_add(double* to, double factor, double term) {
  double x[chains];
  for (int k = 0; k < chains; ++k) x[k] = k + threadIdx.x;
  for (int i = 0; i < steps; ++i) {
    for (int k = 0; k < chains; ++k) x[k] = fma(x[k], factor, term);
  }
  double sum = 0;
  for (int k = 0; k < chains; ++k) sum += x[k];
  to[blockIdx.x * threads + threadIdx.x] = sum;
}

}  // namespace

int main(int argc, char** argv) {
  const cudaDeviceProp gpu = bench::properties_of_gpu();
  const std::size_t n = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100000000;
  const int blocks = 8 * gpu.multiProcessorCount;
  double* to = nullptr;
  bench::check(cudaMalloc(&to, sizeof(double) * threads * blocks));
  const bench::Copy copy;
  const bench::Roof roof{copy, bench::Copy::bytes, [&] { multiply_and_add<<<blocks, threads>>>(to, 0.999, 0.001); },
                         2.0 * chains * steps * threads * blocks};
  bench::print_roofline(gpu.name, roof, n, bench::wait_for_gpu);
}
