// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/gather.hpp>
#include <duet/tensor/join.hpp>
#include <duet/tensor/matmul.hpp>
#include <duet/tensor/reduce.hpp>
#include <duet/tensor/selection.hpp>

#include "../problem/mixture.hpp"

namespace bench {

/// bench::Mixture with tensors: points go through all components in one product of matrices, as many points at a time
/// as leave what is in between in the cache. Each lot of points has a backward sweep of its own, which adds to the
/// gradients of what the components are made into, and one more leads from there to the variables.
///
/// In many dimensions the triangular factors are cut into bands of rows, without the columns that are zero there.
class TensorMixture {
 public:
  explicit TensorMixture(const Mixture& problem) : problem_(problem) {
    const std::size_t d = problem.dimensions, count = problem.count();
    for (std::size_t first = 0, last = 0; last < d; first = last) {
      last = first + 2 * band > d ? d : first + band;
      bands_.push_back(places(first, last));
    }
    const std::size_t most = std::min(count, std::max<std::size_t>(16, cached / (problem.components * d)));
    for (std::size_t first = 0; first < count; first += most) {
      std::vector<Numbers>& lot = lots_.emplace_back();
      for (const Band& one : bands_) {
        double* to = lot.emplace_back(Numbers::uninitialized({one.columns, std::min(most, count - first)})).data();
        for (std::size_t j = 0; j < one.columns; ++j) {
          for (std::size_t i = 0; i < lot.back().shape()[1]; ++i) {
            *to++ = problem.points[(first + i) * d + j];
          }
        }
      }
    }
  }

  double operator()(const std::vector<double>& x) const {
    const Components all = components(variables(x));
    double sum = all.rest.item();
    for (const auto& lot : lots_) {
      sum += log_likelihood(all, lot).item();
    }
    return sum;
  }

  /// Writes the gradient, returns the value.
  double gradient(const std::vector<double>& x, std::vector<double>& gradient) const {
    Variables v = variables(x);
    for (Numbers* part : {&v.alpha, &v.mu, &v.q, &v.l}) part->requires_grad();
    const Components all = components(v);
    Components leaves{{}, all.offsets.detach(), all.rest};
    leaves.offsets.requires_grad();
    std::vector<Numbers> made{all.rest, all.offsets}, cotangents{duet::ones({})};
    for (const auto& [factors, images] : all.bands) {
      leaves.bands.push_back({factors.detach(), images.detach()});
      leaves.bands.back().factors.requires_grad();
      leaves.bands.back().images.requires_grad();
      made.insert(made.end(), {factors, images});
    }
    double sum = all.rest.item();
    for (const auto& lot : lots_) {
      const Numbers y = log_likelihood(leaves, lot);
      y.backward();
      sum += y.item();
    }
    cotangents.push_back(leaves.offsets.grad());
    for (const auto& [factors, images] : leaves.bands)
      cotangents.insert(cotangents.end(), {factors.grad(), images.grad()});
    duet::autograd::backward<double, duet::DefaultPlace>(made, cotangents);
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

  /// Rows that factors are cut into, if there are twice as many.
  static constexpr std::size_t band = 32;

  /// Rows of the factors, where their elements come from, and the columns up to their diagonal.
  struct Band {
    std::size_t rows, columns;
    duet::Indices places;
  };

  /// What the points need to know of the components: bands of the factors Q, one component's below the other's, and of
  /// the images Q mu; logarithms of weight and determinant. And what has nothing to do with the points.
  struct Components {
    struct Rows {
      Numbers factors, images;
    };
    std::vector<Rows> bands;
    Numbers offsets, rest;
  };

  Components components(const Variables& v) const {
    const std::size_t k = problem_.components;
    const Numbers diagonal = exp(v.q);
    const Numbers log_determinant = sum(v.q, 1);
    const Numbers elements = duet::concatenate({diagonal, v.l, duet::zeros({k, 1})}, 1);
    const Numbers prior =
        0.5 * problem_.gamma * problem_.gamma * (sum(duet::square(diagonal)) + sum(duet::square(v.l))) -
        problem_.freedom * sum(log_determinant);
    Components all{{},
                   reshape(v.alpha + log_determinant, {k, 1}),
                   problem_.constant() - prior - static_cast<double>(problem_.count()) * logsumexp(v.alpha)};
    for (const auto& [rows, columns, places] : bands_) {
      const Numbers factors = index_select(elements, 1, places);
      const Numbers mu = v.mu(duet::all(), duet::range(0, columns));
      all.bands.push_back({reshape(factors, {k * rows, columns}),
                           matmul(reshape(factors, {k, rows, columns}), reshape(mu, {k, columns, 1}))});
    }
    return all;
  }

  /// `points` are the coordinates that each band has columns for.
  Numbers log_likelihood(const Components& all, const std::vector<Numbers>& points) const {
    Numbers distance;
    for (std::size_t b = 0; b < bands_.size(); ++b) {
      const auto& [factors, centres] = all.bands[b];
      const Numbers images =
          reshape(matmul(factors, points[b]), {problem_.components, bands_[b].rows, points[b].shape()[1]});
      const Numbers here = sum(duet::square(images - centres), 1);
      distance = b == 0 ? here : Numbers(distance + here);
    }
    return sum(logsumexp(all.offsets - 0.5 * distance, 0));
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

  /// Where each element of rows of a factor Q comes from: the diagonal, what is below it, or a zero after both.
  Band places(std::size_t first, std::size_t last) const {
    const std::size_t d = problem_.dimensions;
    Band result{last - first, last, duet::Indices::from_shape({(last - first) * last})};
    std::size_t below = d;
    for (std::size_t column = 0; column < last; ++column) {
      for (std::size_t row = column; row < d; ++row) {
        const std::size_t place = row == column ? row : below++;
        if (row >= first && row < last)
          result.places((row - first) * last + column) = static_cast<std::ptrdiff_t>(place);
      }
      for (std::size_t row = first; row < std::min(column, last); ++row) {
        result.places((row - first) * last + column) = static_cast<std::ptrdiff_t>(d + problem_.below());
      }
    }
    return result;
  }

  Mixture problem_;
  std::vector<Band> bands_;
  std::vector<std::vector<Numbers>> lots_;  ///< points, a row for each coordinate, by bands
};

}  // namespace bench
