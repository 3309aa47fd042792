// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cuda/add_kernels.hpp>
#include <duet/device/cuda/generate.hpp>
#include <duet/device/cuda/move_kernels.hpp>

/// Moving elements of device arrays whose device is a GPU: one kernel for a move, two for long sums.
namespace duet {

namespace device::cuda {

/// Loads, stores, or adds to places of which no two are the same: finds the kernel for that, and starts it.
template <class Way, class T, class A, class B>
class Move {
  using Loop = tensor::Loops::Loop;
  static constexpr int lump = 16 / sizeof(T), lump_bits = lump == 2 ? 1 : 2;
  static constexpr std::size_t least_side = 16;  // of what is worth a tile

 public:
  Move(const tensor::Loops& loops, A* array, B* layout)
      : loops_(loops.list), size_(loops.size()), a_(array + loops.a), b_(layout + loops.b) {
    if (crosses(loops)) {
      tiles();
    } else if (moves_lumps()) {
      using ToA = std::conditional_t<std::is_const_v<A>, const Lump<T, lump>*, Lump<T, lump>*>;
      using ToB = std::conditional_t<std::is_const_v<B>, const Lump<T, lump>*, Lump<T, lump>*>;
      Nest nest;
      nest.small = is_small(size_);
      for (std::size_t k = loops_.size(); k-- > 0;) {
        Loop loop = loops_[k];
        if (k + 1 == loops_.size()) {
          loop.size /= lump;
        } else {
          loop.a /= lump;
          loop.b /= lump;
        }
        nest.add(loop);
      }
      start(move_elements<Way, ToA, ToB>, blocks_for(size_ / lump, each_block), nest, size_ / lump, lump_bits,
            reinterpret_cast<ToA>(a_), reinterpret_cast<ToB>(b_));
    } else {
      start(move_elements<Way, A*, B*>, blocks_for(size_, each_block), nest_of(loops_.size()), size_, 0, a_, b_);
    }
  }

  /// The `count` outermost loops.
  static Nest nest_of(const xt::svector<Loop, 4>& loops, std::size_t count, std::uint64_t size) {
    Nest nest;
    for (std::size_t k = count; k-- > 0;) nest.add(loops[k]);
    nest.small = is_small(size);
    return nest;
  }

 private:
  Nest nest_of(std::size_t count) const { return nest_of(loops_, count, size_); }

  bool crosses(const tensor::Loops& loops) const {
    if (!loops.turned) return false;
    const Loop &along = loops_[loops_.size() - 2], &across = loops_.back();
    return across.b == 1 && along.size >= least_side && across.size >= least_side &&
           size_ / (least_side * least_side) < std::size_t{1} << 31;
  }
  void tiles() {
    const Loop &along = loops_[loops_.size() - 2], &across = loops_.back();
    const auto in_tiles = [](std::size_t size) { return (size + Tiles::side - 1) / Tiles::side; };
    Tiles tiles;
    tiles.outer = nest_of(loops_.size() - 2);
    tiles.along_a = along.a;
    tiles.along_b = along.b;
    tiles.across_a = across.a;
    tiles.along = along.size;
    tiles.across = across.size;
    tiles.along_tiles = Divisor(in_tiles(along.size));
    tiles.across_tiles = Divisor(in_tiles(across.size));
    const std::size_t outer = size_ / along.size / across.size;
    start(move_tiles<Way, T, A, B>, blocks_for(outer * tiles.along_tiles.value * tiles.across_tiles.value, 1), tiles,
          a_, b_);
  }

  /// Whether 16 bytes at a time can be moved.
  bool moves_lumps() const {
    const Loop& inner = loops_.back();
    if (inner.table || inner.a != 1 || inner.b != 1 || inner.size % lump != 0) return false;
    for (std::size_t k = 0; k + 1 < loops_.size(); ++k) {
      const Loop& loop = loops_[k];
      if (loop.b % lump != 0 || loop.a % lump != 0) return false;
      if (loop.table && !loop.whole->elsewhere<DeviceTable>().are_multiples(lump)) return false;
    }
    return is_aligned<lump>(a_) && is_aligned<lump>(b_);
  }

  const xt::svector<Loop, 4>& loops_;
  std::uint64_t size_;
  A* a_;
  B* b_;
};

/// The outermost loop that has no table, if there are more than kernels go through; else the number of loops.
inline std::size_t loop_too_many(const tensor::Loops& loops) {
  const auto counts = [](const tensor::Loops::Loop& loop) { return loop.size > 1 || loop.table; };
  const std::size_t none = loops.list.size();
  if (std::count_if(loops.list.begin(), loops.list.end(), counts) <= Nest::most) return none;
  std::size_t k = 0;
  while (loops.list[k].size == 1 || loops.list[k].table) ++k;
  return k;
}

}  // namespace device::cuda

template <>
struct tensor::Moves<Device> {
  template <class Way, class A, class B>
  static void run(const Loops& loops, A* array, B* layout) {
    namespace cuda = device::cuda;
    using T = std::remove_const_t<B>;
    if (loops.empty) return;
    if (const std::size_t k = cuda::loop_too_many(loops); k < loops.list.size()) {
      for (std::size_t i = 0; i < loops.list[k].size; ++i) run<Way>(loops.part(k, i, 1), array, layout);
      return;
    }
    if constexpr (std::same_as<Way, Fills>) {
      const cuda::Nest nest = cuda::Move<Way, T, A, B>::nest_of(loops.list, loops.list.size(), loops.size());
      cuda::start(cuda::move_elements<Way, A*, cuda::Same<T>>, cuda::blocks_for(loops.size(), cuda::each_block), nest,
                  loops.size(), 0, array + loops.a, cuda::Same<T>{*layout});
    } else {
      if constexpr (std::same_as<Way, Adds>) {
        const auto has_table = [](const Loops::Loop& loop) { return loop.table != nullptr; };
        if (std::any_of(loops.list.begin(), loops.list.end(), has_table)) {
          return cuda::add_at_table(loops, array, layout);
        }
      }
      cuda::Move<Way, T, A, B>(loops, array, layout);
    }
  }

  template <class T>
  static void triangle(const Triangle& triangle, const T* from, std::size_t rows, T* to) {
    const auto columns = static_cast<std::size_t>(triangle.columns), size = rows * columns;
    generate(to, size,
             device::cuda::TriangleOf<T>{triangle, device::cuda::Divisor(static_cast<std::size_t>(triangle.rows)),
                                         device::cuda::Divisor(columns), device::cuda::is_small(size), from});
  }

  template <class T, class F>
  static void generate(T* to, std::size_t size, const F& f) {
    device::cuda::generate(to, size, f);
  }
};

}  // namespace duet
