// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include <duet/forward/number.hpp>

/// Memory for the arrays of active numbers that a function makes each time that it is evaluated. The C library gives
/// large ones back to the system, which then has to find and clear new pages for the next ones, and that takes more
/// time than evaluating the function.
namespace duet::transform {

/// The arrays that are kept between the evaluations of one function. While a `Reserve::Use` lives, the large arrays of
/// duals with the tag `FromReserve` that its thread makes are taken from the reserve where that has any, and come back
/// to it. Elsewhere, and at other times, they are ordinary memory.
class Reserve {
 public:
  /// In bytes; smaller arrays the C library keeps itself.
  static constexpr std::size_t large = std::size_t{1} << 17;

  Reserve() = default;
  Reserve(const Reserve&) {}  // a copy begins with nothing
  Reserve& operator=(const Reserve&) { return *this; }
  ~Reserve() {
    for (Block* b : blocks_) release(b);
  }

  /// An evaluation. What it did not take is released at its end, so that no more is kept than one evaluation needs.
  class Use {
   public:
    explicit Use(Reserve& reserve) : reserve_(reserve), before_(current) {
      current = &reserve;
      for (Block* b : reserve.blocks_) b->used = false;
    }
    Use(const Use&) = delete;
    ~Use() {
      current = before_;
      std::erase_if(reserve_.blocks_, [](Block* b) {
        const bool unused = !b->used;
        if (unused) release(b);
        return unused;
      });
    }

   private:
    Reserve& reserve_;
    Reserve* before_;
  };

  /// Memory for a large array, aligned for any number. Throws what `operator new` throws.
  static void* allocate(std::size_t bytes) {
    Block* b = current ? current->take(bytes) : nullptr;
    if (!b) b = ::new (::operator new(sizeof(Block) + bytes, alignment)) Block{bytes, false};
    b->used = true;
    return b + 1;
  }
  static void deallocate(void* memory) noexcept {
    Block* const b = static_cast<Block*>(memory) - 1;
    if (!current || !current->keep(b)) release(b);
  }

 private:
  /// What stands before an array.
  struct alignas(64) Block {
    std::size_t bytes;
    bool used;
  };
  static constexpr std::align_val_t alignment{alignof(Block)};

  /// The smallest array that is large enough, unless it is twice as large.
  Block* take(std::size_t bytes) {
    std::size_t best = blocks_.size();
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const std::size_t here = blocks_[i]->bytes;
      if (here >= bytes && here / 2 <= bytes && (best == blocks_.size() || here < blocks_[best]->bytes)) best = i;
    }
    if (best == blocks_.size()) return nullptr;
    Block* const b = blocks_[best];
    blocks_[best] = blocks_.back();
    blocks_.pop_back();
    return b;
  }

  bool keep(Block* b) noexcept {
    try {
      blocks_.push_back(b);
      return true;
    } catch (...) {
      return false;
    }
  }

  static void release(Block* b) noexcept { ::operator delete(b, alignment); }

  std::vector<Block*> blocks_;
  static inline thread_local Reserve* current = nullptr;
};

/// The tag of duals whose arrays come from a reserve; `Tag` tells levels of differentiation apart as usual.
template <class Tag>
struct FromReserve;

}  // namespace duet::transform

/// Arrays of these duals: `std::vector` asks here, and is the same type as for other numbers. (A specialisation for a
/// type of the program's own is allowed, [namespace.std] 2.)
template <class T, int N, class Tag>
struct std::allocator<duet::Dual<T, N, duet::transform::FromReserve<Tag>>> {
  using value_type = duet::Dual<T, N, duet::transform::FromReserve<Tag>>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using propagate_on_container_move_assignment = std::true_type;
  using is_always_equal = std::true_type;

  constexpr allocator() noexcept = default;
  template <class U>
  constexpr allocator(const std::allocator<U>&) noexcept {}

  value_type* allocate(std::size_t n) {
    if (n < least_large) return reinterpret_cast<value_type*>(std::allocator<Place>().allocate(n));
    if (n > static_cast<std::size_t>(-1) / 2 / sizeof(value_type)) throw std::bad_array_new_length();
    return static_cast<value_type*>(duet::transform::Reserve::allocate(n * sizeof(value_type)));
  }
  void deallocate(value_type* memory, std::size_t n) noexcept {
    if (n < least_large) {
      std::allocator<Place>().deallocate(reinterpret_cast<Place*>(memory), n);
    } else {
      duet::transform::Reserve::deallocate(memory);
    }
  }

  friend constexpr bool operator==(const allocator&, const allocator&) noexcept { return true; }

 private:
  struct Place {
    alignas(value_type) std::byte bytes[sizeof(value_type)];
  };
  static constexpr std::size_t least_large = duet::transform::Reserve::large / sizeof(value_type) + 1;
};
