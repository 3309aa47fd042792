// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

/// Tensors whose elements are on a GPU, or are worked on by all cores of the processor: `Tensor<T, Device>`. Compile with
/// THRUST_DEVICE_SYSTEM defined as THRUST_DEVICE_SYSTEM_TBB, _OMP or _CPP, or with nvcc.
#include <duet/device/elements.hpp>
#include <duet/device/lines.hpp>
#include <duet/device/memory.hpp>
#include <duet/device/moves.hpp>
#include <duet/device/products.hpp>
#include <duet/device/stream.hpp>
#include <duet/device/thrust.hpp>
#include <duet/tensor.hpp>
