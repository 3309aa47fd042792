// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <duet/device/buffer.hpp>

/// When work on device tensors is done. Calls return before it is; who asks for numbers (`item`, `vector`, `to<Host>`)
/// waits for them.
namespace duet::device {

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA

/// While it lives, this thread's work on device tensors goes to a CUDA stream, which has to outlive it. Tensors that
/// were made in another stream must be ready (an event, or `synchronize()`): nobody looks after that.
class Stream {
 public:
  explicit Stream(cudaStream_t stream) : before_(std::exchange(stream_of_thread, stream)) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { stream_of_thread = before_; }

 private:
  cudaStream_t before_;
};

/// Waits for all that this thread has asked for. Throws Error if something went wrong on the GPU.
inline void synchronize() { wait(); }

#else

/// Waits for all that this thread has asked for, which on a processor has been done already.
inline void synchronize() {}

#endif

}  // namespace duet::device
