// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <duet/device/cuda/error.hpp>

/// Memory of the device that kernels of one stream use in turn.
namespace duet::device::cuda {

/// What kernels need beside their arguments: sums of blocks, counters of the blocks that are done, and arrays between
/// two kernels. It is kept from one launch to the next, which is right because a stream runs its kernels in turn.
class Scratch {
 public:
  static constexpr int counter_count = 1024;

  explicit Scratch(cudaStream_t stream) : stream_(stream) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    // the process may be ending and the device be gone: nothing can be done about errors
    cudaFree(counters_);
    cudaFree(sums_.data);
    cudaFree(arrays_.data);
  }

  /// That of this thread for a stream.
  static Scratch& of(cudaStream_t stream) {
    int device = 0;
    check(cudaGetDevice(&device), "asking for the current device");
    thread_local std::vector<Entry> all;
    for (Entry& one : all) {
      if (one.device == device && one.stream == stream) return *one.scratch;
    }
    all.push_back({device, stream, std::make_unique<Scratch>(stream)});
    return *all.back().scratch;
  }

  cudaStream_t stream() const { return stream_; }

  /// Counters that are zero; a kernel leaves them so.
  unsigned* counters() {
    if (counters_ == nullptr) {
      constexpr std::size_t bytes = counter_count * sizeof(unsigned);
      check(cudaMalloc(&counters_, bytes), "allocating counters on the device");
      check(cudaMemsetAsync(counters_, 0, bytes, stream_), "clearing counters on the device");
    }
    return counters_;
  }

  /// Room for the sums of blocks.
  template <class T>
  T* sums(std::size_t size) {
    return static_cast<T*>(grown(sums_, size * sizeof(T)));
  }

  /// Room for arrays that one kernel writes and the next one reads.
  template <class T>
  T* arrays(std::size_t size) {
    return static_cast<T*>(grown(arrays_, size * sizeof(T)));
  }

 private:
  struct Entry {
    int device;
    cudaStream_t stream;
    std::unique_ptr<Scratch> scratch;
  };
  struct Buffer {
    void* data = nullptr;
    std::size_t bytes = 0;
  };

  void* grown(Buffer& buffer, std::size_t bytes) {
    if (bytes <= buffer.bytes) return buffer.data;
    if (buffer.data != nullptr) check(cudaFreeAsync(buffer.data, stream_), "freeing memory of the device");
    buffer = {};
    bytes += bytes / 4;
    check(cudaMallocAsync(&buffer.data, bytes, stream_), "allocating memory of the device");
    buffer.bytes = bytes;
    return buffer.data;
  }

  cudaStream_t stream_;
  unsigned* counters_ = nullptr;
  Buffer sums_, arrays_;
};

}  // namespace duet::device::cuda
