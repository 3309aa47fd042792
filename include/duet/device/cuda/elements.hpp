// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cuda/interpret.hpp>
#include <duet/device/cuda/run.hpp>

/// Formulas on device arrays whose device is a GPU: one kernel for a pass, and one for a graph.
namespace duet {

template <>
struct tensor::Elements<Device> {
  template <class Maker, class T, int N, int Q, int M>
  static void run(const Pass<T, N, Q, M>& pass) {
    device::cuda::run(device::cuda::ProgramOf<Maker>(), pass);
  }
};

template <>
struct tensor::Interpreter<Device> {
  template <class T>
  static void run(const GraphPass<T>& pass) {
    device::cuda::Interpretation<T>{pass};
  }
};

}  // namespace duet
