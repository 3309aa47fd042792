// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What tests of tensors include.
#include <doctest/doctest.h>

#include <duet/tensor.hpp>
