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

/// bench::Mixture with tensors: the points go through all components in one product of matrices.
class TensorMixture {
 public:
  explicit TensorMixture(const Mixture& problem)
      : problem_(problem), points_(Numbers::uninitialized({problem.dimensions, problem.count()})), places_(places()) {
    for (std::size_t i = 0; i < problem.points.size(); ++i) {
      const std::size_t point = i / problem.dimensions, coordinate = i % problem.dimensions;
      points_.data()[coordinate * problem.count() + point] = problem.points[i];
    }
  }

  double operator()(const std::vector<double>& x) const { return value(variables(x)).item(); }

  /// Writes the gradient, returns the value.
  double gradient(const std::vector<double>& x, std::vector<double>& gradient) const {
    Variables v = variables(x);
    for (Numbers* part : {&v.alpha, &v.mu, &v.q, &v.l}) part->requires_grad();
    const Numbers y = value(v);
    y.backward();
    const auto parts = problem_.parts(std::span(gradient));
    write(v.alpha, parts.alpha);
    write(v.mu, parts.mu);
    write(v.q, parts.q);
    write(v.l, parts.l);
    return y.item();
  }

 private:
  using Numbers = duet::Tensor<double>;

  struct Variables {
    Numbers alpha, mu, q, l;
  };

  Numbers value(const Variables& v) const {
    const std::size_t d = problem_.dimensions, k = problem_.components;
    const Numbers diagonal = exp(v.q);
    const Numbers log_determinant = sum(v.q, 1);
    const Numbers factors = index_select(duet::concatenate({diagonal, v.l, duet::zeros({k, 1})}, 1), 1, places_);
    const Numbers rows = reshape(factors, {k * d, d});
    const Numbers centres = matmul(reshape(factors, {k, d, d}), reshape(v.mu, {k, d, 1}));
    const Numbers y = reshape(matmul(rows, points_), {k, d, problem_.count()});
    const Numbers distances = sum(square(y - centres), 1);
    const Numbers terms = reshape(v.alpha + log_determinant, {k, 1}) - 0.5 * distances;
    const Numbers prior = 0.5 * square(problem_.gamma) * (sum(square(diagonal)) + sum(square(v.l))) -
                          problem_.freedom * sum(log_determinant);
    return sum(logsumexp(terms, 0)) - static_cast<double>(problem_.count()) * logsumexp(v.alpha) - prior +
           problem_.constant();
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
  Numbers points_;  ///< a row for each coordinate
  duet::Indices places_;
};

}  // namespace bench
