// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cuda/nest.hpp>
#include <duet/device/cuda/start.hpp>

/// Adding at places some of which may be the same, without atomic operations: the sums have the same bits on every run.
namespace duet::device::cuda {

/// The places are sorted, and a thread adds up what belongs to one of them, in the order of the layout. So that no
/// thread is busy for long, they are cut into chunks, whose sums are added up afterwards.
template <class T>
struct Additions {
  static constexpr Integer chunk = 64;

  const Integer *places, *positions;  ///< sorted, and where they were in the table
  Integer count;
  Nest others;           ///< the other loops
  Divisor size, inside;  ///< of the loop that has the table, and of those inside of it together
  std::uint64_t other_size;
  Integer stride;  ///< from one position in the table to the next, in the layout
  T* a;
  const T* b;
  T* sums;  ///< for each chunk that goes on with the last place of the one before: `other_size` numbers

  /// Whether place `s` is the same as the one before.
  __device__ bool goes_on(Integer s) const { return s > 0 && places[s - 1] == places[s]; }
};

template <class T>
__global__ void __launch_bounds__(threads) add_chunks(Additions<T> all) {
  const std::uint64_t e = std::uint64_t{blockIdx.x} * threads + threadIdx.x;
  if (e >= all.other_size * all.size.value) return;
  const std::uint64_t outside = all.inside.quotient(e, all.others.small), in = e - outside * all.inside.value;
  const std::uint64_t out = all.size.quotient(outside, all.others.small), other = out * all.inside.value + in;
  auto s = static_cast<Integer>(outside - out * all.size.value);
  const bool is_first = !all.goes_on(s);
  if (!is_first && s % all.chunk != 0) return;

  const Nest::At at = all.others.locate(other);
  const Integer place = all.places[s], next = (s / all.chunk + 1) * all.chunk;
  const Integer end = next < all.count ? next : all.count;
  T* const to =
      is_first ? all.a + at.a + place : all.sums + s / all.chunk * static_cast<Integer>(all.other_size) + other;
  T sum = is_first ? *to : T(0);
  do {
    sum += all.b[at.b + all.positions[s] * all.stride];
  } while (++s < end && all.places[s] == place);
  *to = sum;
}

/// Adds to each place that is the last of a chunk, and the first of which is there, what the next chunks have for it.
template <class T>
__global__ void __launch_bounds__(threads) add_sums(Additions<T> all) {
  const std::uint64_t e = std::uint64_t{blockIdx.x} * threads + threadIdx.x;
  const std::uint64_t chunk = e / all.other_size, other = e - chunk * all.other_size;
  const Integer begin = static_cast<Integer>(chunk) * all.chunk;
  Integer next = begin + all.chunk;
  if (next >= all.count || !all.goes_on(next)) return;
  const Integer place = all.places[next];
  if (all.places[begin] == place && all.goes_on(begin)) return;

  T* const to = all.a + all.others.locate(other).a + place;
  T sum = *to;
  for (; next < all.count && all.places[next] == place; next += all.chunk) {
    sum += all.sums[next / all.chunk * static_cast<Integer>(all.other_size) + static_cast<Integer>(other)];
  }
  *to = sum;
}

/// Starts them for an array, a layout, and loops one of which has a table.
template <class T>
void add_at_table(const tensor::Loops& loops, T* array, const T* layout) {
  Additions<T> all{};
  all.a = array + loops.a;
  all.b = layout + loops.b;
  all.other_size = 1;
  all.inside = Divisor(1);
  std::uint64_t inside = 1;
  for (std::size_t k = loops.list.size(); k-- > 0;) {
    const tensor::Loops::Loop& loop = loops.list[k];
    if (loop.table) {
      const SortedPlaces& sorted = loop.whole->elsewhere<DeviceTable>().sorted();
      all.places = sorted.places.data();
      all.positions = sorted.positions.data();
      all.count = static_cast<Integer>(loop.size);
      all.size = Divisor(loop.size);
      all.inside = Divisor(inside);
      all.stride = loop.b;
    } else {
      all.others.add(loop);
      all.other_size *= loop.size;
      inside *= loop.size;
    }
  }
  const std::uint64_t size = loops.size(), chunks = (static_cast<std::uint64_t>(all.count) - 1) / all.chunk + 1;
  all.others.small = is_small(size);
  Buffer<T> sums(chunks > 1 ? chunks * all.other_size : 1);
  all.sums = sums.data();
  start(add_chunks<T>, blocks_for(size, threads), all);
  if (chunks > 1) start(add_sums<T>, blocks_for((chunks - 1) * all.other_size, threads), all);
}

}  // namespace duet::device::cuda
