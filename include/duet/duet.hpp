// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

/// Everything for scalars and structures of them: forward mode, static graphs, the dynamic tape, transforms, own rules.
/// What needs other libraries or heavier headers stands by itself: maps (xsimd), loops in bounded memory, loops in
/// threads, sparse matrices, printers, Eigen.
#include <duet/forward/forward.hpp>
#include <duet/rule/custom.hpp>
#include <duet/tape/checkpoint.hpp>
#include <duet/tape/external.hpp>
#include <duet/tape/kernel.hpp>
#include <duet/tape/record.hpp>
#include <duet/tape/static_tape.hpp>
#include <duet/transform/derivative.hpp>
#include <duet/transform/grad.hpp>
#include <duet/transform/graph_of.hpp>
#include <duet/transform/jacobian.hpp>
#include <duet/transform/product.hpp>
#include <duet/transform/second_order.hpp>
#include <duet/transform/taylor.hpp>
#include <duet/tree/arithmetic.hpp>
#include <duet/tree/flatten.hpp>
