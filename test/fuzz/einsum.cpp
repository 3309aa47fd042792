// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Sums over labels: the first bytes are the sizes of the labels and how often operands have a wrong one, the others the
// text. A result of the right shape with gradients of the right shape, or an Error.
#include <duet/tensor.hpp>

#include <string>

#include "fuzz.hpp"

namespace {

/// A tensor of ones with the axes that the labels stand for.
duet::Tensor<double> operand(std::string_view labels, const int (&sizes)[4], fuzz::Source& source) {
  duet::Shape shape;
  for (char label : labels) {
    if (shape.size() < 6) shape.push_back(static_cast<std::size_t>(sizes[static_cast<unsigned char>(label) % 4]));
  }
  if (source.number(0, 15) == 1) shape.push_back(2);
  return duet::ones(shape).requires_grad();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 6 || size > 30) return 0;
  fuzz::Source source(data, 6);
  const int sizes[] = {source.number(0, 3), source.number(1, 3), source.number(1, 3), source.number(1, 3)};
  const std::string_view text = fuzz::text(data + 6, size - 6);
  const std::size_t comma = std::min(text.find(','), text.size()), arrow = std::min(text.find("->"), text.size());
  const auto a = operand(text.substr(0, comma), sizes, source);
  const auto b = operand(comma < arrow ? text.substr(comma + 1, arrow - comma - 1) : "", sizes, source);
  try {
    const duet::Tensor<double> y = duet::einsum(std::string(text), a, b);
    sum(y).backward();
    fuzz::require(a.grad().shape() == a.shape() && b.grad().shape() == b.shape());
  } catch (const duet::Error&) {
  }
  return 0;
}
