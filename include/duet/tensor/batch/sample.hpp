// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/rearrange.hpp>

/// The samples of a batch as if there were one: what `vmap` calls functions with.
namespace duet {

struct BatchEngine;

/// One sample of a batch, to the function that computes with it; in truth all of them, in one tensor whose first axis
/// is the batch. Shapes and axes are those of a sample. Operations on samples are operations on the whole batch, and
/// what is no sample (tensors, numbers) is the same for all. `Base` is Active, or Condition for truth values.
template <class T, class Base = Active>
class Batched : public Base {
 public:
  using engine = BatchEngine;
  static constexpr int rank = 2001;  // above formulas of tensors
  using value_type = T;

  Batched() = default;
  /// Throws ShapeError for a tensor without axes.
  explicit Batched(const Tensor<T>& all) : all_(all) {
    if (all.dimension() == 0) throw ShapeError("vmap: a number has no axis along which there could be samples");
  }

  bool defined() const { return all_.defined(); }
  /// The samples, along the first axis.
  const Tensor<T>& all() const { return all_; }
  std::size_t samples() const { return all_.shape()[0]; }
  /// The shape of a sample.
  Shape shape() const { return Shape(all_.shape().begin() + 1, all_.shape().end()); }
  std::size_t dimension() const { return all_.dimension() - 1; }

 private:
  Tensor<T> all_;
};

namespace tensor {

template <class X>
inline constexpr bool is_batched = false;
template <class T, class Base>
inline constexpr bool is_batched<Batched<T, Base>> = true;
template <class X>
concept batched = is_batched<X>;

/// Samples and what may stand beside them in a function.
template <class X>
concept in_vmap = batched<X> || tensorial<X>;
template <class... X>
concept some_batched = (in_vmap<X> && ...) && (batched<X> || ...);

/// The elements' type of tensors and samples; other operands have none.
template <class... X>
struct element_among : std::type_identity<void> {};
template <in_vmap X, class... Rest>
struct element_among<X, Rest...> : std::type_identity<typename X::value_type> {};
template <class X, class... Rest>
requires(!in_vmap<X>) struct element_among<X, Rest...> : element_among<Rest...> {
};
template <class... X>
using common_value = typename element_among<X...>::type;

/// A tensor, the samples, or a number, as a tensor.
template <class T, class X>
Tensor<T> whole_of_batch(const X& x) {
  if constexpr (batched<X>) {
    return x.all();
  } else if constexpr (integral_constant<X>) {
    return Tensor<T>(static_cast<T>(X::value));
  } else if constexpr (std::is_arithmetic_v<X>) {
    return Tensor<T>(static_cast<T>(x));
  } else {
    return Tensor<T>(x);
  }
}

/// The number of samples of an operand; 0 for one that all samples share.
template <class X>
std::size_t samples_of(const X& x) {
  if constexpr (batched<X>) {
    return x.samples();
  } else {
    return 0;
  }
}
/// That of several. Throws ShapeError where batches differ.
template <class... X>
std::size_t common_samples(const X&... x) {
  std::size_t samples = 0;
  for (std::size_t one : {samples_of(x)...}) {
    if (one > 0 && samples > 0 && one != samples) {
      throw ShapeError("vmap: batches of " + std::to_string(samples) + " and " + std::to_string(one) + " samples");
    }
    samples = std::max(samples, one);
  }
  return samples;
}

/// A shape with the batch in front.
inline Shape batch_shape(std::size_t samples, const Shape& sample) {
  Shape shape{samples};
  shape.insert(shape.end(), sample.begin(), sample.end());
  return shape;
}

/// The samples with axes of size 1 in front of theirs, so that they have `axes`: then batches broadcast as samples do.
/// What all samples share has fewer axes, and broadcasts anyway.
template <class T, class X>
Tensor<T> aligned(const X& x, std::size_t axes) {
  const Tensor<T> all = whole_of_batch<T>(x);
  if constexpr (batched<X>) {
    if (x.dimension() < axes) {
      Shape shape{x.samples()};
      while (shape.size() < 1 + axes - x.dimension()) shape.push_back(1);
      shape.insert(shape.end(), all.shape().begin() + 1, all.shape().end());
      return reshaped(all, shape, {});
    }
  }
  return all;
}

}  // namespace tensor

/// Carries out operations on samples: each is one operation on the whole batch (elementwise.hpp).
struct BatchEngine {
  template <class Op, class... X>
  static auto apply(const X&... x) {
    static_assert(
        ((tensor::in_vmap<X> || std::is_arithmetic_v<X> || integral_constant<X>)&&...),
        "duet: inside vmap, an operation takes samples, tensors and numbers, and not Dual, Var or expressions");
    using T = tensor::common_value<X...>;
    tensor::common_samples(x...);
    std::size_t axes = 0;
    const auto look_at = [&](const auto& one) {
      if constexpr (requires { one.dimension(); }) axes = std::max(axes, one.dimension());
    };
    (look_at(x), ...);
    using Base = std::conditional_t<Op::kind == op::Kind::predicate, op::Condition, Active>;
    return Batched<T, Base>(tensor::apply<Op>(tensor::aligned<T>(x, axes)...));
  }
};

}  // namespace duet
