// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <new>
#include <utility>
#include <vector>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

/// The memory of tensors. Large blocks are kept when they are given back, since fresh memory costs a page fault for
/// every 4 KiB, which is more than what most operations cost.
namespace duet {

/// What the calling thread's tensors take.
struct TensorMemory {
  std::ptrdiff_t bytes;     ///< in tensors that are alive
  std::ptrdiff_t peak;      ///< the most that `bytes` has been since the last `reset_peak_memory`
  std::ptrdiff_t kept;      ///< given back and kept for later
  std::size_t allocations;  ///< how many blocks have been asked for
};

namespace tensor {

/// Blocks of one thread that are kept when they are given back, for the next who asks for as much. A block may be given
/// back by another thread than the one that took it; it is kept there. `Source` says where blocks come from:
/// - `make(size)` and `discard(block)`, from the system and back; `make` throws where there is no such block;
/// - `least`, the size in bytes of the smallest blocks, and whether those that are smaller still are kept, too;
/// - `Order` and `order()`: whoever takes a block works on it after those who had it before, if they have the same
/// order.
template <class Source>
class BlockPool {
 public:
  using Order = typename Source::Order;

  static BlockPool& here() {
    thread_local BlockPool pool;
    return pool;
  }
  /// Of what the calling thread does now.
  static Order order() { return Source::order(); }

  BlockPool() = default;
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;
  ~BlockPool() {
    release();
    ended = true;
  }

  void* take(std::size_t bytes) {
    void* const block = block_of(bytes);
    ++facts_.allocations;
    facts_.bytes += static_cast<std::ptrdiff_t>(bytes);
    if (facts_.bytes > facts_.peak) facts_.peak = facts_.bytes;
    return block;
  }

  /// `order`: that of the work on the block.
  void give_back(void* block, std::size_t bytes, Order order = Source::order()) noexcept {
    facts_.bytes -= static_cast<std::ptrdiff_t>(bytes);
    if (!is_kept(bytes)) return Source::discard(block);
    const std::size_t size = rounded(bytes);
    try {
      kept_[{order, size}].push_back(block);
      facts_.kept += static_cast<std::ptrdiff_t>(size);
    } catch (const std::bad_alloc&) {
      Source::discard(block);
    }
  }

  /// Gives a block back to the system, whose size is not known any more.
  static void discard(void* block) noexcept { Source::discard(block); }

  /// Gives what is kept back to the system.
  void release() noexcept {
    for (auto& [key, blocks] : kept_) {
      for (void* block : blocks) Source::discard(block);
      blocks.clear();
    }
    facts_.kept = 0;
  }

  TensorMemory& facts() { return facts_; }

  /// Whether this thread's pool is gone, as it is for what static objects destroy last.
  static inline thread_local bool ended = false;

 private:
  static constexpr int steps = 8;  // sizes between a power of two and the next

  static bool is_kept(std::size_t bytes) { return Source::keeps_small || bytes >= Source::least; }
  static std::size_t rounded(std::size_t bytes) {
    if (bytes <= Source::least) return Source::least;
    const std::size_t step = std::bit_floor(bytes) / steps;
    return (bytes + step - 1) / step * step;
  }

  void* block_of(std::size_t bytes) {
    if (!is_kept(bytes)) return Source::make(bytes);
    const std::size_t size = rounded(bytes);
    std::vector<void*>& kept = kept_[{Source::order(), size}];
    if (kept.empty()) return fresh(size);
    void* const block = kept.back();
    kept.pop_back();
    facts_.kept -= static_cast<std::ptrdiff_t>(size);
    return block;
  }

  void* fresh(std::size_t size) {
    try {
      return Source::make(size);
    } catch (const std::exception&) {
      release();
      return Source::make(size);
    }
  }

  std::map<std::pair<Order, std::size_t>, std::vector<void*>> kept_;
  TensorMemory facts_{};
};

/// The main memory, whose small blocks the system hands out fast enough.
struct MainMemory {
  static constexpr std::size_t least = std::size_t{1} << 15;
  static constexpr bool keeps_small = false;

  /// A thread does one thing after the other.
  struct Order {
    auto operator<=>(const Order&) const = default;
  };
  static Order order() { return {}; }

  /// A block from the system; a large one in pages of 2 MiB, where the system has them for the asking. To go through
  /// several arrays of 10^7 numbers then takes two thirds of the time, since the processor looks up 512 times fewer
  /// pages, and a fresh block costs 512 times fewer page faults.
  static void* make(std::size_t size) {
    void* const block = ::operator new(size, alignment);
#ifdef MADV_HUGEPAGE
    if (size >= large) {
      const auto first = (reinterpret_cast<std::uintptr_t>(block) + small_page - 1) / small_page * small_page;
      ::madvise(reinterpret_cast<void*>(first), size - small_page, MADV_HUGEPAGE);  // a wish: it may fail
    }
#endif
    return block;
  }
  static void discard(void* block) noexcept { ::operator delete(block, alignment); }

 private:
  static constexpr std::align_val_t alignment{64};
  static constexpr std::size_t small_page = 4096, large = std::size_t{1} << 22;
};

using Pool = BlockPool<MainMemory>;

/// The allocator of tensors' elements, for xtensor's containers.
template <class T>
struct Allocator {
  using value_type = T;

  Allocator() = default;
  template <class U>
  Allocator(const Allocator<U>&) {}

  T* allocate(std::size_t count) { return static_cast<T*>(Pool::here().take(count * sizeof(T))); }
  void deallocate(T* block, std::size_t count) noexcept {
    if (Pool::ended) return Pool::discard(block);
    Pool::here().give_back(block, count * sizeof(T));
  }
  bool operator==(const Allocator&) const = default;
};

}  // namespace tensor

}  // namespace duet
