// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cpu/parallel.hpp>
#include <duet/tensor/lines.hpp>

/// Lines of device arrays whose device is a processor: what host tensors do, on blocks of lines. Where a block ends
/// depends on the shape alone, and a line is worked on as a whole, so results do not depend on the number of threads.
namespace duet {

template <>
struct tensor::LineWork<Device> {
  template <class Algorithm, class T, std::size_t N, std::size_t M>
  static void run(const Lines& lines, const Algorithm& algorithm, const std::array<const T*, N>& from,
                  const std::array<T*, M>& to) {
    constexpr std::size_t grain = std::size_t{1} << 13;  // elements that are worth a thread's attention
    constexpr std::size_t together = 64;                 // lines that are not torn apart: they may share batches
    const HostLines<Algorithm, T, N, M> work(lines.layout(), algorithm, from, to);
    const std::size_t least = (grain + lines.size()) / (lines.size() + 1);
    const std::size_t block = lines.size() < grain ? (least + together - 1) / together * together : std::size_t{1};
    if (lines.count() <= block) return work.run(0, lines.count());
    device::for_each_index((lines.count() + block - 1) / block,
                           [&](std::size_t k) { work.run(k * block, std::min((k + 1) * block, lines.count())); });
  }
};

}  // namespace duet
