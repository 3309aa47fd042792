// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <memory>
#include <vector>

/// The sum of a formula (formula.hpp) over two arrays, with its gradients, by each tool on the same numbers.
namespace bench {

template <class T>
struct FusedData {
  std::vector<T> x, y;
};

/// One tool's way: `step()` gives the sum and computes the gradients.
template <class T>
struct FusedTask {
  virtual ~FusedTask() = default;
  virtual T step() = 0;
  /// The gradients by x and by y after a step, one after the other.
  virtual std::vector<T> gradients() const = 0;
};

/// By hand, by Duet on the device and on the host, and by libtorch where that was found; else null.
template <class F, class T>
std::unique_ptr<FusedTask<T>> hand_task(const FusedData<T>& data);
template <class F, class T>
std::unique_ptr<FusedTask<T>> device_task(const FusedData<T>& data);
template <class F, class T>
std::unique_ptr<FusedTask<T>> host_task(const FusedData<T>& data);
template <class F, class T>
std::unique_ptr<FusedTask<T>> torch_task(const FusedData<T>& data);

}  // namespace bench
