// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Random programs on tensors, an element for each point: their graphs are known at run time, and differentiated again.
#include <duet/tensor/engine.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/sum.hpp>

#include "engine.hpp"

namespace property {

/// Rows on tensors are carried out at once; truth values are ones and zeros.
template <>
struct Numbers<duet::Tensor<double>> {
  using Tensor = duet::Tensor<double>;
  template <class X>
  static Tensor lifted(const X& x) {
    return Tensor(x);
  }
  template <class Op, class... X>
  static Tensor apply(const X&... x) {
    const Tensor y = duet::tensor::apply<Op>(lifted(x)...);
    for (std::size_t k = 0; k < y.size(); ++k) is_finite = is_finite && std::isfinite(y.data()[k]);
    return y;
  }
  /// Whether all results were finite, those of ways not taken included. Rows protect a cotangent of zero from what is
  /// infinite at finite operands; behind an infinite operand it becomes NaN, as these operations are done one by one.
  static inline bool is_finite = true;
  /// Copies are the same tensor, leaves don't change, and a tensor grows by no operation in place.
  static void prepare(Tensor& x) { x = apply<op::Add>(x, Tensor::full({points}, 0)); }
};

}  // namespace property

namespace {

using namespace property;
using duet::Tensor;
using Tensors = std::vector<Tensor<double>>;

void elements(const Subject& s, std::uint64_t, Answers& answers) {
  Tensors x;
  for (std::size_t i = 0; i < s.x[0].size(); ++i) {
    x.push_back(Tensor<double>::uninitialized({points}));
    for (std::size_t k = 0; k < points; ++k) x[i].data()[k] = s.x[k][i];
    x[i].changed();
    x[i].requires_grad();
  }
  Numbers<Tensor<double>>::is_finite = true;
  const Tensor<double> y = value<Tensor<double>>(s.program, x);
  const auto at = [](const Tensor<double>& t, std::size_t k) {
    return !t.defined() ? 0 : std::as_const(t).data()[t.size() == 1 ? 0 : k];
  };
  for (std::size_t k = 0; k < points; ++k) answers.push_back({k, 0, at(y, k)});
  if (!y.needs_grad() || !Numbers<Tensor<double>>::is_finite) return;
  const Tensor<double> ones = Tensor<double>::full(y.shape(), 1);
  const Tensors first =
      duet::autograd::grad<double>({y}, x, {.grad_outputs = {ones}, .create_graph = true, .allow_unused = true});
  Tensors outputs, seeds;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t k = 0; k < points; ++k) {
      answers.push_back({k, gradient + static_cast<int>(i), at(first[i], k)});
    }
    if (!first[i].defined() || !first[i].needs_grad()) continue;
    outputs.push_back(first[i]);
    seeds.push_back(Tensor<double>::full(first[i].shape(), directions[0][i]));
  }
  if (outputs.empty()) return;
  const Tensors second = duet::autograd::grad<double>(outputs, x, {.grad_outputs = seeds, .allow_unused = true});
  double curvature = 0;
  for (std::size_t i = 0; i < x.size(); ++i) curvature += directions[1][i] * at(second[i], 0);
  answers.push_back({0, 3, curvature});
}

constexpr Path paths[] = {{"tensors", &elements, 32}};  // as batches

}  // namespace

TEST_CASE("programs have the derivatives of its point in every element of a tensor") {
  compare<long double>(paths, 20'000);
}
