// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Memory that runs out at any point of a computation with tensors or of its backward sweep is an exception, after which
// all is usable and nothing is lost.
#include "../faults.hpp"

#include <vector>

#include <duet/tensor.hpp>

namespace {

using duet::Tensor;

/// The value of `f` at two tensors, and its gradients.
template <class F>
std::vector<double> value_and_gradients(const F& f) {
  Tensor<double> x = reshape(duet::arange(6.0), {2, 3});
  Tensor<double> w = duet::ones({3, 2}) * 0.5;
  x.requires_grad();
  w.requires_grad();
  const Tensor<double> y = f(x, w);
  y.backward();
  std::vector<double> all{y.item()};
  for (const Tensor<double>& gradient : {x.grad(), w.grad()}) {
    for (double g : gradient.vector()) all.push_back(g);
  }
  return all;
}

template <class F>
void check(const F& f) {
  CHECK(faults::each_allocation([&] { return value_and_gradients(f); }) > 0);
}

}  // namespace

TEST_CASE("statements and sums") {
  check([](const auto& x, const auto& w) {
    const Tensor<double> y = exp(-x * 0.1) * x + 1;
    return Tensor<double>(sum(y * y) + sum(w) * sum(x));
  });
}

TEST_CASE("matrices, parts and joins") {
  check([](const auto& x, const auto& w) {
    const Tensor<double> y = matmul(x, w);
    const Tensor<double> z = duet::concatenate({y, Tensor<double>(y(duet::range(0, 1)))});
    return Tensor<double>(sum(tanh(z) * z));
  });
}

TEST_CASE("derivatives of derivatives") {
  check([](const auto& x, const auto& w) {
    const Tensor<double> y = sum(sin(x) * x);
    const auto slopes = duet::autograd::grad<double>({y}, {x}, {.create_graph = true});
    return Tensor<double>(sum(slopes[0] * slopes[0]) + sum(w * w));
  });
}
