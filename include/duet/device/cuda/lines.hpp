// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
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

/// In which lines are gone through `Width` elements at a time.
template <int Width, class Algorithm, class T, std::size_t N, std::size_t M>
__global__ void __launch_bounds__(most_threads) line_kernel(const __grid_constant__ LineTask<Algorithm, T, N, M> task) {
  alignas(8) __shared__ char shared[most_threads * 8];
  const Team<T, Width> team(task.layout, task.crew, shared);
  const std::size_t start = task.layout.lines[team.number];
  std::array<const T*, N> in = task.from;
  std::array<T*, M> out = task.to;
  for (const T*& line : in) line += start;
  for (T*& line : out) line += start;
  task.algorithm(team, in, out);
}

/// How an algorithm's threads may share the work on a line.
enum class Sharing { none, block, blocks };

template <class Algorithm>
constexpr Sharing sharing_of() {
  if constexpr (requires { Algorithm::in_turn; }) {
    return Sharing::none;
  } else if constexpr (requires { Algorithm::in_one_block; }) {
    return Sharing::block;
  } else {
    return Sharing::blocks;
  }
}

/// How many threads, a power of 2, work on so many units: each gets some of them.
inline unsigned members_for(std::size_t units, unsigned most) {
  return static_cast<unsigned>(std::bit_ceil(std::clamp<std::size_t>((units + 3) / 4, 1, most)));
}

/// Whether lines begin and end where vectors of so many elements do.
inline bool has_vectors(const tensor::LineLayout& layout, std::size_t width) {
  if (layout.elements.count != 1 || layout.elements.step() != 1 || layout.size % width != 0) return false;
  return std::all_of(layout.lines.loops, layout.lines.loops + layout.lines.count,
                     [&](const auto& loop) { return loop.step % width == 0; });
}

/// Who works on lines: threads side by side read numbers side by side. All threads of a block have work.
/// `width`: the elements of a vector, 1 where there are none.
inline Crew crew_for(const tensor::LineLayout& layout, Sharing sharing, std::size_t width) {
  constexpr std::size_t many = 4096, few = 512;  // lines that keep all processors busy, by a warp or by a block each
  const bool across = layout.elements.step() != 1 && layout.lines.step() == 1;
  std::size_t row = across ? std::min<std::size_t>(layout.lines.row(), 32) : 1;
  // what only one block works on is left to more and narrower ones
  while (sharing == Sharing::block && row > 8 && layout.count < 128 * row) row /= 2;
  const unsigned threads = layout.count < few * row ? most_threads : most_threads / 2;
  unsigned most = threads / static_cast<unsigned>(std::bit_ceil(row));
  if (sharing == Sharing::none) {
    most = 1;
  } else if (!across && (layout.size <= 256 || (layout.size <= 1024 && layout.count >= many))) {
    most = 32;
  }
  const std::size_t units = layout.size / (sharing == Sharing::block ? 1 : width);  // neighbours are counted there
  const unsigned members = members_for(units, most);
  return {members, threads / members, across, 1, nullptr};
}

/// Starts the kernel.
template <int Width, class Algorithm, class T, std::size_t N, std::size_t M>
void start_lines(LineTask<Algorithm, T, N, M> task) {
  constexpr auto kernel = &line_kernel<Width, Algorithm, T, N, M>;
  constexpr Sharing sharing = sharing_of<Algorithm>();
  constexpr std::size_t least = 16;  // elements for each thread, where several blocks work on a line
  Crew& crew = task.crew = crew_for(task.layout, sharing, Width);
  const unsigned threads = crew.members * crew.lines;
  const std::size_t groups = (task.layout.count + crew.lines - 1) / crew.lines;
  const bool may_be_split = sharing == Sharing::blocks && groups <= 128;
  const std::size_t wanted = may_be_split ? task.layout.size / (crew.members * least) : 1;
  if (wanted > 1) {
    const std::size_t resident = resident_blocks<kernel, most_threads>();
    crew.blocks = static_cast<unsigned>(std::clamp<std::size_t>(resident / groups, 1, wanted));
  }
  const auto grid = static_cast<unsigned>(groups * crew.blocks);
  if (crew.blocks == 1) {
    kernel<<<grid, threads, 0, current_stream()>>>(task);
    return check(cudaGetLastError(), "starting a kernel");
  }
  Buffer<double> sums(std::size_t{2} * grid * crew.lines);
  crew.sums = sums.data();
  void* arguments[] = {&task};
  check(cudaLaunchCooperativeKernel(reinterpret_cast<const void*>(kernel), dim3(grid), dim3(threads), arguments, 0,
                                    current_stream()),
        "cudaLaunchCooperativeKernel");
}

}  // namespace device::cuda

template <>
struct tensor::LineWork<Device> {
  template <class Algorithm, class T, std::size_t N, std::size_t M>
  static void run(const Lines& lines, const Algorithm& algorithm, const std::array<const T*, N>& from,
                  const std::array<T*, M>& to) {
    if (lines.count() == 0) return;
    constexpr int vector = 16 / sizeof(T);
    const device::cuda::LineTask<Algorithm, T, N, M> task{lines.layout(), algorithm, from, to, {}};
    if constexpr (device::cuda::sharing_of<Algorithm>() != device::cuda::Sharing::none) {
      const auto aligned = [](const auto& arrays) {
        return std::all_of(arrays.begin(), arrays.end(),
                           [](const T* x) { return device::cuda::is_aligned<vector>(x); });
      };
      if (device::cuda::has_vectors(lines.layout(), vector) && aligned(from) && aligned(to)) {
        return device::cuda::start_lines<vector>(task);
      }
    }
    device::cuda::start_lines<1>(task);
  }
};

}  // namespace duet
