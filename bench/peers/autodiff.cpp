// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).

#include "autodiff.hpp"

#include <pthread.h>

#include <system_error>

#include "every.hpp"

/// On a thread whose stack is large enough for a sum of a million terms, which autodiff's reverse mode goes through by
/// a call inside each call. Pages that are not touched take no memory.
int main() {
  constexpr std::size_t stack_bytes = std::size_t{4} << 30;
  int status = 1;
  pthread_attr_t attributes;
  pthread_t thread;
  int error = pthread_attr_init(&attributes);
  if (error == 0) error = pthread_attr_setstacksize(&attributes, stack_bytes);
  if (error == 0) {
    const auto serve = [](void* result) -> void* {
      *static_cast<int*>(result) = bench::serve_every<bench::Autodiff>();
      return nullptr;
    };
    error = pthread_create(&thread, &attributes, serve, &status);
  }
  if (error == 0) error = pthread_join(thread, nullptr);
  if (error != 0) throw std::system_error(error, std::generic_category(), "a thread with a large stack");
  return status;
}
