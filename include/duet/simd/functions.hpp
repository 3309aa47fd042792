// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

/// Everything of this room.
#include <duet/simd/hyperbolic.hpp>
#include <duet/simd/power.hpp>
