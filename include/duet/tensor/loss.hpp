// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/composed.hpp>
#include <duet/tensor/operation.hpp>

/// Losses of predicted numbers. Each is one operation, whose gradient takes one pass.
namespace duet {

/// What becomes of the losses of single elements.
enum class Reduction { none, mean, sum };

namespace tensor {

/// The loss `F` of each of the `inputs`' elements, reduced. Derivatives come from the graph of `F`.
template <class F, class T, class P, std::size_t N>
Tensor<T, P> elementwise_loss(const char* name, F, const std::array<Tensor<T, P>, N>& numbers, Reduction reduction,
                              const std::source_location& where) {
  const auto& graph = graph_of_elements<F, static_cast<int>(N)>();
  const Tensors<T, P> inputs(numbers.begin(), numbers.end());
  if (inputs[0].shape() != inputs[1].shape()) {
    throw shape_error(name, inputs[0].shape(), inputs[1].shape(), "of the prediction and the target must be the same");
  }
  const Shape whole = inputs[0].shape();
  if (broadcast_all(name, inputs) != whole) {
    throw ShapeError(std::string(name) + ": weights must broadcast to the shape of the prediction, " +
                     to_string(whole));
  }
  const T scale = reduction == Reduction::mean ? 1 / static_cast<T>(size_of(whole)) : T(1);
  return operation<T, P>(
      name, inputs, {.inputs = true}, where,
      [&] {
        const Tensor<T, P> losses = evaluate(*graph, inputs, whole);
        if (reduction == Reduction::none) return losses;
        const Tensor<T, P> total = sum_to(losses, {});
        return scale == 1 ? total : mul(total, scale);
      },
      [whole, scale](const Call<T, P>& call) {
        Tensors<T, P> all;
        std::array<Shape, N> shapes;
        for (std::size_t k = 0; k < N; ++k) {
          all.push_back(call.input(k));
          shapes[k] = all[k].shape();
        }
        all.push_back(scale == 1 ? call.cotangent() : mul(call.cotangent(), scale));
        return Elementwise<T, P>::pulled_back(*graph_of_elements<F, static_cast<int>(N)>(), all, whole,
                                              [&](std::size_t k) { return call.needs(k) ? &shapes[k] : nullptr; });
      });
}

}  // namespace tensor

/// The squared error, (x - target)^2. Throws ShapeError unless the shapes are the same.
template <tensor::tensorial X, tensor::tensorial Y>
auto mse_loss(const X& x, const Y& target, Reduction reduction = Reduction::mean,
              const std::source_location& where = std::source_location::current()) {
  const auto loss = [](const auto& a, const auto& b) { return square(a - b); };
  return tensor::elementwise_loss("MseLoss", loss, std::array{tensor::TensorOf<X>(x), tensor::TensorOf<X>(target)},
                                  reduction, where);
}

/// The absolute error, |x - target|. Throws ShapeError unless the shapes are the same.
template <tensor::tensorial X, tensor::tensorial Y>
auto l1_loss(const X& x, const Y& target, Reduction reduction = Reduction::mean,
             const std::source_location& where = std::source_location::current()) {
  const auto loss = [](const auto& a, const auto& b) { return abs(a - b); };
  return tensor::elementwise_loss("L1Loss", loss, std::array{tensor::TensorOf<X>(x), tensor::TensorOf<X>(target)},
                                  reduction, where);
}

/// Huber's loss of d = x - target: d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2). Throws ShapeError unless
/// the shapes are the same, Error unless delta is positive.
template <tensor::tensorial X, tensor::tensorial Y>
auto huber_loss(const X& x, const Y& target, double delta = 1, Reduction reduction = Reduction::mean,
                const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  if (!(delta > 0)) throw Error("huber_loss: delta must be positive, and is " + std::to_string(delta));
  const auto loss = [](const auto& a, const auto& b, const auto& limit) {
    const auto d = a - b;
    return duet::where(abs(d) <= limit, square(d) * 0.5, limit * (abs(d) - limit * 0.5));
  };
  return tensor::elementwise_loss(
      "HuberLoss", loss, std::array{Tensor<T, P>(x), Tensor<T, P>(target), Tensor<T, P>(static_cast<T>(delta))},
      reduction, where);
}

/// How binary cross-entropies are weighted and reduced.
template <class T, class P = DefaultPlace>
struct BinaryOptions {
  Reduction reduction = Reduction::mean;
  Tensor<T, P> weight{};      ///< of each element's loss; broadcasts
  Tensor<T, P> pos_weight{};  ///< of the positive examples (with_logits only); broadcasts
};

/// The cross-entropy of probabilities, -(t log(p) + (1 - t) log(1 - p)). As in PyTorch logarithms are bounded by -100
/// from below, so that certainty of what is wrong costs 100; the derivative is 0 there. Throws ShapeError unless the
/// shapes of `p` and `target` are the same.
template <tensor::tensorial X, tensor::tensorial Y>
auto binary_cross_entropy(const X& p, const Y& target,
                          const BinaryOptions<typename X::value_type, typename X::place_type>& options = {},
                          const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  if (options.pos_weight.defined()) {
    throw Error("binary_cross_entropy: pos_weight is for logits; use binary_cross_entropy_with_logits");
  }
  const auto loss = [](const auto& p, const auto& t, const auto& weight) {
    return -(weight * (t * max(log(p), -100) + (1 - t) * max(log1p(-p), -100)));
  };
  const Tensor<T, P> weight = options.weight.defined() ? options.weight : Tensor<T, P>(T(1));
  return tensor::elementwise_loss("BinaryCrossEntropy", loss, std::array{Tensor<T, P>(p), Tensor<T, P>(target), weight},
                                  options.reduction, where);
}

/// The cross-entropy of the probabilities sigmoid(x): (1 - t) x + (1 + (pos_weight - 1) t) log(1 + exp(-x)), exact for
/// logits of any size. Throws ShapeError unless the shapes of `x` and `target` are the same.
template <tensor::tensorial X, tensor::tensorial Y>
auto binary_cross_entropy_with_logits(const X& x, const Y& target,
                                      const BinaryOptions<typename X::value_type, typename X::place_type>& options = {},
                                      const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  const auto loss = [](const auto& x, const auto& t, const auto& weight, const auto& positive) {
    return weight * ((1 - t) * x + (1 + (positive - 1) * t) * softplus(-x));
  };
  const Tensor<T, P> weight = options.weight.defined() ? options.weight : Tensor<T, P>(T(1));
  const Tensor<T, P> positive = options.pos_weight.defined() ? options.pos_weight : Tensor<T, P>(T(1));
  return tensor::elementwise_loss("BinaryCrossEntropyWithLogits", loss,
                                  std::array{Tensor<T, P>(x), Tensor<T, P>(target), weight, positive},
                                  options.reduction, where);
}

}  // namespace duet
