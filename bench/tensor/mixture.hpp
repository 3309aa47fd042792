// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/gather.hpp>
#include <duet/tensor/join.hpp>
#include <duet/tensor/matmul.hpp>
#include <duet/tensor/reduce.hpp>

#include "../problem/mixture.hpp"

namespace bench {

/// bench::Mixture with tensors: points go through all components in one product of matrices, as many points at a time
/// as leave what is in between in the cache. Each lot of points has a backward sweep of its own, which adds to the
/// gradients of what the components are made into, and one more leads from there to the variables.
class TensorMixture {
 public:
  explicit TensorMixture(const Mixture& problem) : problem_(problem), places_(places()) {
    const std::size_t d = problem.dimensions, count = problem.count();
    const std::size_t most = std::min(count, std::max<std::size_t>(16, cached / (problem.components * d)));
    for (std::size_t first = 0; first < count; first += most) {
      Numbers& lot = lots_.emplace_back(Numbers::uninitialized({d, std::min(most, count - first)}));
      double* to = lot.data();
      for (std::size_t j = 0; j < d; ++j) {
        for (std::size_t i = 0; i < lot.shape()[1]; ++i) {
          *to++ = problem.points[(first + i) * d + j];
        }
      }
    }
  }

  double operator()(const std::vector<double>& x) const {
    const Components all = components(variables(x));
    double sum = all.rest.item();
    for (const Numbers& lot : lots_) {
      sum += log_likelihood(all, lot).item();
    }
    return sum;
  }

  /// Writes the gradient, returns the value.
  double gradient(const std::vector<double>& x, std::vector<double>& gradient) const {
    Variables v = variables(x);
    for (Numbers* part : {&v.alpha, &v.mu, &v.q, &v.l}) part->requires_grad();
    const Components all = components(v);
    Components leaves{all.factors.detach(), all.images.detach(), all.offsets.detach(), all.rest};
    for (Numbers* leaf : {&leaves.factors, &leaves.images, &leaves.offsets}) leaf->requires_grad();
    double sum = all.rest.item();
    for (const Numbers& lot : lots_) {
      const Numbers y = log_likelihood(leaves, lot);
      y.backward();
      sum += y.item();
    }
    duet::autograd::backward<double, duet::DefaultPlace>(
        {all.factors, all.images, all.offsets, all.rest},
        {leaves.factors.grad(), leaves.images.grad(), leaves.offsets.grad(), duet::ones({})});
    const auto parts = problem_.parts(std::span(gradient));
    write(v.alpha, parts.alpha);
    write(v.mu, parts.mu);
    write(v.q, parts.q);
    write(v.l, parts.l);
    return sum;
  }

 private:
  using Numbers = duet::Tensor<double>;

  /// Numbers for which there is a place in the cache.
  static constexpr std::size_t cached = 1 << 19;

  struct Variables {
    Numbers alpha, mu, q, l;
  };

  /// What the points need to know of the components: the factors Q, one below the other; the images Q mu; logarithms
  /// of weight and determinant. And what has nothing to do with the points.
  struct Components {
    Numbers factors, images, offsets, rest;
  };

  Components components(const Variables& v) const {
    const std::size_t d = problem_.dimensions, k = problem_.components;
    const Numbers diagonal = exp(v.q);
    const Numbers log_determinant = sum(v.q, 1);
    const Numbers factors = index_select(duet::concatenate({diagonal, v.l, duet::zeros({k, 1})}, 1), 1, places_);
    const Numbers prior =
        0.5 * problem_.gamma * problem_.gamma * (sum(duet::square(diagonal)) + sum(duet::square(v.l))) -
        problem_.freedom * sum(log_determinant);
    return {reshape(factors, {k * d, d}), matmul(reshape(factors, {k, d, d}), reshape(v.mu, {k, d, 1})),
            reshape(v.alpha + log_determinant, {k, 1}),
            problem_.constant() - prior - static_cast<double>(problem_.count()) * logsumexp(v.alpha)};
  }

  Numbers log_likelihood(const Components& all, const Numbers& points) const {
    const Numbers images =
        reshape(matmul(all.factors, points), {problem_.components, problem_.dimensions, points.shape()[1]});
    const Numbers terms = all.offsets - 0.5 * sum(duet::square(images - all.images), 1);
    return sum(logsumexp(terms, 0));
  }

  Variables variables(const std::vector<double>& x) const {
    const std::size_t k = problem_.components, d = problem_.dimensions;
    const auto parts = problem_.parts(std::span(x));
    return {tensor(parts.alpha, {k}), tensor(parts.mu, {k, d}), tensor(parts.q, {k, d}),
            tensor(parts.l, {k, problem_.below()})};
  }
  static Numbers tensor(std::span<const double> from, const duet::Shape& shape) {
    Numbers x = Numbers::uninitialized(shape);
    std::copy(from.begin(), from.end(), x.data());
    return x;
  }
  static void write(const Numbers& x, std::span<double> to) {
    if (x.size() > 0) std::copy_n(x.grad().data(), x.size(), to.begin());
  }

  /// Where each element of a factor Q comes from: the diagonal, what is below it, or a zero after both.
  duet::Indices places() const {
    const std::size_t d = problem_.dimensions;
    duet::Indices result = duet::Indices::from_shape({d * d});
    std::size_t below = d;
    for (std::size_t column = 0; column < d; ++column) {
      for (std::size_t row = 0; row < d; ++row) {
        const std::size_t place = row == column ? row : row > column ? below++ : d + problem_.below();
        result(row * d + column) = static_cast<std::ptrdiff_t>(place);
      }
    }
    return result;
  }

  Mixture problem_;
  duet::Indices places_;
  std::vector<Numbers> lots_;  ///< points, a row for each coordinate
};

}  // namespace bench
