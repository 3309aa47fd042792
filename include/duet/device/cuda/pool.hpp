// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cuda/runtime.hpp>

/// The memory of device tensors on a GPU.
namespace duet::device {

/// All blocks are kept, since cudaMalloc and cudaFree wait for all work on the GPU.
struct DeviceMemory {
  static constexpr std::size_t least = 512;
  static constexpr bool keeps_small = true;

  /// A stream does one thing after the other.
  using Order = cudaStream_t;
  static Order order() { return current_stream(); }

  static void* make(std::size_t size) {
    check_device();
    void* block = nullptr;
    if (cudaMalloc(&block, size) == cudaSuccess) return block;
    (void)cudaGetLastError();
    std::size_t left = 0, all = 0;
    check(cudaMemGetInfo(&left, &all), "cudaMemGetInfo");
    throw Error("device: " + std::to_string(size) + " bytes were asked for, and " + std::to_string(left) + " of " +
                std::to_string(all) + " are free");
  }
  static void discard(void* block) noexcept { (void)cudaFree(block); }
};

using Pool = tensor::BlockPool<DeviceMemory>;

}  // namespace duet::device
