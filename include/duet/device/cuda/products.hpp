// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <cublas_v2.h>

#include <duet/device/cuda/runtime.hpp>
#include <duet/tensor/product.hpp>

/// Products of matrices on a GPU, by cuBLAS. Programs are linked with it (-lcublas).
namespace duet {

namespace device {

/// Throws Error unless a call of cuBLAS went well.
inline void check(cublasStatus_t status, const char* call) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  throw Error(std::string("device: ") + call + ": " + cublasGetStatusString(status));
}

/// cuBLAS as the calling thread uses it, with results that are the same on every run.
class Blas {
 public:
  /// For work in the current stream.
  static cublasHandle_t here() {
    thread_local Blas blas;
    check(cublasSetStream(blas.handle_, current_stream()), "cublasSetStream");
    return blas.handle_;
  }
  Blas(const Blas&) = delete;
  Blas& operator=(const Blas&) = delete;
  ~Blas() { (void)cublasDestroy(handle_); }

 private:
  Blas() {
    check_device();
    check(cublasCreate(&handle_), "cublasCreate");
    check(cublasSetAtomicsMode(handle_, CUBLAS_ATOMICS_NOT_ALLOWED), "cublasSetAtomicsMode");
  }

  cublasHandle_t handle_;
};

}  // namespace device

template <>
struct tensor::Products<Device> {
  template <class T>
  static void gemm(bool a_transposed, bool b_transposed, std::size_t m, std::size_t n, std::size_t k, const T* a,
                   const T* b, bool adds, T* c) {
    gemms(a_transposed, b_transposed, m, n, k, a, b, c, 1, 0, 0, 0, adds);
  }

  /// Row by row a matrix is the transpose of what cuBLAS sees, so it is asked for C^T = B^T A^T.
  template <class T>
  static void gemms(bool a_transposed, bool b_transposed, std::size_t m, std::size_t n, std::size_t k, const T* a,
                    const T* b, T* c, std::size_t size, std::size_t a_step, std::size_t b_step, std::size_t c_step,
                    bool adds = true) {
    if (m == 0 || n == 0 || size == 0) return;
    if (k == 0) {
      if (!adds) device::check(cudaMemsetAsync(c, 0, m * n * sizeof(T), device::current_stream()), "cudaMemsetAsync");
      return;
    }
    if (size > 1 && c_step == 0) {  // all to one matrix, one after the other
      for (std::size_t i = 0; i < size; ++i) {
        gemms(a_transposed, b_transposed, m, n, k, a + i * a_step, b + i * b_step, c, 1, 0, 0, 0, adds || i > 0);
      }
      return;
    }
    const T one = 1, rest = adds ? T(1) : T(0);
    const int rows = blas::int_of(m), columns = blas::int_of(n), terms = blas::int_of(k);
    const auto step = [](std::size_t of) { return static_cast<long long>(of); };
    const auto call = [&](auto gemm_of) {
      device::check(gemm_of(device::Blas::here(), b_transposed ? CUBLAS_OP_T : CUBLAS_OP_N,
                            a_transposed ? CUBLAS_OP_T : CUBLAS_OP_N, columns, rows, terms, &one, b,
                            b_transposed ? terms : columns, step(b_step), a, a_transposed ? rows : terms, step(a_step),
                            &rest, c, columns, step(c_step), blas::int_of(size)),
                    "a product of matrices");
    };
    if constexpr (std::same_as<T, double>) {
      call(cublasDgemmStridedBatched);
    } else {
      call(cublasSgemmStridedBatched);
    }
  }
};

}  // namespace duet
