// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// How near the kernels of a pass come to the speed of memory: GB/s of what they read and write, beside a copy from
// device to device of as many bytes.
#include <algorithm>
#include <cstdio>
#include <vector>

#include <duet/device/cuda/elements.hpp>

#include "../../test/device/graphs.hpp"

namespace {

using namespace duet;
using namespace duet::test;
using device::check;

constexpr int runs = 31;

/// The median of the times that `f` takes, in microseconds.
template <class F>
double median(const F& f) {
  cudaEvent_t begin, end;
  check(cudaEventCreate(&begin), "making an event");
  check(cudaEventCreate(&end), "making an event");
  for (int k = 0; k < 5; ++k) f();
  std::vector<float> times;
  for (int k = 0; k < runs; ++k) {
    check(cudaEventRecord(begin), "recording");
    f();
    check(cudaEventRecord(end), "recording");
    check(cudaEventSynchronize(end), "running");
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, begin, end), "timing");
    times.push_back(milliseconds);
  }
  std::nth_element(times.begin(), times.begin() + runs / 2, times.end());
  return 1000.0 * times[runs / 2];
}

template <class T>
__global__ void fill(T* x, std::size_t size, T scale) {
  const std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x;
  if (i < size) x[i] = scale * static_cast<T>(i % 1024) / T(1024);
}
__global__ void copy(const double2* from, double2* to, std::size_t size) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < size;
       i += gridDim.x * std::size_t{blockDim.x}) {
    to[i] = from[i];
  }
}

/// The speed of copies of `bytes` in all, half of them read.
double copy_speed(char* data, std::size_t bytes, const char* type, std::size_t n) {
  const std::size_t half = bytes / 2 / 256 * 256;
  const double library = median([&] { cudaMemcpyAsync(data + half, data, half, cudaMemcpyDeviceToDevice); });
  const auto* const from = reinterpret_cast<const double2*>(data);
  auto* const to = reinterpret_cast<double2*>(data + half);
  const std::size_t size = half / sizeof(double2);
  const auto blocks = static_cast<unsigned>((size + 255) / 256);
  const double kernel = median([&] { copy<<<blocks, 256>>>(from, to, size); });
  std::printf("%-7s %10zu  %-24s %9.2f us %8.1f GB/s\n", type, n, "cudaMemcpy", library, 2e-3 * half / library);
  std::printf("%-7s %10zu  %-24s %9.2f us %8.1f GB/s\n", type, n, "plain copy kernel", kernel, 2e-3 * half / kernel);
  return 2e-3 * half / std::min(library, kernel);
}

template <class Maker, class T, int P>
void fused(const char* name, const char* type, char* data, std::size_t n, double copies) {
  const Shape all{n}, one;
  tensor::Pass<T, 2, P, 3> p{};
  p.whole = &all;
  T* const arrays = reinterpret_cast<T*>(data);
  const std::size_t step = (n + 63) / 64 * 64;
  for (int k = 0; k < 2; ++k) {
    p.from[k] = arrays + k * step;
    p.from_shape[k] = p.to_shape[k] = &all;
    p.to[k] = arrays + (2 + k) * step;
    p.first[k] = k;
  }
  T numbers[P + 1];
  std::fill_n(numbers, P + 1, T(0.5));
  p.numbers = numbers;
  p.to[2] = arrays + 4 * step;
  p.to_shape[2] = &one;
  p.first[2] = 2;
  const double time = median([&] { tensor::Elements<Device>::run<Maker>(p); });
  const double speed = 4e-3 * n * sizeof(T) / time;
  std::printf("%-7s %10zu  %-24s %9.2f us %8.1f GB/s  %5.3f of the faster copy\n", type, n, name, time, speed,
              speed / copies);
}

template <class T>
void all(const char* type, char* data) {
  for (std::size_t n : {std::size_t{10000}, std::size_t{1000000}, std::size_t{10000000}, std::size_t{100000000}}) {
    fill<<<static_cast<unsigned>((2 * n + 319) / 256), 256>>>(reinterpret_cast<T*>(data), 2 * n + 64, T(1));
    const double copies = copy_speed(data, 4 * n * sizeof(T), type, n);
    fill<<<static_cast<unsigned>((2 * n + 319) / 256), 256>>>(reinterpret_cast<T*>(data), 2 * n + 64, T(1));
    fused<ValueAndGradients<ExpTimes, 2, 2>, T, 0>("sum(exp(x) * y)", type, data, n, copies);
    fused<ValueAndGradients<TwelveOperations, 2, 4>, T, 2>("twelve operations", type, data, n, copies);
  }
}

}  // namespace

int main() {
  try {
    cudaDeviceProp device;
    check(cudaGetDeviceProperties(&device, 0), "asking for the device");
    std::printf("%s, %d multiprocessors\n", device.name, device.multiProcessorCount);
    char* data = nullptr;
    check(cudaMalloc(&data, std::size_t{4} * 100000000 * sizeof(double) + (1 << 20)), "allocating");
    all<double>("double", data);
    all<float>("float", data);
    check(cudaGetLastError(), "running");
    cudaFree(data);
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
}
