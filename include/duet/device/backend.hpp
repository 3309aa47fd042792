// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#if !defined(THRUST_DEVICE_SYSTEM) && !defined(__CUDACC__)
#error "duet: say where device arrays live: compile with -DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_TBB (or OMP, or CPP in place of TBB), or by nvcc for a GPU"
#endif

#include <thrust/detail/config.h>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#if !defined(__CUDACC__)
#error "duet: device arrays on a GPU are compiled by nvcc; for a processor define THRUST_DEVICE_SYSTEM as THRUST_DEVICE_SYSTEM_TBB, _OMP or _CPP"
#endif
#if !defined(__CUDACC_RELAXED_CONSTEXPR__) || !defined(__CUDACC_EXTENDED_LAMBDA__)
#error "duet: give nvcc --expt-relaxed-constexpr --extended-lambda, so that functions of numbers run on the GPU"
#endif
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_OMP && !defined(_OPENMP)
#error "duet: Thrust's OpenMP back end needs -fopenmp"
#endif

#include <atomic>

#include <duet/op/error.hpp>

/// Which of Thrust's systems does the work on device arrays. It is chosen once for a program, by THRUST_DEVICE_SYSTEM.
namespace duet {

/// The place of arrays that Thrust's device system works on: a GPU, or all cores of the processor.
struct Device {
  static constexpr const char* name = "Device";
  static constexpr bool is_main_memory = false;
};

namespace device {

inline constexpr int backend = THRUST_DEVICE_SYSTEM;
inline constexpr bool is_gpu = backend == THRUST_DEVICE_SYSTEM_CUDA;

/// "CUDA", "OpenMP", "TBB" or "serial".
inline const char* backend_name(int system = backend) {
  return system == THRUST_DEVICE_SYSTEM_CUDA  ? "CUDA"
         : system == THRUST_DEVICE_SYSTEM_OMP ? "OpenMP"
         : system == THRUST_DEVICE_SYSTEM_TBB ? "TBB"
                                              : "serial";
}

/// What the translation units of the program were compiled for: the first that said so, and one that differs.
struct Backends {
  std::atomic<int> first = 0, other = 0;

  int note(int system) {
    int nobody = 0;
    if (!first.compare_exchange_strong(nobody, system) && nobody != system) other = system;
    return system;
  }
};
inline Backends backends;

namespace {
/// One for each translation unit.
[[maybe_unused]] const int noted_backend = backends.note(backend);
}  // namespace

/// Throws Error if translation units were compiled for different systems: which functions the linker took is unknown.
inline void check_backend() {
  if (backends.other == 0) return;
  throw Error(std::string("device: parts of this program were compiled for ") + backend_name(backends.first) +
              " and others for " + backend_name(backends.other) + "; give all of them the same THRUST_DEVICE_SYSTEM");
}

}  // namespace device
}  // namespace duet
