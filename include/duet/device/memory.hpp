// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <thrust/copy.h>
#include <thrust/device_ptr.h>
#include <thrust/execution_policy.h>
#include <thrust/fill.h>
#include <thrust/functional.h>
#include <thrust/iterator/constant_iterator.h>
#include <thrust/logical.h>
#include <thrust/transform.h>

#include <duet/device/buffer.hpp>
#include <duet/tensor/place.hpp>

/// Storing, filling, copying and reading elements of device tensors.
namespace duet {

namespace device {

/// How Thrust's algorithms are called: without waiting for the result, in the stream of this thread.
inline auto policy() {
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
  return thrust::cuda::par_nosync.on(current_stream());
#else
  return thrust::device;
#endif
}

template <class T>
thrust::device_ptr<T> pointer(T* p) {
  return thrust::device_pointer_cast(p);
}

struct IsFinite {
  template <class T>
  __host__ __device__ bool operator()(T x) const {
    return x - x == 0;
  }
};

}  // namespace device

template <>
struct tensor::Memory<Device> {
  template <class T>
  using Buffer = device::Buffer<T>;
  static auto& pool() { return device::Pool::here(); }

  template <class T>
  static void fill(T* to, std::size_t size, T value) {
    thrust::fill_n(device::policy(), device::pointer(to), size, value);
  }
  template <class T>
  static void copy(const T* from, std::size_t size, T* to) {
    thrust::copy_n(device::policy(), device::pointer(from), size, device::pointer(to));
  }
  template <class T>
  static void add(const T* from, std::size_t size, T* to) {
    thrust::transform(device::policy(), device::pointer(from), device::pointer(from) + size, device::pointer(to),
                      device::pointer(to), thrust::plus<T>());
  }
  template <class T>
  static bool is_finite(const T* x, std::size_t size) {
    return thrust::all_of(device::policy(), device::pointer(x), device::pointer(x) + size, device::IsFinite());
  }
  template <class T>
  static void read(const T* from, std::size_t size, T* to) {
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
    device::check(cudaMemcpyAsync(to, from, size * sizeof(T), cudaMemcpyDeviceToHost, device::current_stream()),
                  "cudaMemcpyAsync");
    device::wait();
#else
    std::copy_n(from, size, to);
#endif
  }
  template <class T>
  static void write(const T* from, std::size_t size, T* to) {
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
    device::check(cudaMemcpyAsync(to, from, size * sizeof(T), cudaMemcpyHostToDevice, device::current_stream()),
                  "cudaMemcpyAsync");
    device::wait();  // the caller may change `from`
#else
    std::copy_n(from, size, to);
#endif
  }
  template <class T, class U>
  static void convert(const T* from, std::size_t size, U* to) {
    thrust::copy_n(device::policy(), device::pointer(from), size, device::pointer(to));
  }
};

}  // namespace duet
