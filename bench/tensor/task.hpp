// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

/// What the tools that compute with tensors are asked to do, each the same on the same numbers.
namespace bench {

/// One tool's way to do a task: `step()` gives the value and computes the gradients.
struct TensorTask {
  virtual ~TensorTask() = default;
  virtual double step() = 0;
  /// The gradients after a step, one after the other.
  virtual std::vector<double> gradients() const = 0;
  /// The most bytes of tensors alive during a step, beyond those before it.
  virtual double peak_bytes() = 0;
};

/// sum((g(x w + b) y - x)^2) with gradients for w and b, where g is the sigmoid or relu: six operations and a sum.
struct ChainData {
  bool sigmoid;
  std::vector<double> x, y, w, b;
};

/// Ten operations, each a statement of its own, on eight numbers.
struct SmallData {
  std::vector<double> x, w;
};

/// A step of training: linear, relu, linear, squared error summed, gradient descent.
struct TrainingData {
  std::size_t batch, inputs, hidden, outputs;
  std::vector<double> x, ideal, weight1, bias1, weight2, bias2;
};

/// Duet's, and libtorch's where that was found; else null.
std::unique_ptr<TensorTask> duet_task(const ChainData& data);
std::unique_ptr<TensorTask> duet_task(const SmallData& data);
std::unique_ptr<TensorTask> duet_task(const TrainingData& data);
std::unique_ptr<TensorTask> torch_task(const ChainData& data);
std::unique_ptr<TensorTask> torch_task(const SmallData& data);
std::unique_ptr<TensorTask> torch_task(const TrainingData& data);

}  // namespace bench
