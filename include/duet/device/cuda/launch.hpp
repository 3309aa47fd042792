// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include <duet/device/cuda/runtime.hpp>

/// What all kernels have in common: the size of their blocks, and vectors.
namespace duet::device::cuda {

/// The threads of a block.
inline constexpr int threads = 256;

/// Numbers that one instruction loads or stores.
template <class T, int Size>
struct alignas(sizeof(T) * Size) Vector {
  static constexpr int size = Size;
  T lane[Size];
};

/// The blocks of `kernel` that the current device runs at a time.
template <auto Kernel, int Threads = threads>
unsigned resident_blocks() {
  constexpr int most = 64;
  static std::atomic<unsigned> known[most];
  int device = 0;
  check(cudaGetDevice(&device), "cudaGetDevice");
  unsigned blocks = device < most ? known[device].load(std::memory_order_relaxed) : 0;
  if (blocks == 0) {
    int processors = 0, each = 0;
    check(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device), "cudaDeviceGetAttribute");
    check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&each, Kernel, Threads, 0),
          "cudaOccupancyMaxActiveBlocksPerMultiprocessor");
    blocks = static_cast<unsigned>(processors * std::max(each, 1));
    if (device < most) known[device].store(blocks, std::memory_order_relaxed);
  }
  return blocks;
}

template <int V, class T>
bool is_aligned(const T* data) {
  return reinterpret_cast<std::uintptr_t>(data) % sizeof(Vector<T, V>) == 0;
}

}  // namespace duet::device::cuda
