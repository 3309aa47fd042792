// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

/// Counts what a program allocates. It replaces `operator new`, so one source file of a program may include it.
namespace bench {

inline std::size_t allocations = 0;

}  // namespace bench

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++bench::allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
