// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Sums over two arrays with both gradients on a GPU, in lines of JSON for bench/device/table, and first how fast the
// GPU copies:
//   device_gpu [N...]      (default 10000, 1000000 and 100000000)

#include "duet.hpp"
#include "gpu.hpp"
#include "launches.hpp"
#include "seconds.hpp"
#include "spread.hpp"

namespace {

constexpr std::size_t arrays = 4;  // x, y and their gradients go through memory once

template <class F, class T>
void measure(std::size_t n) {
  using X = duet::Tensor<T, duet::Device>;
  X x = bench::leaf<X>(bench::spread_x<T>(n)), y = bench::leaf<X>(bench::spread_y<T>(n));
  const double value = static_cast<double>(bench::value_and_gradients(F(), x, y).item());
  bench::launches = 0;
  bench::value_and_gradients(F(), x, y);
  const int launches = bench::launches;
  // calls follow one another without waiting for the GPU
  const double seconds = bench::seconds_of([&] { bench::value_and_gradients(F(), x, y); }, bench::wait_for_gpu);
  std::printf(
      "{\"tool\": \"Duet\", \"function\": \"%s\", \"dtype\": \"%s\", \"n\": %zu, \"seconds\": %.9g, "
      "\"bytes\": %zu, \"value\": %.17g, \"launches\": %d}\n",
      F::name, sizeof(T) == 4 ? "float" : "double", n, seconds, arrays * n * sizeof(T), value, launches);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::strtoull(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = {10000, 1000000, 100000000};
  std::printf("{\"tool\": \"copy\", \"gpu\": \"%s\", \"bytes_per_second\": %.9g}\n", bench::properties_of_gpu().name,
              bench::Copy::bytes / bench::seconds_of(bench::Copy(), bench::wait_for_gpu));
  for (const std::size_t n : sizes) {
    measure<bench::Product, float>(n);
    measure<bench::Product, double>(n);
    measure<bench::Chain, float>(n);
    measure<bench::Chain, double>(n);
  }
}
