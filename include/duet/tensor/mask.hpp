// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/piecewise.hpp>
#include <duet/tensor/lines.hpp>

/// Truth values of elements.
namespace duet {

/// A truth value for each element. Masks choose elements (`where`, `x[mask]`) and have no derivatives.
using Mask = xt::xarray<bool>;

namespace tensor {

/// A tensor for the calling thread to read: this one, or a copy.
template <class T, class P>
Tensor<T, Host> in_main_memory(const Tensor<T, P>& x) {
  if constexpr (std::same_as<P, Host>) {
    return x;
  } else {
    return x.detach().template to<Host>();
  }
}

/// Whether the elements of each line along `axes` that are not zero are what `Judge` asks for.
template <class Judge, class X>
Mask judged(const char* name, const X& x, const Axes& axes, bool keep_dims) {
  const Lines lines(name, x.shape(), axes);
  const auto verdicts = folded(x, lines, lines.kept(), Judge{}).vector();
  Mask result = Mask::from_shape(lines.result_shape(keep_dims));
  std::transform(verdicts.begin(), verdicts.end(), result.data(), [](auto verdict) { return verdict != 0; });
  return result;
}

}  // namespace tensor

/// The truth values of a condition such as `x > 0`; of numbers, whether they are not zero.
template <tensor::tensorial X>
Mask mask(const X& condition) {
  const auto x = tensor::in_main_memory(tensor::TensorOf<X>(condition));
  Mask result = Mask::from_shape(x.shape());
  std::transform(x.data(), x.data() + x.size(), result.data(), [](auto element) { return element != 0; });
  return result;
}

/// Whether the condition holds for an element (or a number is not zero).
template <tensor::tensorial X>
bool any(const X& condition) {
  const auto x = tensor::in_main_memory(tensor::TensorOf<X>(condition));
  return std::any_of(x.data(), x.data() + x.size(), [](auto element) { return element != 0; });
}
/// The same for the elements along `axes`. Throws ShapeError for axes that are not there.
template <tensor::tensorial X>
Mask any(const X& condition, const Axes& axes, bool keep_dims = false) {
  return tensor::judged<tensor::by_line::IsAny>("any", tensor::TensorOf<X>(condition), axes, keep_dims);
}

/// Whether the condition holds for all elements (or no number is zero).
template <tensor::tensorial X>
bool all(const X& condition) {
  const auto x = tensor::in_main_memory(tensor::TensorOf<X>(condition));
  return std::all_of(x.data(), x.data() + x.size(), [](auto element) { return element != 0; });
}
/// The same for the elements along `axes`. Throws ShapeError for axes that are not there.
template <tensor::tensorial X>
Mask all(const X& condition, const Axes& axes, bool keep_dims = false) {
  return tensor::judged<tensor::by_line::AreAll>("all", tensor::TensorOf<X>(condition), axes, keep_dims);
}

/// `a` where the mask is true, else `b`; the three broadcast. One of `a` and `b` is a tensor or a formula. Call it as
/// `duet::where`: a mask is an array of xtensor, whose own `where` is found otherwise.
template <operand A, operand B>
requires(tensor::tensorial<A> || tensor::tensorial<B>) auto where(const Mask& mask, const A& a, const B& b) {
  using Chosen = tensor::TensorOf<std::conditional_t<tensor::tensorial<A>, A, B>>;
  return where(Chosen(mask) != 0, a, b);
}

/// The larger of two elements, which broadcast: `max(a, b)`. A tie shares the derivative, a half each.
template <operand A, operand B>
requires(tensor::tensorial<A> || tensor::tensorial<B>) auto maximum(const A& a, const B& b) {
  return op::apply<op::Max>(a, b);
}
/// The smaller of two elements, which broadcast: `min(a, b)`. A tie shares the derivative, a half each.
template <operand A, operand B>
requires(tensor::tensorial<A> || tensor::tensorial<B>) auto minimum(const A& a, const B& b) {
  return op::apply<op::Min>(a, b);
}

}  // namespace duet
