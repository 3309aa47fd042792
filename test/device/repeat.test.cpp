// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/device/memory.hpp>

#include <doctest/doctest.h>

#include <duet/device/elements.hpp>
#include <duet/device/moves.hpp>
#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/map.hpp>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_TBB
#include <tbb/global_control.h>
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_OMP
#include <omp.h>
#endif

namespace {

using duet::Device, duet::Tensor;

/// `f()` with so many threads; with as many as the back end likes where it can't be told.
template <class F>
auto with_threads([[maybe_unused]] int threads, const F& f) {
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_TBB
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_OMP
  omp_set_num_threads(threads);
#endif
  return f();
}

/// A sum and its gradients by an array, a row that broadcasts and a number.
template <class T>
std::vector<std::vector<T>> results() {
  duet::Generator generator(7);
  auto x = duet::randn<T, Device>({300, 1000}, generator).requires_grad();
  auto row = duet::randn<T, Device>({1000}, generator).requires_grad();
  Tensor<T, Device> number(T(0.3));
  number.requires_grad();
  const Tensor<T, Device> value = sum(exp(-x * x) * row + number * x);
  value.backward();
  return {value.vector(), x.grad().vector(), row.grad().vector(), number.grad().vector()};
}

}  // namespace

TEST_CASE_TEMPLATE("sums have the same bits on every run, whatever the number of threads", T, double, float) {
  const auto first = with_threads(1, results<T>);
  for (int threads : {1, 2, 3, 8}) CHECK(with_threads(threads, results<T>) == first);
}
