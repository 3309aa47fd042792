// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/backend.hpp>
#include <duet/tensor/product.hpp>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <duet/device/cuda/products.hpp>
#else

namespace duet {

/// Products of matrices on a processor: BLAS, which has threads of its own.
template <>
struct tensor::Products<Device> : tensor::Products<Host> {};

}  // namespace duet

#endif
