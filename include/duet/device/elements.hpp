// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

/// How formulas are carried out on device arrays: `Elements<Device>` and `Interpreter<Device>`.
#include <duet/device/backend.hpp>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <duet/device/cuda/elements.hpp>
#else
#include <duet/device/cpu/elements.hpp>
#endif
