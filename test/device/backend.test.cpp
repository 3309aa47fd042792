// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The build chooses Thrust's back end; here one sees that it is the one that runs.
#include <doctest/doctest.h>

#include <thrust/device_vector.h>
#include <thrust/reduce.h>
#include <thrust/sequence.h>
#include <thrust/transform.h>

#include <type_traits>

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_TBB
#include <tbb/task_arena.h>
using Asked = thrust::tbb::tag;
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_OMP
#include <omp.h>
using Asked = thrust::omp::tag;
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CPP
#include <thread>
using Asked = thrust::cpp::tag;
const std::thread::id home = std::this_thread::get_id();
#else
using Asked = thrust::cuda::tag;
#endif

namespace {

// 1 in a piece of work that the back end asked for has started, else 0.
struct AtHome {
  __host__ __device__ int operator()(int) const {
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_TBB
    return tbb::this_task_arena::current_thread_index() != tbb::task_arena::not_initialized;
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_OMP
    return omp_get_level() > 0;
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CPP
    return std::this_thread::get_id() == home;
#elif defined(__CUDA_ARCH__)
    return 1;
#else
    return 0;
#endif
  }
};

}  // namespace

TEST_CASE("the back end that was asked for is the one in use") {
  static_assert(std::is_same_v<thrust::device_system_tag, Asked>);
  const int count = 100000;
  thrust::device_vector<int> x(count);
  thrust::sequence(x.begin(), x.end());
  CHECK(thrust::reduce(x.begin(), x.end(), 0LL) == (count - 1LL) * count / 2);
  thrust::transform(x.begin(), x.end(), x.begin(), AtHome());
  CHECK(thrust::reduce(x.begin(), x.end()) == count);
}
