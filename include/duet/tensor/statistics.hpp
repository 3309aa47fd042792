// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/reduce.hpp>

/// Variances and norms.
namespace duet {

namespace tensor {

/// x - mean(x), where `kept` is the shape of the mean.
template <class T, class P>
Tensor<T, P> centred(const Tensor<T, P>& x, const Shape& kept) {
  const auto parts = static_cast<double>(size_of(kept)) / static_cast<double>(x.size());
  return sub(x, mul(sum_to(x, kept), static_cast<T>(parts)));
}

/// a / y, and 0 where y is 0: the derivative of a norm where that is zero.
template <class T, class P>
Tensor<T, P> quotient_or_zero(const Tensor<T, P>& a, const Tensor<T, P>& y) {
  return composed([](const auto& a, const auto& y) { return where(y == 0, 0, a / y); }, a, y);
}

}  // namespace tensor

/// The variance over `axes`: the sum of the squared distances from the mean, divided by their number less
/// `correction` (Bessel's by default). NaN where that is not positive. Throws ShapeError for axes that are not there.
template <tensor::tensorial X>
auto var(const X& x, const Axes& axes = {}, bool keep_dims = false, double correction = 1,
         const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  const Tensor<T, P> t(x);
  const tensor::Lines lines("Var", t.shape(), axes);
  const auto freedom = static_cast<T>(std::max(0.0, static_cast<double>(lines.size()) - correction));
  return tensor::reduction(
      "Var", t, lines, keep_dims, {.inputs = true}, where, tensor::by_line::Variance<T>{freedom},
      [freedom, kept = lines.kept()](const tensor::Call<T, P>& call, const Tensor<T, P>& cotangent) {
        return tensor::mul(tensor::mul(cotangent, 2 / freedom), tensor::centred(call.input(0), kept));
      });
}

/// The standard deviation over `axes`, the square root of `var`. Its derivative is 0 where it is 0. It has to be called
/// as `duet::std(x)`, since `std` alone is a namespace.
template <tensor::tensorial X>
auto std(const X& x, const Axes& axes = {}, bool keep_dims = false, double correction = 1,
         const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  const Tensor<T, P> t(x);
  const tensor::Lines lines("Std", t.shape(), axes);
  const auto freedom = static_cast<T>(std::max(0.0, static_cast<double>(lines.size()) - correction));
  return tensor::reduction(
      "Std", t, lines, keep_dims, {.inputs = true, .output = true}, where, tensor::by_line::Deviation<T>{{freedom}},
      [freedom, kept = lines.kept()](const tensor::Call<T, P>& call, const Tensor<T, P>& cotangent) {
        const Tensor<T, P> scale = tensor::quotient_or_zero(cotangent, reshape(call.output(), kept));
        return tensor::mul(tensor::mul(scale, 1 / freedom), tensor::centred(call.input(0), kept));
      });
}

/// The norm of the elements over `axes`: (sum |x|^order)^(1 / order), for order infinity the largest magnitude. Its
/// derivative at 0 is 0. Throws Error unless the order is positive, ShapeError for axes that are not there.
template <tensor::tensorial X>
auto norm(const X& x, double order = 2, const Axes& axes = {}, bool keep_dims = false,
          const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  using tensor::Call;
  if (!(order > 0)) throw Error("norm: the order must be positive, and is " + std::to_string(order));
  const Tensor<T, P> t(x);
  if (std::isinf(order)) return amax(tensor::apply<op::Abs>(t), axes, keep_dims, where);
  const tensor::Lines lines("Norm", t.shape(), axes);
  if (order == 1) return sum(tensor::apply<op::Abs>(t), axes, keep_dims, where);
  if (order == 2) {
    return tensor::reduction(
        "Norm", t, lines, keep_dims, {.inputs = true, .output = true}, where, tensor::by_line::EuclideanNorm{},
        [kept = lines.kept()](const Call<T, P>& call, const Tensor<T, P>& cotangent) {
          return tensor::mul(call.input(0), tensor::quotient_or_zero(cotangent, reshape(call.output(), kept)));
        });
  }
  return tensor::reduction("Norm", t, lines, keep_dims, {.inputs = true, .output = true}, where,
                           tensor::by_line::PowerNorm<T>{static_cast<T>(order)},
                           [order, kept = lines.kept()](const Call<T, P>& call, const Tensor<T, P>& cotangent) {
                             // sign(x) (|x| / y)^(order - 1): |x|^order / order has the derivative sign(x) |x|^(order -
                             // 1)
                             const auto rule = [](const auto& w, const auto& x, const auto& y, const auto& p) {
                               return duet::where(x == 0 || y == 0, 0, w * copysign(pow(abs(x / y), p - 1), x));
                             };
                             return tensor::composed(rule, cotangent, call.input(0), reshape(call.output(), kept),
                                                     static_cast<T>(order));
                           });
}

}  // namespace duet
