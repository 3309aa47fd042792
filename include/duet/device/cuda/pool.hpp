// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <bit>
#include <map>
#include <vector>

#include <duet/device/cuda/runtime.hpp>

/// The memory of device tensors. Blocks are kept when they are given back, since cudaMalloc and cudaFree wait for all
/// work on the GPU. The next one who takes a block works on it after all that was asked for before, in the same stream.
namespace duet::device {

class Pool {
 public:
  static Pool& here() {
    thread_local Pool pool;
    return pool;
  }

  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    release();
    ended = true;
  }

  void* take(std::size_t bytes) {
    void* const block = block_of(bytes);
    ++facts_.allocations;
    facts_.bytes += static_cast<std::ptrdiff_t>(bytes);
    if (facts_.bytes > facts_.peak) facts_.peak = facts_.bytes;
    return block;
  }

  void give_back(void* block, std::size_t bytes) noexcept {
    facts_.bytes -= static_cast<std::ptrdiff_t>(bytes);
    const std::size_t size = rounded(bytes);
    try {
      kept_[{current_stream(), size}].push_back(block);
      facts_.kept += static_cast<std::ptrdiff_t>(size);
    } catch (const std::bad_alloc&) {
      discard(block);
    }
  }

  static void discard(void* block) noexcept { (void)cudaFree(block); }

  /// Gives what is kept back to the system.
  void release() noexcept {
    for (auto& [key, blocks] : kept_) {
      for (void* block : blocks) discard(block);
      blocks.clear();
    }
    facts_.kept = 0;
  }

  TensorMemory& facts() { return facts_; }

  static inline thread_local bool ended = false;

 private:
  static constexpr std::size_t smallest = 512;
  static constexpr int steps = 8;  // sizes between a power of two and the next

  static std::size_t rounded(std::size_t bytes) {
    if (bytes <= smallest) return smallest;
    const std::size_t step = std::bit_floor(bytes) / steps;
    return (bytes + step - 1) / step * step;
  }

  void* block_of(std::size_t bytes) {
    const std::size_t size = rounded(bytes);
    std::vector<void*>& kept = kept_[{current_stream(), size}];
    if (kept.empty()) return fresh(size);
    void* const block = kept.back();
    kept.pop_back();
    facts_.kept -= static_cast<std::ptrdiff_t>(size);
    return block;
  }

  void* fresh(std::size_t size) {
    check_device();
    void* block = nullptr;
    if (cudaMalloc(&block, size) == cudaSuccess) return block;
    release();
    if (cudaMalloc(&block, size) == cudaSuccess) return block;
    (void)cudaGetLastError();
    std::size_t left = 0, all = 0;
    check(cudaMemGetInfo(&left, &all), "cudaMemGetInfo");
    throw Error("device: " + std::to_string(size) + " bytes were asked for, and " + std::to_string(left) + " of " +
                std::to_string(all) + " are free");
  }

  std::map<std::pair<cudaStream_t, std::size_t>, std::vector<void*>> kept_;
  TensorMemory facts_{};
};

}  // namespace duet::device
