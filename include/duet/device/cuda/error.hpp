// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <string>

#include <duet/op/error.hpp>

namespace duet::device::cuda {

/// Throws if a call of the CUDA runtime failed; `what` says what it was to do.
inline void check(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // it would be reported again
  throw Error(std::string(what) + ": " + cudaGetErrorString(status));
}

}  // namespace duet::device::cuda
