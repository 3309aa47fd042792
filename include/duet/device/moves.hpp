// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

/// How elements of device arrays are moved, and made of their indices: `Moves<Device>`.
#include <duet/device/backend.hpp>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <duet/device/cuda/moves.hpp>
#else
#include <duet/device/cpu/moves.hpp>
#endif
