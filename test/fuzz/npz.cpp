// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The reader of NumPy's files: tensors, or an Error.
#include <duet/tensor.hpp>
#include <duet/tensor/npz.hpp>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const auto& [name, x] : duet::parse_npz("input", fuzz::text(data, size))) {
      std::size_t count = 1;
      for (std::size_t n : x.shape()) count *= n;
      fuzz::require(count == x.size() && x.vector().size() == count);
    }
  } catch (const duet::Error&) {
  }
  return 0;
}
