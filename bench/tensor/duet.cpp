// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The tasks in Duet, written as its users would.
#include <duet/tensor.hpp>

#include "task.hpp"

namespace bench {
namespace {

using duet::Tensor;

Tensor<double> tensor_of(const std::vector<double>& from, duet::Shape shape = {}) {
  if (shape.empty()) shape.push_back(from.size());
  return Tensor<double>(xt::adapt(from, shape));
}

struct Task : TensorTask {
  std::vector<Tensor<double>> leaves;

  Tensor<double> leaf(Tensor<double> x) {
    leaves.push_back(x.requires_grad());
    return x;
  }
  std::vector<double> gradients() const override {
    std::vector<double> all;
    for (const Tensor<double>& x : leaves) all.insert(all.end(), x.grad().data(), x.grad().data() + x.size());
    return all;
  }
  double peak_bytes() override {
    forget();
    duet::reset_peak_memory();
    const std::ptrdiff_t before = duet::tensor_memory().bytes;
    step();
    return static_cast<double>(duet::tensor_memory().peak - before);
  }
  void forget() {
    for (Tensor<double>& x : leaves) x.set_grad({});
  }
};

struct Chain final : Task {
  bool smooth;
  Tensor<double> x, y, w, b;

  explicit Chain(const ChainData& d)
      : smooth(d.sigmoid), x(tensor_of(d.x)), y(tensor_of(d.y)), w(leaf(tensor_of(d.w))), b(leaf(tensor_of(d.b))) {}
  double step() override {
    forget();
    const Tensor<double> loss = smooth ? sum(square(sigmoid(x * w + b) * y - x)) : sum(square(relu(x * w + b) * y - x));
    loss.backward();
    return loss.item();
  }
};

struct Small final : Task {
  Tensor<double> x, w;

  explicit Small(const SmallData& d) : x(tensor_of(d.x)), w(leaf(tensor_of(d.w))) {}
  double step() override {
    forget();
    Tensor<double> a = x * w;
    a = a + x;
    a = exp(a);
    a = a * w;
    a = sin(a);
    a = a - x;
    a = tanh(a);
    a = a / x;
    a = a * a;
    const Tensor<double> loss = sum(a);
    loss.backward();
    return loss.item();
  }
};

struct Training final : Task {
  Tensor<double> x, ideal, weight1, bias1, weight2, bias2;
  duet::optim::SGD<double> descent;

  explicit Training(const TrainingData& d)
      : x(tensor_of(d.x, {d.batch, d.inputs})),
        ideal(tensor_of(d.ideal, {d.batch, d.outputs})),
        weight1(leaf(tensor_of(d.weight1, {d.hidden, d.inputs}))),
        bias1(leaf(tensor_of(d.bias1))),
        weight2(leaf(tensor_of(d.weight2, {d.outputs, d.hidden}))),
        bias2(leaf(tensor_of(d.bias2))),
        descent(leaves, {.lr = 1e-9}) {}
  double step() override {
    descent.zero_grad();
    const Tensor<double> prediction = linear(relu(linear(x, weight1, bias1)), weight2, bias2);
    const Tensor<double> loss = sum(square(ideal - prediction));
    loss.backward();
    descent.step();
    return loss.item();
  }
};

}  // namespace

std::unique_ptr<TensorTask> duet_task(const ChainData& data) { return std::make_unique<Chain>(data); }
std::unique_ptr<TensorTask> duet_task(const SmallData& data) { return std::make_unique<Small>(data); }
std::unique_ptr<TensorTask> duet_task(const TrainingData& data) { return std::make_unique<Training>(data); }

}  // namespace bench
