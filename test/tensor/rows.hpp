// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include <duet/forward/forward.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/sum.hpp>

#include "../op/subject.hpp"
#include "check.hpp"

/// The rows of the op table on the elements of tensors, compared with duals.
namespace rows {

namespace op = duet::op;
using duet::Tensor;
using subject::Subject;
template <class T>
using Tensors = std::vector<Tensor<T>>;

/// Operands of row `F` in its domains, of shapes that broadcast and whose rows are no whole number of batches.
template <class F, class T>
Tensors<T> operands() {
  const duet::Shape shapes[] = {F::arity == 1 ? duet::Shape{3, 7} : duet::Shape{3, 1}, {7}, {3, 7}};
  Tensors<T> x;
  for (std::size_t k = 0; k < F::arity; ++k) {
    x.push_back(check::sample<T>(shapes[k], F::domains[k].low, F::domains[k].high, k));
  }
  return x;
}

/// Sums of numbers, with the sum of their magnitudes.
struct Sums {
  std::vector<double> values, magnitudes;
  explicit Sums(std::size_t size) : values(size), magnitudes(size) {}
  void add(std::size_t i, double term) {
    values[i] += term;
    magnitudes[i] += std::abs(term);
  }
};

template <class T>
void compare(const Tensor<T>& x, const Sums& expected, double tolerance) {
  const std::vector<T> found = x.defined() ? x.vector() : std::vector<T>(expected.values.size());
  for (std::size_t i = 0; i < expected.values.size(); ++i) {
    const double value = static_cast<double>(found[i]);
    INFO("entry ", i, ": ", value, " and by duals ", expected.values[i]);
    CHECK(std::abs(value - expected.values[i]) <= tolerance * (1 + expected.magnitudes[i]));
  }
}

/// Value, first and second derivatives of `F` at a point.
template <class F>
struct Expected {
  double value = 0, first[3]{}, second[3][3]{};

  explicit Expected(const subject::Point& p) {
    using D = duet::Dual<duet::Dual<double>>;
    for (std::size_t i = 0; i < F::arity; ++i) {
      for (std::size_t j = 0; j < F::arity; ++j) {
        const auto operand = [&](std::size_t k) {
          return D(duet::Dual<double>(p[k], k == j ? 1 : 0), duet::Dual<double>(k == i ? 1.0 : 0.0));
        };
        const D y = [&]<std::size_t... K>(std::index_sequence<K...>) { return D(F{}(operand(K)...)); }
        (std::make_index_sequence<F::arity>{});
        value = y.primal().primal();
        first[i] = y.tangent().primal();
        second[i][j] = y.tangent().tangent();
      }
    }
  }
};

/// Checks what `f` makes of the operands of `F`, and its derivatives: those of a weighted sum of the results, and those
/// of a weighted sum of the gradients.
template <class F, class T, class Make>
void check_row(const Make& f, double tolerance) {
  Tensors<T> x = operands<F, T>();
  for (Tensor<T>& one : x) one.requires_grad();
  const Tensor<T> y = f(x);
  REQUIRE(y.shape() == duet::Shape{3, 7});
  const Tensor<T> w = check::weights<T>(y.shape());
  Tensors<T> first(F::arity), v;
  for (std::size_t k = 0; k < F::arity; ++k) v.push_back(check::weights<T>(x[k].shape(), 1 + k));
  if (y.needs_grad()) {
    first = duet::autograd::grad<T>({y}, x, {.grad_outputs = {w}, .create_graph = true, .allow_unused = true});
  }
  Tensors<T> second(F::arity), outputs, seeds;
  for (std::size_t k = 0; k < F::arity; ++k) {
    if (!first[k].defined() || !first[k].needs_grad()) continue;
    outputs.push_back(first[k]);
    seeds.push_back(v[k]);
  }
  if (!outputs.empty()) {
    second = duet::autograd::grad<T>(outputs, x, {.grad_outputs = seeds, .allow_unused = true});
  }

  Sums values(y.size());
  std::vector<Sums> firsts, seconds;
  std::vector<std::vector<T>> of_x, of_v;
  const std::vector<T> of_w = w.vector();
  for (std::size_t k = 0; k < F::arity; ++k) {
    firsts.emplace_back(x[k].size());
    seconds.emplace_back(x[k].size());
    of_x.push_back(x[k].vector());
    of_v.push_back(v[k].vector());
  }
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto place = [&](std::size_t k) { return x[k].size() == 21 ? i : x[k].size() == 7 ? i % 7 : i / 7; };
    subject::Point p{};
    for (std::size_t k = 0; k < F::arity; ++k) p[k] = static_cast<double>(of_x[k][place(k)]);
    const Expected<F> expected(p);
    values.add(i, expected.value);
    const double at = static_cast<double>(of_w[i]);
    for (std::size_t k = 0; k < F::arity; ++k) {
      firsts[k].add(place(k), at * expected.first[k]);
      for (std::size_t j = 0; j < F::arity; ++j) {
        const double seed = static_cast<double>(of_v[j][place(j)]);
        seconds[k].add(place(k), at * seed * expected.second[j][k]);
      }
    }
  }
  {
    INFO("value");
    compare(y, values, tolerance);
  }
  for (std::size_t k = 0; k < F::arity; ++k) {
    INFO("operand ", k);
    {
      INFO("first derivative");
      compare(first[k], firsts[k], tolerance);
    }
    INFO("second derivative");
    compare(second[k], seconds[k], 10 * tolerance);
  }
}

}  // namespace rows
