// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cerrno>
#include <cstddef>
#include <new>

#include <doctest/doctest.h>

/// Memory that fails when a test says so. It replaces `malloc`, from which `new` takes its memory, too, so one source
/// file of a program may include it (with glibc).
namespace faults {

inline thread_local long until_failure = -1;  ///< how many allocations succeed before the one that fails; -1: all
inline thread_local long live = 0;            ///< blocks that have been taken less those given back

/// Whether this allocation is the one that fails.
inline bool strikes() { return until_failure >= 0 && until_failure-- == 0; }

/// Whether a later one would have been.
inline bool is_pending() { return until_failure >= 0; }

/// Runs `program` again and again, each time with the next of its allocations failing, until none does. What comes out
/// is `std::bad_alloc`; after it, `program` gives what it gave before, and holds no more blocks. Returns how many
/// allocations there were.
template <class Program>
int each_allocation(const Program& program) {
  const auto expected = program();
  for (int k = 0;; ++k) {
    INFO("allocation " << k);
    CHECK(program() == expected);
    const long before = live;
    bool failed = false;
    until_failure = k;
    try {
      const auto result = program();
      failed = !is_pending();
      until_failure = -1;
      CHECK(result == expected);  // nobody needed it, or it was asked for in another way
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    until_failure = -1;
    const bool same = program() == expected;
    const long held = live;
    CHECK(same);
    CHECK(held == before);
    if (!failed) return k;
  }
}

}  // namespace faults

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t size) noexcept {
  if (faults::strikes()) return errno = ENOMEM, nullptr;
  ++faults::live;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  if (faults::strikes()) return errno = ENOMEM, nullptr;
  ++faults::live;
  return __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) noexcept {
  if (faults::strikes()) return errno = ENOMEM, nullptr;
  faults::live += block == nullptr;
  return __libc_realloc(block, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  if (faults::strikes()) return errno = ENOMEM, nullptr;
  ++faults::live;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  if (faults::strikes()) return ENOMEM;
  ++faults::live;
  *block = __libc_memalign(alignment, size);
  return 0;
}
void free(void* block) noexcept {
  faults::live -= block != nullptr;
  __libc_free(block);
}
}
