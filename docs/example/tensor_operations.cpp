// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The code of docs/tensor_operations.md.
#include <cmath>
#include <cstdio>
#include <duet/tensor.hpp>
#include <tuple>
#include <xtensor/xarray.hpp>

namespace {

using duet::Tensor;

bool good = true;
void check(bool holds) { good = good && holds; }
bool near(double a, double b) { return std::abs(a - b) < 1e-12; }

void reductions() {
  Tensor<double> x{{1, 2, 3}, {4, 5, 6}};
  check(sum(x).item() == 21);
  check(sum(x, 0).array() == xt::xarray<double>{5, 7, 9});
  check(mean(x, -1, true).shape() == duet::Shape{2, 1});  // keeps the axis
  check(near(sum(softmax(x, 1)).item(), 2));
  check(norm(x * 0).item() == 0);

  x.requires_grad();
  sum(amax(Tensor<double>(x * 0), 1)).backward();  // three times the largest: each has a third
  check(near(x.grad().data()[0], 0));
}

void classification() {
  Tensor<double> logits{{2, 1, 0}, {0, 1, 2}};
  logits.requires_grad();
  const Tensor<double> loss = cross_entropy(logits, {0, 2});  // class numbers
  loss.backward();
  const Tensor<double> p = softmax(logits, 1);
  check(near(logits.grad().data()[0], (p.data()[0] - 1) / 2));  // (p - one hot) / rows
}

void matrices() {
  Tensor<double> a{{4, 1}, {1, 3}}, b{1, 2};
  a.requires_grad();
  const Tensor<double> x = solve(a, b);
  check(near(matmul(a, x).data()[1], 2));
  const auto [sign, logarithm] = slogdet(a);
  check(near(logarithm.item(), std::log(11)));
  logarithm.backward();
  check(near(a.grad().data()[0], 3. / 11));  // the inverse, transposed
  const Tensor<double> traces = einsum("bij,bji->b", duet::ones({5, 2, 2}), duet::ones({5, 2, 2}));
  check(traces.shape() == duet::Shape{5});
}

void images() {
  const Tensor<double> pictures = duet::ones({2, 1, 8, 8}), filters = duet::ones({4, 1, 3, 3});
  const Tensor<double> features = max_pool2d(conv2d(pictures, filters, {}, {.padding = 1}), 2);
  check(features.shape() == duet::Shape{2, 4, 4, 4});
}

void functions() {
  namespace functional = duet::autograd::functional;
  const auto f = [](const auto& x, const auto& y) { return 2 * exp(x) + 3 * y; };
  const std::tuple at{Tensor<double>{0, 1}, Tensor<double>{5, 6}};
  const auto [by_x, by_y] = functional::jacobian(f, at);
  check(by_x.shape() == duet::Shape{2, 2} && near(by_x.data()[3], 2 * std::exp(1)) && by_y.data()[0] == 3);

  const auto energy = [](const auto& x) { return sum(x * x * x); };
  const auto [value, product] = functional::hvp(energy, Tensor<double>{1, 2}, Tensor<double>{1, 0});
  check(value.item() == 9 && product.data()[0] == 6 && product.data()[1] == 0);
}

}  // namespace

int main() {
  reductions();
  classification();
  matrices();
  images();
  functions();
  std::puts(good ? "ok" : "wrong");
  return !good;
}
