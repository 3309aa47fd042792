// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/composed.hpp>
#include <duet/tensor/lines.hpp>
#include <duet/tensor/operation.hpp>

/// Reductions that are no sums: extremes, norms, and the logarithm of a sum of exponentials.
namespace duet {

namespace tensor {

/// A number for each line of `x`, recorded. `pullback(call, cotangent)` gives the cotangent of `x`; the cotangent of
/// the result is handed to it with size 1 along the axes that are gone.
template <class T, class P, class Fold, class Pullback>
Tensor<T, P> reduction(const char* name, const Tensor<T, P>& x, const Lines& lines, bool keep_dims, Keep keep,
                       const std::source_location& where, const Fold& fold, Pullback pullback) {
  return operation<T, P>(
      name, {x}, keep, where, [&] { return folded(x, lines, lines.result_shape(keep_dims), fold); },
      [kept = lines.kept(), pullback = std::move(pullback)](const Call<T, P>& call) {
        return Tensors<T, P>{pullback(call, reshape(call.cotangent(), kept))};
      });
}

/// Throws ShapeError if lines have no elements, of which none can be chosen.
inline void check_not_empty(const char* name, const Lines& lines, const Shape& shape) {
  if (lines.size() > 0 || lines.count() == 0) return;
  throw ShapeError(std::string(name) + ": shape " + to_string(shape) + " has no elements along these axes");
}

/// The part of each element in the extreme of its line.
template <bool Largest, class T, class P>
Tensor<T, P> parts_in_extreme(const Tensor<T, P>& x, const Lines& lines) {
  Tensor<T, P> parts = Tensor<T, P>::uninitialized(x.shape());
  LineWork<P>::run(lines, by_line::PartsInExtreme<Largest>{}, std::array{x.data()}, std::array{parts.data()});
  return parts;
}

template <bool Largest, class T, class P>
Tensor<T, P> extreme(const char* name, const Tensor<T, P>& x, const Axes& axes, bool keep_dims,
                     const std::source_location& where) {
  const Lines lines(name, x.shape(), axes);
  check_not_empty(name, lines, x.shape());
  return reduction(name, x, lines, keep_dims, {.inputs = true}, where, by_line::ExtremeOf<Largest>{},
                   [name, axes](const Call<T, P>& call, const Tensor<T, P>& cotangent) {
                     const Tensor<T, P> of = call.input(0);
                     return mul(cotangent, parts_in_extreme<Largest>(of, Lines(name, of.shape(), axes)));
                   });
}

/// w exp(x - y), where y is the logsumexp of the line and w its cotangent.
template <class T, class P>
Tensor<T, P> logsumexp_pullback(const Lines& lines, const Tensor<T, P>& x, const Tensor<T, P>& y,
                                const Tensor<T, P>& w) {
  if (recording) {
    const auto softmax = [](const auto& w, const auto& x, const auto& y) {
      return w * exp(x - duet::where(y == -std::numeric_limits<double>::infinity(), 0, y));
    };
    return composed(softmax, w, x, y);
  }
  Tensor<T, P> result = Tensor<T, P>::uninitialized(x.shape());
  const by_line::Softmaxes<T> softmaxes{y.data(), w.data()};
  LineWork<P>::run(lines, softmaxes, std::array{x.data()}, std::array{result.data()});
  return result;
}

}  // namespace tensor

/// The largest elements along `axes`, as PyTorch's `amax`: elements that are equally large share the derivative evenly.
/// NaN if an element is. Throws ShapeError for axes that are not there or have no elements.
template <tensor::tensorial X>
auto amax(const X& x, const Axes& axes = {}, bool keep_dims = false,
          const std::source_location& where = std::source_location::current()) {
  return tensor::extreme<true>("Amax", tensor::TensorOf<X>(x), axes, keep_dims, where);
}
/// The smallest elements along `axes`; otherwise as `amax`.
template <tensor::tensorial X>
auto amin(const X& x, const Axes& axes = {}, bool keep_dims = false,
          const std::source_location& where = std::source_location::current()) {
  return tensor::extreme<false>("Amin", tensor::TensorOf<X>(x), axes, keep_dims, where);
}

/// The largest element. Along axes that is `amax`, since `max(x, 1)` is the larger of each element and 1.
template <tensor::tensorial X>
auto max(const X& x, const std::source_location& where = std::source_location::current()) {
  return amax(x, {}, false, where);
}
/// The smallest element.
template <tensor::tensorial X>
auto min(const X& x, const std::source_location& where = std::source_location::current()) {
  return amin(x, {}, false, where);
}

namespace tensor {

/// Where the extreme elements of lines are; the first of several, or the first NaN.
template <bool Largest, class T, class P>
xt::xarray<std::ptrdiff_t> place_of_extreme(const char* name, const Tensor<T, P>& x, const Axes& axes, bool keep_dims) {
  const Lines lines(name, x.shape(), axes);
  check_not_empty(name, lines, x.shape());
  typename Memory<P>::template Buffer<std::ptrdiff_t> places(lines.count());
  std::ptrdiff_t* const to = places.data();
  LineWork<P>::run(lines, by_line::PlaceOfExtreme<Largest>{to}, std::array{x.data()}, std::array<T*, 0>{});
  auto result = xt::xarray<std::ptrdiff_t>::from_shape(lines.result_shape(keep_dims));
  Memory<P>::read(to, lines.count(), result.data());
  return result;
}

}  // namespace tensor

/// The place of the largest element in row-major order; of the first of several, or of the first NaN. Throws ShapeError
/// if there are no elements.
template <tensor::tensorial X>
std::ptrdiff_t argmax(const X& x) {
  return tensor::place_of_extreme<true>("argmax", tensor::TensorOf<X>(x), {}, false)();
}
/// The places of the largest elements along an axis. Throws ShapeError if that is not there or has no elements.
template <tensor::tensorial X>
xt::xarray<std::ptrdiff_t> argmax(const X& x, std::ptrdiff_t axis, bool keep_dims = false) {
  return tensor::place_of_extreme<true>("argmax", tensor::TensorOf<X>(x), axis, keep_dims);
}
/// The place of the smallest element in row-major order; otherwise as `argmax`.
template <tensor::tensorial X>
std::ptrdiff_t argmin(const X& x) {
  return tensor::place_of_extreme<false>("argmin", tensor::TensorOf<X>(x), {}, false)();
}
/// The places of the smallest elements along an axis; otherwise as `argmax`.
template <tensor::tensorial X>
xt::xarray<std::ptrdiff_t> argmin(const X& x, std::ptrdiff_t axis, bool keep_dims = false) {
  return tensor::place_of_extreme<false>("argmin", tensor::TensorOf<X>(x), axis, keep_dims);
}

/// log(sum(exp(x))) over `axes`, without overflow. Its derivative is the softmax of the elements; 0 where all of them
/// are -infinity.
template <tensor::tensorial X>
auto logsumexp(const X& x, const Axes& axes = {}, bool keep_dims = false,
               const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  const Tensor<T, P> t(x);
  const tensor::Lines lines("Logsumexp", t.shape(), axes);
  return tensor::reduction(
      "Logsumexp", t, lines, keep_dims, {.inputs = true, .output = true}, where, tensor::by_line::LogSumExp{},
      [lines](const tensor::Call<T, P>& call, const Tensor<T, P>& cotangent) {
        return tensor::logsumexp_pullback(lines, call.input(0), reshape(call.output(), lines.kept()), cotangent);
      });
}

}  // namespace duet
