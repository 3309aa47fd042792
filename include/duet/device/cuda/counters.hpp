// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <vector>

#include <duet/device/cuda/runtime.hpp>

/// By what the last block of a kernel knows that it is the last.
namespace duet::device::cuda {

/// Counters of one stream. They are zero whenever a kernel begins: a stream runs its kernels in turn, and each leaves
/// them so.
class Counters {
 public:
  static constexpr int count = 1024;

  /// Those of this thread's stream.
  static unsigned* here() {
    thread_local std::vector<Counters> all;
    int device = 0;
    check(cudaGetDevice(&device), "cudaGetDevice");
    for (const Counters& one : all) {
      if (one.device_ == device && one.stream_ == current_stream()) return one.counters_;
    }
    return all.emplace_back(device).counters_;
  }

  explicit Counters(int device) : device_(device), stream_(current_stream()) {
    check(cudaMalloc(&counters_, count * sizeof(unsigned)), "cudaMalloc");
    check(cudaMemsetAsync(counters_, 0, count * sizeof(unsigned), stream_), "cudaMemsetAsync");
  }
  Counters(Counters&& other) noexcept : device_(other.device_), stream_(other.stream_), counters_(other.counters_) {
    other.counters_ = nullptr;
  }
  Counters& operator=(Counters&&) = delete;
  ~Counters() { (void)cudaFree(counters_); }

 private:
  int device_;
  cudaStream_t stream_;
  unsigned* counters_ = nullptr;
};

}  // namespace duet::device::cuda
