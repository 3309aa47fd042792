// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <bit>
#include <optional>

#include <duet/device/buffer.hpp>
#include <duet/device/cuda/team.hpp>
#include <duet/tensor/lines.hpp>

/// Lines of arrays on a GPU: one kernel for an algorithm, whatever the axes.
namespace duet {

namespace device {

/// An algorithm, its arrays, and who works on them.
template <class Algorithm, class T, std::size_t N, std::size_t M>
struct LineTask {
  tensor::LineLayout layout;
  Algorithm algorithm;
  std::array<const T*, N> from;
  std::array<T*, M> to;
  Crew crew;
};

inline constexpr unsigned most_threads = 512;

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

/// How many blocks of a kernel the current GPU can run at a time.
template <class Kernel>
std::size_t resident_blocks(Kernel* kernel, unsigned threads) {
  int device = 0, processors = 0, each = 0;
  check(cudaGetDevice(&device), "cudaGetDevice");
  check(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device), "cudaDeviceGetAttribute");
  check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&each, kernel, static_cast<int>(threads), 0),
        "cudaOccupancyMaxActiveBlocksPerMultiprocessor");
  return static_cast<std::size_t>(processors) * static_cast<std::size_t>(each);
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

}  // namespace device

template <>
struct tensor::LineWork<Device> {
  template <class Algorithm, class T, std::size_t N, std::size_t M>
  static void run(const Lines& lines, const Algorithm& algorithm, const std::array<const T*, N>& from,
                  const std::array<T*, M>& to) {
    if (lines.count() == 0) return;
    constexpr auto* kernel = &device::line_kernel<Algorithm, T, N, M>;
    constexpr bool in_turn = requires { Algorithm::in_turn; };
    device::LineTask<Algorithm, T, N, M> task{lines.layout(), algorithm, from, to,
                                              device::crew_for(lines.layout(), in_turn)};
    device::Crew& crew = task.crew;
    const unsigned threads = crew.members * crew.lines;
    const std::size_t groups = (lines.count() + crew.lines - 1) / crew.lines;
    // few long lines: several blocks for each
    constexpr std::size_t least = 16;  // elements for each thread
    std::optional<device::Buffer<double>> sums;
    const std::size_t wanted = in_turn || groups > 128 ? 1 : lines.size() / (crew.members * least);
    if (wanted > 1) {
      const std::size_t blocks = std::min(wanted, device::resident_blocks(kernel, threads) / groups);
      crew.blocks = static_cast<unsigned>(std::max(blocks, std::size_t{1}));
    }
    const auto grid = static_cast<unsigned>(groups * crew.blocks);
    if (crew.blocks == 1) {
      kernel<<<grid, threads, 0, device::current_stream()>>>(task);
      return device::check(cudaGetLastError(), "a kernel for lines");
    }
    crew.sums = sums.emplace(std::size_t{2} * grid * crew.lines).data();
    void* arguments[] = {&task};
    device::check(cudaLaunchCooperativeKernel(reinterpret_cast<const void*>(kernel), dim3(grid), dim3(threads),
                                              arguments, 0, device::current_stream()),
                  "cudaLaunchCooperativeKernel");
  }
};

}  // namespace duet
