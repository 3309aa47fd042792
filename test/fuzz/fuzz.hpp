// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

/// Inputs that nobody thought of. Each program here defines this function, and a library calls it with bytes that it
/// makes up (clang's libFuzzer, test/fuzz/run) or with those of the files in corpus/ (replay.cpp, which the tests run).
/// Whatever the bytes are, all that may come out is an answer or the exception that the reader documents.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

/// The bytes as a text.
inline std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Takes decisions from the bytes, zeros behind their end.
class Source {
 public:
  Source(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

  /// A number from `low` to `high`.
  int number(int low, int high) {
    const int byte = left_ > 0 ? (--left_, *data_++) : 0;
    return low + byte % (high - low + 1);
  }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

/// Stops the program where a result is wrong.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace fuzz
