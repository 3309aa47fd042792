// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <string>

#include <cuda_runtime.h>

#include <duet/op/error.hpp>
#include <duet/tensor/memory.hpp>

/// What is asked of the CUDA runtime: errors, and the stream of the calling thread.
namespace duet::device {

/// Throws Error unless a call went well.
inline void check(cudaError_t status, const char* call) {
  if (status == cudaSuccess) return;
  (void)cudaGetLastError();  // the next call begins anew
  throw Error(std::string("device: ") + call + ": " + cudaGetErrorString(status));
}

/// Throws Error if there is no GPU.
inline void check_device() {
  static const int count = [] {
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess) (void)cudaGetLastError();
    return devices;
  }();
  if (count > 0) return;
  throw Error(
      "device: there is no CUDA device, or no driver for it; compile with "
      "THRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_TBB to use the cores of the processor");
}

inline thread_local cudaStream_t stream_of_thread = nullptr;

/// Where this thread's work on device tensors goes; the default stream unless a `Stream` lives.
inline cudaStream_t current_stream() { return stream_of_thread; }

/// Waits for the work that this thread has asked for.
inline void wait() { check(cudaStreamSynchronize(current_stream()), "cudaStreamSynchronize"); }

}  // namespace duet::device
