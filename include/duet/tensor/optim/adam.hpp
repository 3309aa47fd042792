// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>

#include <duet/tensor/optim/optimizer.hpp>

/// Steps that are scaled by the sizes of earlier gradients.
namespace duet::optim {

struct AdamOptions {
  double lr = 0.001;                        ///< the learning rate
  std::array<double, 2> betas{0.9, 0.999};  ///< what the averages of g and g^2 keep from step to step
  double eps = 1e-8;                        ///< keeps the divisor from zero
  double weight_decay = 0;                  ///< of the penalty weight_decay / 2 |p|^2
};
struct AdamWOptions {
  double lr = 0.001;
  std::array<double, 2> betas{0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0.01;  ///< p loses lr weight_decay of itself in a step
};

/// What Adam and AdamW share: p -= lr m' / (sqrt(v') + eps) with the running averages m of g and v of g^2, corrected
/// for their start at zero, m' = m / (1 - beta1^t), v' = v / (1 - beta2^t) (Kingma and Ba, 2015, algorithm 1).
template <class T, class P, class Options, bool Decoupled>
class AdaptiveMoments : public Optimizer<T, P> {
 public:
  Options options;

  /// Throws Error for negative options, and betas that are not below 1.
  explicit AdaptiveMoments(std::vector<Tensor<T, P>> parameters, const Options& how = {})
      : Optimizer<T, P>(std::move(parameters)), options(how), steps_(this->parameters().size(), 0) {
    if (how.lr < 0 || how.eps < 0 || how.weight_decay < 0) {
      throw Error("Adam: lr, eps and weight_decay can't be negative");
    }
    for (double beta : how.betas) {
      if (beta < 0 || beta >= 1) throw Error("Adam: betas must be in [0, 1)");
    }
  }

  void step() {
    const auto [beta1, beta2] = options.betas;
    const double penalty = Decoupled ? 0 : options.weight_decay;
    const double kept = Decoupled ? 1 - options.lr * options.weight_decay : 1;
    this->for_each_gradient([&, beta1 = beta1, beta2 = beta2](std::size_t k, const Shape& shape, T* p, const T* g) {
      const double t = ++steps_[k];
      const double rate = options.lr / (1 - std::pow(beta1, t)), scale = 1 / std::sqrt(1 - std::pow(beta2, t));
      const auto rule = [](auto p, auto g, auto m, auto v, auto beta1, auto rest1, auto beta2, auto rest2, auto rate,
                           auto scale, auto eps, auto penalty, auto kept) {
        const auto direction = g + penalty * p;
        const auto mean = beta1 * m + rest1 * direction, square = beta2 * v + rest2 * direction * direction;
        return std::tuple(kept * p - rate * mean / (sqrt(square) * scale + eps), mean, square);
      };
      T* const m = mean_.of(k, shape);
      T* const v = square_.of(k, shape);
      tensor::compute<P, T>(rule, shape, {p, g, m, v},
                            {static_cast<T>(beta1), static_cast<T>(1 - beta1), static_cast<T>(beta2),
                             static_cast<T>(1 - beta2), static_cast<T>(rate), static_cast<T>(scale),
                             static_cast<T>(options.eps), static_cast<T>(penalty), static_cast<T>(kept)},
                            {p, m, v});
    });
  }

 private:
  typename Optimizer<T, P>::Memory mean_, square_;
  std::vector<int> steps_;  // of each parameter, as some may be without gradients for a while
};

/// Adam (Kingma and Ba, 2015). Weight decay is a penalty: part of the gradient, and scaled with it.
template <class T, class P = DefaultPlace>
class Adam : public AdaptiveMoments<T, P, AdamOptions, false> {
 public:
  explicit Adam(std::vector<Tensor<T, P>> parameters, const AdamOptions& how = {})
      : AdaptiveMoments<T, P, AdamOptions, false>(std::move(parameters), how) {}
};

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
template <class T, class P = DefaultPlace>
class AdamW : public AdaptiveMoments<T, P, AdamWOptions, true> {
 public:
  explicit AdamW(std::vector<Tensor<T, P>> parameters, const AdamWOptions& how = {})
      : AdaptiveMoments<T, P, AdamWOptions, true>(std::move(parameters), how) {}
};

}  // namespace duet::optim
