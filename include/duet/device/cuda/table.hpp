// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <mutex>
#include <optional>

#include <thrust/device_ptr.h>
#include <thrust/execution_policy.h>
#include <thrust/sequence.h>
#include <thrust/sort.h>

#include <duet/device/memory.hpp>
#include <duet/tensor/places.hpp>

/// Tables of places in the memory of a GPU.
namespace duet::device::cuda {

using Integer = std::int64_t;

/// Memory for the steps of Thrust's algorithms, from the pool: cudaMalloc would wait for the GPU.
struct StepMemory {
  using value_type = char;
  char* allocate(std::ptrdiff_t bytes) {
    return static_cast<char*>(Pool::here().take(static_cast<std::size_t>(bytes)));
  }
  void deallocate(char* block, std::size_t bytes) { Pool::here().give_back(block, bytes); }
};

/// The places of a table in ascending order, and where each was in the table; equal ones stay in their order.
struct SortedPlaces {
  mutable Buffer<Integer> places, positions;

  SortedPlaces(const Integer* table, std::size_t size) : places(size), positions(size) {
    StepMemory memory;
    const auto policy = thrust::cuda::par_nosync(memory).on(current_stream());
    const auto key = thrust::device_pointer_cast(places.data()), value = thrust::device_pointer_cast(positions.data());
    thrust::copy_n(policy, thrust::device_pointer_cast(table), size, key);
    thrust::sequence(policy, value, value + static_cast<std::ptrdiff_t>(size));
    thrust::stable_sort_by_key(policy, key, key + static_cast<std::ptrdiff_t>(size), value);
    wait();  // other streams may use them next
  }
};

/// What a table is on the GPU. Uploading it waits for the GPU, and so does sorting; both are done once.
class DeviceTable {
 public:
  explicit DeviceTable(const tensor::Table& table) : size_(table.size()), places_(table.size()) {
    for (std::ptrdiff_t place : table) bits_ |= place;
    tensor::Memory<Device>::write(table.data(), size_, places_.data());
  }

  const Integer* places() const { return places_.data(); }
  /// Whether every place is a multiple of this power of two.
  bool are_multiples(Integer power) const { return bits_ % power == 0; }

  const SortedPlaces& sorted() const {
    const std::lock_guard lock(mutex_);
    if (!sorted_) sorted_.emplace(places_.data(), size_);
    return *sorted_;
  }

 private:
  static_assert(sizeof(Integer) == sizeof(std::ptrdiff_t));

  std::size_t size_;
  Integer bits_ = 0;
  mutable Buffer<Integer> places_;
  mutable std::mutex mutex_;
  mutable std::optional<SortedPlaces> sorted_;
};

}  // namespace duet::device::cuda
