// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

/// Sparse Jacobians and Hessians: their patterns, colourings and values.
#include <duet/duet.hpp>
#include <duet/transform/sparse_jacobian.hpp>
