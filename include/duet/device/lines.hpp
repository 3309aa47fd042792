// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

/// Work on the lines of device arrays, for reductions along axes: `LineWork<Device>`.
#include <duet/device/backend.hpp>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#include <duet/device/cuda/lines.hpp>
#else
#include <duet/device/cpu/lines.hpp>
#endif
