// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cuda_runtime.h>

/// Counts the kernels that this program launches. The linker puts these functions where the compiled kernels and Thrust
/// call the CUDA runtime: --wrap=cudaLaunchKernel, --wrap=cudaLaunchKernelExC, --wrap=__cudaLaunchKernel (before and
/// since CUDA 13).
namespace bench {
inline int launches = 0;
}

extern "C" {
cudaError_t __real_cudaLaunchKernel(const void*, dim3, dim3, void**, size_t, cudaStream_t);
cudaError_t __wrap_cudaLaunchKernel(const void* kernel, dim3 grid, dim3 block, void** arguments, size_t shared,
                                    cudaStream_t stream) {
  ++bench::launches;
  return __real_cudaLaunchKernel(kernel, grid, block, arguments, shared, stream);
}

cudaError_t __real_cudaLaunchKernelExC(const cudaLaunchConfig_t*, const void*, void**);
cudaError_t __wrap_cudaLaunchKernelExC(const cudaLaunchConfig_t* configuration, const void* kernel, void** arguments) {
  ++bench::launches;
  return __real_cudaLaunchKernelExC(configuration, kernel, arguments);
}

cudaError_t __real_cudaLaunchCooperativeKernel(const void*, dim3, dim3, void**, size_t, cudaStream_t);
cudaError_t __wrap_cudaLaunchCooperativeKernel(const void* kernel, dim3 grid, dim3 block, void** arguments,
                                               size_t shared, cudaStream_t stream) {
  ++bench::launches;
  return __real_cudaLaunchCooperativeKernel(kernel, grid, block, arguments, shared, stream);
}

#if CUDART_VERSION >= 13000
cudaError_t __real___cudaLaunchKernel(cudaKernel_t, dim3, dim3, void**, size_t, cudaStream_t);
cudaError_t __wrap___cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void** arguments, size_t shared,
                                      cudaStream_t stream) {
  ++bench::launches;
  return __real___cudaLaunchKernel(kernel, grid, block, arguments, shared, stream);
}
#endif
}
