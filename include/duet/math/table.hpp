// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Where tables of coefficients live. Code for a GPU can't read what lies in the memory of the host, so while such code
// is compiled the tables are variables of the device.
#pragma once

#ifdef __CUDA_ARCH__
#define DUET_TABLE static __device__ constexpr
#else
#define DUET_TABLE inline constexpr
#endif
