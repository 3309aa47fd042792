// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

/// Forward mode: dual numbers with their arithmetic.
#include <duet/forward/engine.hpp>
#include <duet/forward/number.hpp>
