// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

/// Everything for scalars and fixed-size structures: forward mode, static graphs, transforms.
#include <duet/forward/forward.hpp>
#include <duet/tape/static_tape.hpp>
#include <duet/transform/grad.hpp>
#include <duet/transform/graph_of.hpp>
#include <duet/transform/jacobian.hpp>
#include <duet/transform/product.hpp>
