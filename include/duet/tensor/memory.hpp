// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>
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

/// The blocks of one thread. A block may be given back by another thread than the one that took it; it is kept there.
class Pool {
 public:
  static Pool& here() {
    thread_local Pool pool;
    return pool;
  }

  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
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

  void give_back(void* block, std::size_t bytes) noexcept {
    facts_.bytes -= static_cast<std::ptrdiff_t>(bytes);
    if (bytes < smallest) return ::operator delete(block, alignment);
    const std::size_t size = rounded(bytes);
    std::vector<void*>& kept = kept_[class_of(size)];
    try {
      kept.push_back(block);
      facts_.kept += static_cast<std::ptrdiff_t>(size);
    } catch (const std::bad_alloc&) {
      ::operator delete(block, alignment);
    }
  }

  /// Gives a block back to the system, whose size is not known any more.
  static void discard(void* block) noexcept { ::operator delete(block, alignment); }

  /// Gives what is kept back to the system.
  void release() noexcept {
    for (std::vector<void*>& kept : kept_) {
      for (void* block : kept) ::operator delete(block, alignment);
      kept.clear();
    }
    facts_.kept = 0;
  }

  TensorMemory& facts() { return facts_; }

  /// Whether this thread's pool is gone, as it is for what static objects destroy last.
  static inline thread_local bool ended = false;
  static constexpr std::align_val_t alignment{64};

 private:
  static constexpr std::size_t smallest = std::size_t{1} << 15;
  static constexpr std::size_t small_page = 4096, large = std::size_t{1} << 22;
  static constexpr int steps = 8;  // sizes between a power of two and the next

  static std::size_t rounded(std::size_t bytes) {
    const std::size_t step = std::bit_floor(bytes) / steps;
    return (bytes + step - 1) / step * step;
  }
  static std::size_t class_of(std::size_t size) {
    const auto power = static_cast<std::size_t>(std::bit_width(size)) - 1;
    return power * steps + (size >> (power - 3)) % steps;
  }

  void* block_of(std::size_t bytes) {
    if (bytes < smallest) return ::operator new(bytes, alignment);
    const std::size_t size = rounded(bytes);
    std::vector<void*>& kept = kept_[class_of(size)];
    if (kept.empty()) return fresh(size);
    void* const block = kept.back();
    kept.pop_back();
    facts_.kept -= static_cast<std::ptrdiff_t>(size);
    return block;
  }

  void* fresh(std::size_t size) {
    try {
      return unused(size);
    } catch (const std::bad_alloc&) {
      release();
      return unused(size);
    }
  }

  /// A block from the system; a large one in pages of 2 MiB, where the system has them for the asking. To go through
  /// several arrays of 10^7 numbers then takes two thirds of the time, since the processor looks up 512 times fewer
  /// pages, and a fresh block costs 512 times fewer page faults.
  static void* unused(std::size_t size) {
    void* const block = ::operator new(size, alignment);
#ifdef MADV_HUGEPAGE
    if (size >= large) {
      const auto first = (reinterpret_cast<std::uintptr_t>(block) + small_page - 1) / small_page * small_page;
      ::madvise(reinterpret_cast<void*>(first), size - small_page, MADV_HUGEPAGE);  // a wish: it may fail
    }
#endif
    return block;
  }

  std::vector<void*> kept_[64 * steps];
  TensorMemory facts_{};
};

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

/// The memory of the calling thread's tensors. A tensor that another thread destroys counts there.
inline TensorMemory tensor_memory() { return tensor::Pool::here().facts(); }

/// Begins to look for the peak anew.
inline void reset_peak_memory() {
  TensorMemory& facts = tensor::Pool::here().facts();
  facts.peak = facts.bytes;
}

/// Gives memory that tensors no longer use back to the system.
inline void release_kept_memory() { tensor::Pool::here().release(); }

}  // namespace duet
