// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Sums over two arrays with both gradients on a GPU, in lines of JSON for bench/device/table, and first how fast the
// GPU copies:
//   device_gpu [N...]      (default 10000, 1000000 and 100000000)

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "../harness.hpp"
#include "duet.hpp"
#include "launches.hpp"

namespace {

void check(cudaError_t status) {
  if (status == cudaSuccess) return;
  std::fprintf(stderr, "%s\n", cudaGetErrorString(status));
  std::exit(1);
}

/// The median time of a call in seconds, when calls follow one another without waiting for the GPU.
template <class Call>
double seconds_of(const Call& call) {
  const auto many = [&](int calls) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < calls; ++i) call();
    check(cudaDeviceSynchronize());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  int calls = 1;
  while (many(calls) < 0.02) calls *= 2;
  std::vector<double> times;
  for (int i = 0; i < 25; ++i) times.push_back(many(calls) / calls);
  return bench::median(times);
}

/// Numbers in [low, high], spread evenly as the multiples of an irrational number are.
template <class T>
std::vector<T> spread(std::size_t n, double step, double low, double high) {
  std::vector<T> numbers(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double multiple = static_cast<double>(i) * step;
    numbers[i] = static_cast<T>(low + (high - low) * (multiple - std::floor(multiple)));
  }
  return numbers;
}

template <class F, class T>
void measure(std::size_t n) {
  using X = duet::Tensor<T, duet::Device>;
  X x = bench::leaf<X>(spread<T>(n, 0.6180339887498949, -1, 1));
  X y = bench::leaf<X>(spread<T>(n, 0.41421356237309515, 0.5, 2));
  const double value = static_cast<double>(bench::value_and_gradients(F(), x, y).item());
  bench::launches = 0;
  bench::value_and_gradients(F(), x, y);
  const int launches = bench::launches;
  const double seconds = seconds_of([&] { bench::value_and_gradients(F(), x, y); });
  std::printf(
      "{\"tool\": \"Duet\", \"function\": \"%s\", \"dtype\": \"%s\", \"n\": %zu, \"seconds\": %.9g, "
      "\"value\": %.9g, \"launches\": %d}\n",
      F::name, sizeof(T) == 4 ? "float" : "double", n, seconds, value, launches);
  std::fflush(stdout);
}

/// Bytes read and written per second when one array is copied to another.
void measure_copy() {
  const std::size_t size = 800000000;
  char *from = nullptr, *to = nullptr;
  check(cudaMalloc(&from, size));
  check(cudaMalloc(&to, size));
  check(cudaMemset(from, 1, size));
  const double seconds = seconds_of([&] { check(cudaMemcpyAsync(to, from, size, cudaMemcpyDeviceToDevice)); });
  check(cudaFree(from));
  check(cudaFree(to));
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, 0));
  std::printf("{\"tool\": \"copy\", \"gpu\": \"%s\", \"bytes\": %zu, \"seconds\": %.9g}\n", properties.name, 2 * size,
              seconds);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::strtoull(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = {10000, 1000000, 100000000};
  measure_copy();
  for (const std::size_t n : sizes) {
    measure<bench::Product, float>(n);
    measure<bench::Product, double>(n);
    measure<bench::Chain, float>(n);
    measure<bench::Chain, double>(n);
  }
}
