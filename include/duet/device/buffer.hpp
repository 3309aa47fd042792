// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <new>
#include <string>

#include <duet/device/backend.hpp>
#include <duet/tensor/memory.hpp>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <duet/device/cuda/pool.hpp>
#endif

namespace duet::device {

#if THRUST_DEVICE_SYSTEM != THRUST_DEVICE_SYSTEM_CUDA
using tensor::Pool;
#endif

/// Elements of a device array, which nobody has written yet. (A `thrust::device_vector` fills its elements with zeros,
/// which is a launch more for each result.)
template <class T>
class Buffer {
 public:
  explicit Buffer(std::size_t size) : bytes_(size * sizeof(T)) {
    check_backend();
    try {
      elements_ = static_cast<T*>(Pool::here().take(bytes_));
    } catch (const std::bad_alloc&) {
      throw Error("device: " + std::to_string(bytes_) + " bytes were asked for, and the system does not have them");
    }
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() {
    if (Pool::ended) {
      Pool::discard(elements_);
    } else {
      Pool::here().give_back(elements_, bytes_, order_);
    }
  }

  T* data() { return elements_; }

 private:
  T* elements_;
  std::size_t bytes_;
  [[no_unique_address]] typename Pool::Order order_ = Pool::order();  ///< of the work on it
};

}  // namespace duet::device
