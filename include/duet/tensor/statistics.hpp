// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/reduce.hpp>

/// Variances and norms.
namespace duet {

namespace tensor {

/// The sum of the squared distances from the mean.
template <class Line, class T>
typename Line::Batch centred_squares(const Line& line, const T* x) {
  using Batch = typename Line::Batch;
  const Batch mean = line.sum(Itself{}, x) / Batch(static_cast<T>(line.size));
  return line.sum([&](const Batch& batch) { return op::Square::value(batch - mean); }, x);
}

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
      "Var", t, lines, keep_dims, {.inputs = true}, where,
      [freedom](const auto& line, const T* x) { return tensor::centred_squares(line, x) / freedom; },
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
      "Std", t, lines, keep_dims, {.inputs = true, .output = true}, where,
      [freedom](const auto& line, const T* x) { return op::Sqrt::value(tensor::centred_squares(line, x) / freedom); },
      [freedom, kept = lines.kept()](const tensor::Call<T, P>& call, const Tensor<T, P>& cotangent) {
        const Tensor<T, P> scale = tensor::quotient_or_zero(cotangent, reshape(call.output(), kept));
        return tensor::mul(tensor::mul(scale, 1 / freedom), tensor::centred(call.input(0), kept));
      });
}

namespace tensor {

/// The largest magnitude, as a number to divide by: 1 where that is 0 or infinite.
template <class Line, class T>
typename Line::Batch scale_of(const Line& line, const T* x) {
  using Batch = typename Line::Batch;
  if (line.size == 0) return Batch(T(1));
  const Batch largest = line.template extreme<true>([](const Batch& batch) { return op::Abs::value(batch); }, x);
  return xsimd::select((largest == Batch(T(0))) | (largest == Batch(std::numeric_limits<T>::infinity())), Batch(T(1)),
                       largest);
}

/// The square root of the sum of squares. Squares that overflow or vanish are scaled by the largest element.
template <class Line, class T>
typename Line::Batch euclidean(const Line& line, const T* x) {
  using Batch = typename Line::Batch;
  using Limits = std::numeric_limits<T>;
  const Batch sum = line.sum([](const Batch& batch) { return op::Square::value(batch); }, x);
  const auto is_safe = (sum > Batch(Limits::min() / Limits::epsilon())) & (sum < Batch(Limits::infinity()));
  if (xsimd::all(is_safe)) return op::Sqrt::value(sum);
  const Batch scale = scale_of(line, x);
  const Batch scaled = line.sum([&](const Batch& batch) { return op::Square::value(batch / scale); }, x);
  return xsimd::select(is_safe, op::Sqrt::value(sum), scale * op::Sqrt::value(scaled));
}

/// (sum |x|^order)^(1 / order), relative to the largest element, so that nothing overflows.
template <class Line, class T>
typename Line::Batch power_norm(const Line& line, const T* x, T order) {
  using Batch = typename Line::Batch;
  const Batch scale = scale_of(line, x), power(order);
  const Batch sum =
      line.sum([&](const Batch& batch) { return op::Pow::value(op::Abs::value(batch) / scale, power); }, x);
  return scale * op::Pow::value(sum, Batch(1 / order));
}

}  // namespace tensor

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
        "Norm", t, lines, keep_dims, {.inputs = true, .output = true}, where,
        [](const auto& line, const T* x) { return tensor::euclidean(line, x); },
        [kept = lines.kept()](const Call<T, P>& call, const Tensor<T, P>& cotangent) {
          return tensor::mul(call.input(0), tensor::quotient_or_zero(cotangent, reshape(call.output(), kept)));
        });
  }
  return tensor::reduction(
      "Norm", t, lines, keep_dims, {.inputs = true, .output = true}, where,
      [order](const auto& line, const T* x) { return tensor::power_norm(line, x, static_cast<T>(order)); },
      [order, kept = lines.kept()](const Call<T, P>& call, const Tensor<T, P>& cotangent) {
        // sign(x) (|x| / y)^(order - 1): |x|^order / order has the derivative sign(x) |x|^(order - 1)
        const auto rule = [](const auto& w, const auto& x, const auto& y, const auto& p) {
          return duet::where(x == 0 || y == 0, 0, w * copysign(pow(abs(x / y), p - 1), x));
        };
        return tensor::composed(rule, cotangent, call.input(0), reshape(call.output(), kept), static_cast<T>(order));
      });
}

}  // namespace duet
