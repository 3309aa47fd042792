// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <exception>
#include <mutex>

#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

#include <duet/device/backend.hpp>

namespace duet::device {

/// Calls `f(i)` for all `i` below `count`, on all threads of Thrust's device system. Throws what the calls throw; if
/// several do, one of these.
template <class F>
void for_each_index(std::size_t count, const F& f) {
  if (count == 1) return f(std::size_t{0});
  std::exception_ptr thrown;
  std::mutex busy;
  thrust::for_each_n(thrust::device, thrust::counting_iterator<std::size_t>(0), count, [&](std::size_t i) {
    try {
      f(i);
    } catch (...) {  // OpenMP must not see it
      const std::lock_guard lock(busy);
      thrown = std::current_exception();
    }
  });
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace duet::device
