// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/reduce.hpp>

/// Variances and norms.
namespace duet {

namespace tensor {

/// The sum of the squares of the distances of `size` numbers from their mean.
template <class T>
T centred_squares(const T* x, std::size_t size) {
  using Batch = typename tape::Lanes<T>::type;
  const Batch mean(sum_of(x, size) / static_cast<T>(size));
  return sum_batches<T>(
      size, [&](const Batch& batch) { return op::Square::value(batch - mean); }, x);
}

/// x - mean(x), where `kept` is the shape of the mean.
template <class T>
Tensor<T> centred(const Tensor<T>& x, const Shape& kept) {
  const auto parts = static_cast<double>(size_of(kept)) / static_cast<double>(x.size());
  return sub(x, mul(sum_to(x, kept), static_cast<T>(parts)));
}

/// a / y, and 0 where y is 0: the derivative of a norm where that is zero.
template <class T>
Tensor<T> quotient_or_zero(const Tensor<T>& a, const Tensor<T>& y) {
  return composed([](const auto& a, const auto& y) { return where(y == 0, 0, a / y); }, a, y);
}

}  // namespace tensor

/// The variance over `axes`: the sum of the squared distances from the mean, divided by their number less
/// `correction` (Bessel's by default). NaN where that is not positive. Throws ShapeError for axes that are not there.
template <tensor::tensorial X>
auto var(const X& x, const Axes& axes = {}, bool keep_dims = false, double correction = 1,
         const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  const Tensor<T> t(x);
  const tensor::Lines lines("Var", t.shape(), axes);
  const auto freedom = static_cast<T>(std::max(0.0, static_cast<double>(lines.size()) - correction));
  return tensor::reduction(
      "Var", t, lines, keep_dims, {.inputs = true}, where,
      [freedom](const T* line, std::size_t size) { return tensor::centred_squares(line, size) / freedom; },
      [freedom, kept = lines.kept()](const tensor::Call<T>& call, const Tensor<T>& cotangent) {
        return tensor::mul(tensor::mul(cotangent, 2 / freedom), tensor::centred(call.input(0), kept));
      });
}

/// The standard deviation over `axes`, the square root of `var`. Its derivative is 0 where it is 0. It has to be called
/// as `duet::std(x)`, since `std` alone is a namespace.
template <tensor::tensorial X>
auto std(const X& x, const Axes& axes = {}, bool keep_dims = false, double correction = 1,
         const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  const Tensor<T> t(x);
  const tensor::Lines lines("Std", t.shape(), axes);
  const auto freedom = static_cast<T>(std::max(0.0, static_cast<double>(lines.size()) - correction));
  return tensor::reduction(
      "Std", t, lines, keep_dims, {.inputs = true, .output = true}, where,
      [freedom](const T* line, std::size_t size) { return std::sqrt(tensor::centred_squares(line, size) / freedom); },
      [freedom, kept = lines.kept()](const tensor::Call<T>& call, const Tensor<T>& cotangent) {
        const Tensor<T> scale = tensor::quotient_or_zero(cotangent, reshape(call.output(), kept));
        return tensor::mul(tensor::mul(scale, 1 / freedom), tensor::centred(call.input(0), kept));
      });
}

namespace tensor {

/// The square root of the sum of squares. Squares that overflow or vanish are scaled by the largest element.
template <class T>
T euclidean(const T* x, std::size_t size) {
  using Batch = typename tape::Lanes<T>::type;
  const T sum = sum_batches<T>(
      size, [](const Batch& batch) { return op::Square::value(batch); }, x);
  if (sum > std::numeric_limits<T>::min() / std::numeric_limits<T>::epsilon() && !std::isinf(sum))
    return std::sqrt(sum);
  T largest = 0;
  for (std::size_t i = 0; i < size; ++i) largest = std::max(largest, std::abs(x[i]));
  if (largest == 0 || std::isinf(largest) || std::isnan(sum)) return std::isnan(sum) ? sum : largest;
  T scaled = 0;
  for (std::size_t i = 0; i < size; ++i) scaled += (x[i] / largest) * (x[i] / largest);
  return largest * std::sqrt(scaled);
}

/// (sum |x|^order)^(1 / order), relative to the largest element, so that nothing overflows.
template <class T>
T power_norm(const T* x, std::size_t size, T order) {
  T largest = 0, sum = 0;
  for (std::size_t i = 0; i < size; ++i) largest = std::max(largest, std::abs(x[i]));
  if (std::isinf(largest)) return largest;
  if (largest == 0) largest = 1;
  for (std::size_t i = 0; i < size; ++i) sum += std::pow(std::abs(x[i]) / largest, order);
  return largest * std::pow(sum, 1 / order);
}

}  // namespace tensor

/// The norm of the elements over `axes`: (sum |x|^order)^(1 / order), for order infinity the largest magnitude. Its
/// derivative at 0 is 0. Throws Error unless the order is positive, ShapeError for axes that are not there.
template <tensor::tensorial X>
auto norm(const X& x, double order = 2, const Axes& axes = {}, bool keep_dims = false,
          const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using tensor::Call;
  if (!(order > 0)) throw Error("norm: the order must be positive, and is " + std::to_string(order));
  const Tensor<T> t(x);
  if (std::isinf(order)) return amax(tensor::apply<op::Abs>(t), axes, keep_dims, where);
  const tensor::Lines lines("Norm", t.shape(), axes);
  if (order == 1) return sum(tensor::apply<op::Abs>(t), axes, keep_dims, where);
  if (order == 2) {
    return tensor::reduction(
        "Norm", t, lines, keep_dims, {.inputs = true, .output = true}, where,
        [](const T* line, std::size_t size) { return tensor::euclidean(line, size); },
        [kept = lines.kept()](const Call<T>& call, const Tensor<T>& cotangent) {
          return tensor::mul(call.input(0), tensor::quotient_or_zero(cotangent, reshape(call.output(), kept)));
        });
  }
  return tensor::reduction(
      "Norm", t, lines, keep_dims, {.inputs = true, .output = true}, where,
      [order](const T* line, std::size_t size) { return tensor::power_norm(line, size, static_cast<T>(order)); },
      [order, kept = lines.kept()](const Call<T>& call, const Tensor<T>& cotangent) {
        // sign(x) (|x| / y)^(order - 1): |x|^order / order has the derivative sign(x) |x|^(order - 1)
        const auto rule = [](const auto& w, const auto& x, const auto& y, const auto& p) {
          return duet::where(x == 0 || y == 0, 0, w * copysign(pow(abs(x / y), p - 1), x));
        };
        return tensor::composed(rule, cotangent, call.input(0), reshape(call.output(), kept), static_cast<T>(order));
      });
}

}  // namespace duet
