// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cuda/launch.hpp>

namespace duet::device::cuda {

/// Whether all numbers below `size` are divided in the fast way.
inline bool is_small(std::uint64_t size) { return size < std::uint64_t{1} << 31; }

/// The blocks that `size` pieces of work take if each does `each` of them, or less, of which each then does more.
inline unsigned blocks_for(std::uint64_t size, std::uint64_t each) {
  return static_cast<unsigned>(std::clamp<std::uint64_t>((size + each - 1) / each, 1, 0x7fffffff));
}

/// Starts a kernel in the stream of this thread.
template <class... Parameter>
void start(void (*kernel)(Parameter...), unsigned blocks, std::type_identity_t<Parameter>... parameters) {
  kernel<<<blocks, threads, 0, current_stream()>>>(parameters...);
  check(cudaGetLastError(), "starting a kernel");
}

}  // namespace duet::device::cuda
