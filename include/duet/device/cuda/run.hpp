// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <atomic>

#include <duet/device/cuda/fused.hpp>
#include <duet/device/cuda/pass.hpp>
#include <duet/device/cuda/scratch.hpp>
#include <duet/device/cuda/sum_axes.hpp>

/// Starting the kernels of a pass.
namespace duet::device::cuda {

/// The blocks of `kernel` that the current device runs at a time.
template <auto Kernel>
unsigned resident_blocks() {
  constexpr int most = 64;
  static std::atomic<unsigned> known[most];
  int device = 0;
  check(cudaGetDevice(&device), "asking for the current device");
  unsigned blocks = device < most ? known[device].load(std::memory_order_relaxed) : 0;
  if (blocks == 0) {
    int processors = 0, each = 0;
    check(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device), "asking for the device's size");
    check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&each, Kernel, threads, 0), "asking how a kernel fits");
    blocks = static_cast<unsigned>(processors * std::max(each, 1));
    if (device < most) known[device].store(blocks, std::memory_order_relaxed);
  }
  return blocks;
}

template <class T>
bool is_aligned(const T* data) {
  return reinterpret_cast<std::uintptr_t>(data) % sizeof(Vector<T>) == 0;
}

/// Runs the graph that `Maker` makes on all elements of a pass, whose pointers are to memory of the current device.
/// Outputs that are as large as the whole, or one number, take one kernel; such as are summed over some axes one more
/// each. Nothing waits for the kernels. Throws Error.
template <class Maker, class T, int N, int P, int M>
class Run {
  using Program = ProgramOf<Maker>;
  static constexpr int A = N > 0 ? N : 1;

 public:
  Run(const tensor::Pass<T, N, P, M>& pass, Scratch& scratch)
      : pass_(pass), scratch_(scratch), size_(tensor::size_of(*pass.whole)) {
    direct();
    if (is_even()) {
      even();
    } else {
      uneven();
    }
    check(cudaGetLastError(), "starting a kernel");
    for (int k = 0; k < M; ++k) {
      if (between_[k]) sum_axes<T>(between_[k], *pass.whole, pass.to[k], *pass.to_shape[k], scratch);
    }
  }

 private:
  /// Whether output `k` is wanted and the first that goes to its target.
  bool is_target(int k) const { return pass_.to[k] && pass_.first[k] == k; }

  void direct() {
    const auto is_partial = [&](int k) {
      const std::size_t size = tensor::size_of(*pass_.to_shape[k]);
      return is_target(k) && size != size_ && size != 1;
    };
    const std::size_t stride = (size_ + Vector<T>::size - 1) / Vector<T>::size * Vector<T>::size;
    std::size_t partial = 0;
    for (int k = 0; k < M; ++k) partial += is_partial(k) ? 1 : 0;
    T* room = partial > 0 ? scratch_.template arrays<T>(partial * stride + 1) : nullptr;
    results_.size = size_;
    results_.aligned = true;
    for (int k = 0; k < M; ++k) {
      results_.first[k] = pass_.to[k] ? pass_.first[k] : k;
      results_.shared = results_.shared || results_.first[k] != k;
      if (!is_target(k)) continue;
      if (is_partial(k)) {
        results_.stored[k] = between_[k] = room;
        room += stride;
      } else if (tensor::size_of(*pass_.to_shape[k]) == size_) {
        results_.stored[k] = pass_.to[k];
      } else {
        results_.total[k] = pass_.to[k];
        results_.sums = true;
      }
      results_.aligned = results_.aligned && is_aligned(results_.stored[k]);
    }
  }

  bool is_even() const {
    if (size_ == 0) return true;
    for (int k = 0; k < N; ++k) {
      const std::size_t size = pass_.from[k] ? tensor::size_of(*pass_.from_shape[k]) : 1;
      if (size != size_ && size != 1) return false;
    }
    return true;
  }

  /// Gives the kernel room for its sums.
  template <class Parameters>
  void prepare(Parameters& p, unsigned blocks) {
    p.results = results_;
    if (!results_.sums || blocks == 1) return;
    p.results.block_sums = scratch_.template sums<T>(std::size_t{M} * blocks);
    p.results.counter = scratch_.counters();
  }

  void even() {
    constexpr auto kernel = &even_kernel<Program, T, N, P, M>;
    constexpr std::size_t U = unroll<Program, T, N>();
    const std::size_t vectors = (size_ + Vector<T>::size - 1) / Vector<T>::size;
    const std::size_t resident = resident_blocks<kernel>();
    Even<T, N, P, M> p{};
    p.aligned = true;
    for (int k = 0; k < N; ++k) {
      p.from[k] = pass_.from[k];
      p.full[k] = pass_.from[k] && tensor::size_of(*pass_.from_shape[k]) == size_;
      p.aligned = p.aligned && (!p.full[k] || is_aligned(pass_.from[k]));
    }
    std::copy_n(pass_.numbers, P, p.numbers);
    // a thread's vectors lie a block apart, or, where there are not enough of them for all blocks, far apart
    std::size_t blocks = (vectors + threads * U - 1) / (threads * U);
    if (blocks >= resident) {
      blocks = std::min(blocks, resident);
      p.sweep = {threads * U, threads, blocks * threads * U};
    } else {
      blocks = std::clamp<std::size_t>((vectors + threads - 1) / threads, 1, resident);
      p.sweep = {threads, blocks * threads, blocks * threads * U};
    }
    prepare(p, static_cast<unsigned>(blocks));
    kernel<<<static_cast<unsigned>(blocks), threads, 0, scratch_.stream()>>>(p);
  }

  void uneven() {
    constexpr auto kernel = &uneven_kernel<Program, T, N, P, M>;
    constexpr std::size_t V = Vector<T>::size;
    Uneven<T, N, P, M> p{};
    p.axes = Axes<N>::of(*pass_.whole, [&](int k) { return pass_.from[k] ? pass_.from_shape[k] : pass_.whole; });
    p.small = size_ < std::size_t{1} << 31;
    p.vectors = p.axes.size[0].value % V == 0;
    for (int k = 0; k < N; ++k) {
      p.from[k] = pass_.from[k];
      p.vectors = p.vectors && (p.axes.step[0][k] == 0 || is_aligned(pass_.from[k]));
    }
    std::copy_n(pass_.numbers, P, p.numbers);
    const std::size_t blocks =
        std::clamp<std::size_t>((size_ + V * threads - 1) / (V * threads), 1, resident_blocks<kernel>());
    prepare(p, static_cast<unsigned>(blocks));
    kernel<<<static_cast<unsigned>(blocks), threads, 0, scratch_.stream()>>>(p);
  }

  const tensor::Pass<T, N, P, M>& pass_;
  Scratch& scratch_;
  std::size_t size_;
  Results<T, M> results_{};
  T* between_[M]{};
};

template <class Maker, class T, int N, int P, int M>
void run(const tensor::Pass<T, N, P, M>& pass, cudaStream_t stream) {
  Run<Maker, T, N, P, M>(pass, Scratch::of(stream));
}

}  // namespace duet::device::cuda
