// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <bit>

#include <duet/device/buffer.hpp>
#include <duet/device/cuda/launch.hpp>
#include <duet/device/cuda/team.hpp>
#include <duet/tensor/lines.hpp>

/// Lines of arrays on a GPU: one kernel for an algorithm, whatever the axes.
namespace duet {

namespace device::cuda {

/// An algorithm, its arrays, and who works on them.
template <class Algorithm, class T, std::size_t N, std::size_t M>
struct LineTask {
  tensor::LineLayout layout;
  Algorithm algorithm;
  std::array<const T*, N> from;
  std::array<T*, M> to;
  Crew crew;
};

/// The largest blocks of these kernels.
inline constexpr int most_threads = 512;

template <class Algorithm, class T, std::size_t N, std::size_t M>
__global__ void __launch_bounds__(most_threads) line_kernel(const __grid_constant__ LineTask<Algorithm, T, N, M> task) {
  alignas(8) __shared__ char shared[most_threads * 8];
  const Team<T> team(task.layout, task.crew, shared);
  const std::size_t start = task.layout.lines[team.number];
  std::array<const T*, N> in = task.from;
  std::array<T*, M> out = task.to;
  for (const T*& line : in) line += start;
  for (T*& line : out) line += start;
  task.algorithm(team, in, out);
}

/// How many threads, a power of 2, work on a line of so many elements: each gets some of them.
inline unsigned members_for(std::size_t size, unsigned most) {
  return static_cast<unsigned>(std::bit_ceil(std::clamp<std::size_t>((size + 3) / 4, 1, most)));
}

/// Who works on lines: threads side by side read numbers side by side. All threads of a block have work.
inline Crew crew_for(const tensor::LineLayout& layout, bool in_turn) {
  constexpr std::size_t many = 4096, few = 512;  // lines that keep all processors busy, by a warp or by a block each
  const bool across = layout.elements.step() != 1 && layout.lines.step() == 1;
  const std::size_t row = across ? std::min<std::size_t>(layout.lines.row(), 32) : 1;
  const unsigned threads = layout.count < few * row ? most_threads : most_threads / 2;
  unsigned most = threads / static_cast<unsigned>(std::bit_ceil(row));
  if (in_turn) {
    most = 1;
  } else if (!across && (layout.size <= 256 || (layout.size <= 1024 && layout.count >= many))) {
    most = 32;
  }
  const unsigned members = members_for(layout.size, most);
  return {members, threads / members, across, 1, nullptr};
}

}  // namespace device::cuda

template <>
struct tensor::LineWork<Device> {
  template <class Algorithm, class T, std::size_t N, std::size_t M>
  static void run(const Lines& lines, const Algorithm& algorithm, const std::array<const T*, N>& from,
                  const std::array<T*, M>& to) {
    if (lines.count() == 0) return;
    constexpr auto kernel = &device::cuda::line_kernel<Algorithm, T, N, M>;
    constexpr bool in_turn = requires { Algorithm::in_turn; };
    device::cuda::LineTask<Algorithm, T, N, M> task{lines.layout(), algorithm, from, to,
                                                    device::cuda::crew_for(lines.layout(), in_turn)};
    device::cuda::Crew& crew = task.crew;
    const unsigned threads = crew.members * crew.lines;
    const std::size_t groups = (lines.count() + crew.lines - 1) / crew.lines;
    constexpr std::size_t least = 16;  // elements for each thread, where several blocks work on a line
    const std::size_t wanted = in_turn || groups > 128 ? 1 : lines.size() / (crew.members * least);
    if (wanted > 1) {
      const std::size_t resident = device::cuda::resident_blocks<kernel, device::cuda::most_threads>();
      crew.blocks = static_cast<unsigned>(std::clamp<std::size_t>(resident / groups, 1, wanted));
    }
    const auto grid = static_cast<unsigned>(groups * crew.blocks);
    if (crew.blocks == 1) {
      kernel<<<grid, threads, 0, device::current_stream()>>>(task);
      return device::check(cudaGetLastError(), "starting a kernel");
    }
    device::Buffer<double> sums(std::size_t{2} * grid * crew.lines);
    crew.sums = sums.data();
    void* arguments[] = {&task};
    device::check(cudaLaunchCooperativeKernel(reinterpret_cast<const void*>(kernel), dim3(grid), dim3(threads),
                                              arguments, 0, device::current_stream()),
                  "cudaLaunchCooperativeKernel");
  }
};

}  // namespace duet
