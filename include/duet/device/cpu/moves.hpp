// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cpu/parallel.hpp>
#include <duet/tensor/moves.hpp>

/// Moving elements of device arrays whose device is a processor: the loops of host tensors, in parts.
namespace duet {

namespace device {

/// Calls `f(begin, end)` for parts of the indices below `count`, each of which stands for `size / count` elements.
template <class F>
void for_each_part(std::size_t count, std::size_t size, const F& f) {
  constexpr std::size_t grain = std::size_t{1} << 14, most = 64;
  const std::size_t parts = std::clamp(size / grain, std::size_t{1}, std::min(most, std::max(count, std::size_t{1})));
  for_each_index(parts, [&](std::size_t i) { f(count * i / parts, count * (i + 1) / parts); });
}

/// The loop that is divided among threads, one whose steps write different elements; the number of loops if there is
/// none.
template <class Way>
std::size_t divided_loop(const tensor::Loops& loops) {
  constexpr std::size_t enough = 64;  // for this many steps an outer loop is better than a longer one
  const std::size_t count = loops.list.size();
  std::size_t best = count;
  for (std::size_t k = 0; k < count; ++k) {
    const tensor::Loops::Loop& loop = loops.list[k];
    if (Way::may_repeat && (loop.table || loop.a == 0)) continue;
    if (best == count || loop.size > loops.list[best].size) best = k;
    if (loop.size >= enough) break;
  }
  return best;
}

}  // namespace device

template <>
struct tensor::Moves<Device> {
  template <class Way, class A, class B>
  static void run(const Loops& loops, A* array, B* layout) {
    const std::size_t divided = device::divided_loop<Way>(loops);
    if (divided == loops.list.size()) return Moves<Host>::run<Way>(loops, array, layout);
    const std::size_t steps = loops.list[divided].size;
    const std::size_t unit = divided + 1 == loops.list.size() ? 64 : 1;  // threads share few lines of the cache
    device::for_each_part((steps + unit - 1) / unit, loops.size(), [&](std::size_t begin, std::size_t end) {
      const std::size_t first = begin * unit;
      Moves<Host>::run<Way>(loops.part(divided, first, std::min(end * unit, steps) - first), array, layout);
    });
  }

  template <class T>
  static void triangle(const Triangle& triangle, const T* from, std::size_t rows, T* to) {
    const auto columns = static_cast<std::size_t>(triangle.columns);
    device::for_each_part(rows, rows * columns, [&](std::size_t begin, std::size_t end) {
      Moves<Host>::triangle(triangle, from + begin * columns, end - begin, to + begin * columns, begin);
    });
  }

  template <class T, class F>
  static void generate(T* to, std::size_t size, const F& f) {
    device::for_each_part((size + F::width - 1) / F::width, size, [&](std::size_t begin, std::size_t end) {
      const std::size_t first = begin * F::width;
      Moves<Host>::generate(to + first, std::min(end * F::width, size) - first, f, begin);
    });
  }
};

}  // namespace duet
