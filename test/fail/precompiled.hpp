// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What most cases include, compiled once. Not tensors: it takes as long to load them as to compile scalars.
#include <duet/duet.hpp>
