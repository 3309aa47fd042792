// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Indices of tensors, decided by bytes: an element or a part that xtensor's sizes admit, assigned and differentiated,
// or an Error.
#include <duet/tensor.hpp>

#include <optional>

#include "fuzz.hpp"

namespace {

using duet::Tensor;

/// A bound of a range, or none.
std::optional<std::ptrdiff_t> bound(fuzz::Source& source) {
  if (source.number(0, 3) == 0) return duet::none;
  return source.number(-7, 7);
}

/// Calls `f` with an index of one of the kinds that there are.
template <class F>
void with_index(fuzz::Source& source, const F& f) {
  switch (source.number(0, 5)) {
    case 0:
      return f(source.number(-5, 5));
    case 1: {
      const auto start = bound(source), stop = bound(source);
      return f(duet::range(start, stop, source.number(-3, 3)));
    }
    case 2:
      return f(duet::newaxis);
    case 3:
      return f(duet::ellipsis);
    case 4:
      return f(duet::all());
    default: {
      duet::Indices elements = xt::zeros<std::ptrdiff_t>({source.number(0, 3)});
      for (auto& i : elements) i = source.number(-4, 4);
      return f(elements);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Source source(data, size);
  duet::Shape shape(static_cast<std::size_t>(source.number(0, 3)));
  for (std::size_t& n : shape) n = static_cast<std::size_t>(source.number(0, 4));
  const Tensor<double> x = duet::ones(shape).requires_grad();
  try {
    with_index(source, [&](const auto& i) {
      with_index(source, [&](const auto& j) {
        const Tensor<double> part = x(i, j);
        sum(part * part).backward();
        fuzz::require(x.grad().shape() == shape);
        const auto total = sum(x.grad()).item();
        fuzz::require(total == 2.0 * static_cast<double>(part.size()));
        Tensor<double> y = duet::zeros(shape);
        y(i, j) = 1.0;
      });
    });
  } catch (const duet::Error&) {
  }
  return 0;
}
