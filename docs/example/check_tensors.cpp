// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The code on tensors of docs/checks.md.
#include <cstdio>
#include <duet/tensor.hpp>
#include <duet/tool/check_tensors.hpp>
#include <tuple>

using duet::Tensor;
using duet::operator""_c;

int main() {
  const auto layer = [](const Tensor<double>& x, const Tensor<double>& w) { return softmax(matmul(x, w), 1); };
  const Tensor<double> x = {{0.1, -0.2}, {0.3, 0.4}}, w = {{1.0, 2.0, -1.0}, {0.5, 0.0, 1.5}};

  const duet::Checked checked = duet::check_grads(layer, std::tuple(x, w), 2_c);
  std::printf("%s", to_string(checked).c_str());
  return checked ? 0 : 1;
}
