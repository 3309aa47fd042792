// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include <duet/tensor/engine.hpp>
#include <duet/tensor/sum.hpp>

/// Gradients of operations on tensors against differences: what every operation is tested with.
namespace check {

using duet::Tensor;

/// A tensor with these elements, in the place of tensors whose type names none.
template <class T>
Tensor<T> tensor_of(const std::vector<T>& elements, const duet::Shape& shape) {
  Tensor<T> x = Tensor<T>::uninitialized(shape);
  duet::tensor::Memory<duet::DefaultPlace>::write(elements.data(), x.size(), x.data());
  return x;
}

/// A copy of the elements as an array of xtensor.
template <class T, class P>
xt::xarray<T> array_of(const Tensor<T, P>& x) {
  xt::xarray<T> array = xt::xarray<T>::from_shape(x.shape());
  duet::tensor::Memory<P>::read(x.data(), x.size(), array.data());
  return array;
}

/// Fixed numbers that look random, between 0.5 and 1.5 with either sign, so that nothing cancels by chance.
template <class T>
Tensor<T> weights(const duet::Shape& shape, std::size_t seed = 0) {
  std::vector<T> w(duet::tensor::size_of(shape));
  for (std::size_t i = 0; i < w.size(); ++i) {
    const double at = static_cast<double>(i + 1 + 7 * seed) * 0.6180339887498949, part = at - std::floor(at);
    w[i] = static_cast<T>((i + seed) % 3 == 1 ? -0.5 - part : 0.5 + part);
  }
  return tensor_of(w, shape);
}

/// Numbers between `low` and `high` that look random, no two of them alike: samples for an operation.
template <class T = double>
Tensor<T> sample(const duet::Shape& shape, double low = -1, double high = 1, std::size_t seed = 0) {
  std::vector<T> x(duet::tensor::size_of(shape));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double at = static_cast<double>(i + 1 + 11 * seed) * 0.7548776662466927 + 0.1;
    x[i] = static_cast<T>(low + (high - low) * (at - std::floor(at)));
  }
  return tensor_of(x, shape);
}

/// Fails unless `y` has the shape and, to the last bit, the elements of `expected`.
inline void same(const Tensor<double>& y, const Tensor<double>& expected) {
  CHECK(y.shape() == expected.shape());
  CHECK(y.vector() == expected.vector());
}

/// A function with a second derivative, to be put around operations that have none.
inline Tensor<double> squared(const Tensor<double>& x) { return duet::tensor::mul(x, x); }

/// Calls `f` with tensors: with each of them, or else with the vector.
template <class F, class T>
Tensor<T> called(const F& f, const std::vector<Tensor<T>>& x) {
  using X = const Tensor<T>&;
  if constexpr (std::is_invocable_v<const F&, X>) {
    return f(x.at(0));
  } else if constexpr (std::is_invocable_v<const F&, X, X>) {
    return f(x.at(0), x.at(1));
  } else if constexpr (std::is_invocable_v<const F&, X, X, X>) {
    return f(x.at(0), x.at(1), x.at(2));
  } else if constexpr (std::is_invocable_v<const F&, X, X, X, X>) {
    return f(x.at(0), x.at(1), x.at(2), x.at(3));
  } else {
    return f(x);
  }
}

/// The sum of the elements of tensors, each times a fixed number; undefined ones count as zero.
inline Tensor<double> weighted_sum(const std::vector<Tensor<double>>& all) {
  Tensor<double> total = 0.0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (!all[k].defined()) continue;
    total = duet::tensor::add(total, sum(duet::tensor::mul(all[k], weights<double>(all[k].shape(), k))));
  }
  return total;
}

/// The derivative of `f()` with respect to element `i` of `x`, which it reads, by central differences of fourth order.
template <class F>
double difference(const F& f, Tensor<double>& x, std::size_t i) {
  using Memory = duet::tensor::Memory<duet::DefaultPlace>;
  double at = 0;
  Memory::read(x.data() + i, 1, &at);
  const double h = 1e-3 * std::max(1.0, std::abs(at));
  const auto value = [&](double moved) {
    Memory::write(&moved, 1, x.data() + i);
    return f();
  };
  const double near = value(at + h) - value(at - h), far = value(at + 2 * h) - value(at - 2 * h);
  Memory::write(&at, 1, x.data() + i);
  return (8 * near - far) / (12 * h);
}

/// Compares gradients of `f()` with differences, entry by entry.
template <class F>
void compare(const F& f, std::vector<Tensor<double>>& x, const std::vector<Tensor<double>>& gradients,
             double tolerance) {
  for (std::size_t k = 0; k < x.size(); ++k) {
    INFO("input ", k, " of shape ", duet::to_string(x[k].shape()));
    std::vector<double> gradient(x[k].size(), 0);
    if (gradients[k].defined()) {
      REQUIRE(duet::to_string(gradients[k].shape()) == duet::to_string(x[k].shape()));
      gradient = gradients[k].vector();
    }
    for (std::size_t i = 0; i < x[k].size(); ++i) {
      const double by_backward = gradient[i];
      const double by_differences = difference(f, x[k], i);
      INFO("entry ", i, ": by backward ", by_backward, ", by differences ", by_differences);
      CHECK(std::abs(by_backward - by_differences) <= tolerance * std::max(1.0, std::abs(by_differences)));
    }
  }
}

/// Checks the derivatives of `f`, which makes a tensor of the tensors `inputs` (given one by one, or as a vector), at
/// these inputs: the first ones of a weighted sum of its result, and the second ones, as the first ones of a weighted
/// sum of the gradients. No kink may be within 2e-3 of an input.
template <class F>
void check_gradients(const F& f, const std::vector<Tensor<double>>& inputs, double tolerance = 1e-8) {
  std::vector<Tensor<double>> x;
  for (const Tensor<double>& input : inputs) x.push_back(input.copy().requires_grad());
  const auto value = [&] { return weighted_sum({called(f, x)}); };
  const auto gradients = [&](bool create_graph) {
    return duet::autograd::grad<double>({value()}, x, {.create_graph = create_graph, .allow_unused = true});
  };

  const Tensor<double> y = called(f, x);
  INFO("operation ", y.needs_grad() ? y.grad_fn()->name() : std::string("that was not recorded"));
  REQUIRE(y.needs_grad());
  {
    INFO("first derivatives");
    const auto by_number = [&] {
      const duet::NoGrad guard;
      return value().item();
    };
    compare(by_number, x, gradients(false), tolerance);
  }
  INFO("second derivatives");
  const Tensor<double> total = weighted_sum(gradients(true));
  std::vector<Tensor<double>> second(x.size());
  if (total.needs_grad()) second = duet::autograd::grad<double>({total}, x, {.allow_unused = true});
  compare([&] { return weighted_sum(gradients(false)).item(); }, x, second, tolerance);
}

}  // namespace check
