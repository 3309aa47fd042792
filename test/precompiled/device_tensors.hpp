// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The same with tensors that are on a device where nothing else is said.
#include <doctest/doctest.h>

#include <duet/device.hpp>
