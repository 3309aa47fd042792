// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/loss.hpp>
#include <duet/tensor/softmax.hpp>

/// Losses of predicted classes.
namespace duet {

/// How the losses of classes are weighted and reduced.
template <class T, class P = DefaultPlace>
struct ClassOptions {
  Reduction reduction = Reduction::mean;
  Tensor<T, P> weight{};               ///< of each class; the mean is weighted, too
  std::ptrdiff_t ignore_index = -100;  ///< examples with this class don't count
};

namespace tensor {

/// The classes of examples: checked, with the weight of each. Predictions have the shape (classes), (examples, classes)
/// or (examples, classes, places...), classes the same without the axis of the classes.
template <class T, class P>
class Classes {
 public:
  Classes(const char* name, const Shape& prediction, const xt::xarray<std::ptrdiff_t>& target,
          const ClassOptions<T, P>& options)
      : shape_(prediction) {
    if (prediction.empty()) throw ShapeError(std::string(name) + ": a prediction needs an axis of classes");
    axis_ = prediction.size() > 1 ? 1 : 0;
    const Shape expected = reduced_shape(name, prediction, axis()), given(target.shape().begin(), target.shape().end());
    if (given != expected) {
      throw shape_error(name, prediction, given,
                        "don't fit: the target's must be " + to_string(expected) + ", a class for each example");
    }
    const std::size_t count = prediction[axis_];
    if (count == 0) throw ShapeError(std::string(name) + ": shape " + to_string(prediction) + " has no classes");
    if (options.weight.defined() && options.weight.shape() != Shape{count}) {
      throw ShapeError(std::string(name) + ": weights have shape " + to_string(options.weight.shape()) +
                       ", but there are " + std::to_string(count) + " classes");
    }
    for (std::ptrdiff_t label : target) {
      const bool counts = label != options.ignore_index;
      if (counts && (label < 0 || static_cast<std::size_t>(label) >= count)) {
        throw Error(std::string(name) + ": class " + std::to_string(label) + " is not one of the " +
                    std::to_string(count) + " classes of the prediction");
      }
      const auto at = static_cast<std::size_t>(counts ? label : 0);
      at_.push_back(at);
      weights_.push_back(counts ? options.weight.defined() ? std::as_const(options.weight).data()[at] : T(1) : T(0));
    }
  }

  const Shape& shape() const { return shape_; }
  Axes axis() const { return static_cast<std::ptrdiff_t>(axis_); }
  std::size_t size() const { return at_.size(); }
  std::size_t operator[](std::size_t example) const { return at_[example]; }
  T weight(std::size_t example) const { return weights_[example]; }
  T total_weight() const { return sum_of(weights_.data(), weights_.size()); }

 private:
  Shape shape_;
  std::size_t axis_;
  std::vector<std::size_t> at_;
  std::vector<T> weights_;
};

/// The elements of `x` at the classes, times the examples' weights; without the axis of the classes.
template <class T, class P>
Tensor<T, P> picked(const Tensor<T, P>& x, const std::shared_ptr<const Classes<T, P>>& classes,
                    const std::source_location& where);

/// The opposite of `picked`: weighted elements at the classes, zeros elsewhere.
template <class T, class P>
Tensor<T, P> spread(const Tensor<T, P>& w, const std::shared_ptr<const Classes<T, P>>& classes,
                    const std::source_location& where) {
  return operation<T, P>(
      "Spread", {w}, {}, where,
      [&] {
        Tensor<T, P> x = Tensor<T, P>::uninitialized(classes->shape());
        const Lines lines("spread", classes->shape(), classes->axis());
        lines(std::array<const T*, 0>{}, std::array{x.data()}, [&](std::size_t k, const auto&, const auto& out) {
          std::fill_n(out[0], lines.size(), T(0));
          out[0][(*classes)[k]] = w.data()[k] * classes->weight(k);
        });
        return x;
      },
      [classes, where](const Call<T, P>& call) { return Tensors<T, P>{picked(call.cotangent(), classes, where)}; });
}

template <class T, class P>
Tensor<T, P> picked(const Tensor<T, P>& x, const std::shared_ptr<const Classes<T, P>>& classes,
                    const std::source_location& where) {
  return operation<T, P>(
      "Pick", {x}, {}, where,
      [&] {
        const Lines lines("pick", classes->shape(), classes->axis());
        Tensor<T, P> y = Tensor<T, P>::uninitialized(lines.result_shape(false));
        T* const to = y.data();
        lines.each(x.data(), [&](std::size_t k, const T* line) {
          to[k] = classes->weight(k) == 0 ? T(0) : line[(*classes)[k]] * classes->weight(k);
        });
        return y;
      },
      [classes, where](const Call<T, P>& call) { return Tensors<T, P>{spread(call.cotangent(), classes, where)}; });
}

/// The losses of the examples, reduced; means are weighted.
template <class T, class P>
Tensor<T, P> reduced_losses(const Tensor<T, P>& losses, const Classes<T, P>& classes, Reduction reduction) {
  if (reduction == Reduction::none) return losses;
  const Tensor<T, P> total = sum_to(losses, {});
  return reduction == Reduction::sum ? total : div(total, classes.total_weight());
}

/// The derivative of the cross-entropies of `x`, times their cotangents `w`: w (softmax(x) - 1 at the class), weighted.
template <class T, class P>
Tensor<T, P> cross_entropy_pullback(const Tensor<T, P>& x, const Tensor<T, P>& w,
                                    const std::shared_ptr<const Classes<T, P>>& classes,
                                    const std::source_location& where) {
  return operation<T, P>(
      "CrossEntropyBackward", {x, w}, {.inputs = true}, where,
      [&] {
        using Batch = typename tape::Lanes<T>::type;
        Tensor<T, P> result = Tensor<T, P>::uninitialized(x.shape());
        const Lines lines("cross_entropy", x.shape(), classes->axis());
        lines.in_batches(std::array{x.data()}, std::array{result.data()},
                         [&](std::size_t k, const auto& line, const auto& in, const auto& out) {
                           T factor[tape::Lanes<T>::size]{};
                           for (std::size_t b = 0; b < line.lines; ++b) {
                             factor[b] = w.data()[k + b] * classes->weight(k + b);
                           }
                           const Batch factors = line.load(factor), zero(T(0));
                           const Batch scale = factors / shifted_exponentials(line, in[0], out[0]);
                           line.map(
                               out[0], [&](const Batch& e) { return xsimd::select(factors == zero, zero, e * scale); },
                               std::as_const(out[0]));
                           for (std::size_t b = 0; b < line.lines; ++b) {
                             line.at(out[0], (*classes)[k + b], b) -= factor[b];
                           }
                         });
        return result;
      },
      [classes, where](const Call<T, P>& call) {
        const Tensor<T, P> v = call.cotangent();
        const Axes axis = classes->axis();
        const Shape kept = kept_shape("cross_entropy", classes->shape(), axis);
        const Tensor<T, P> p = softmax(call.input(0), axis.list[0], where), w = call.input(1);
        Tensor<T, P> weights = Tensor<T, P>::uninitialized(kept);
        for (std::size_t k = 0; k < classes->size(); ++k) weights.data()[k] = classes->weight(k);
        Tensors<T, P> cotangents(2);
        if (call.needs(0)) {
          cotangents[0] = softmax_pullback(p, mul(v, mul(weights, reshape(w, kept))), axis, where);
        }
        if (call.needs(1)) {
          const Tensor<T, P> of_softmax = mul(weights, sum_to(mul(p, v), kept));
          cotangents[1] = sub(reshape(of_softmax, w.shape()), picked(v, classes, where));
        }
        return cotangents;
      });
}

}  // namespace tensor

/// The negative logarithms of the probabilities of the right classes, given the logarithms of all: what `log_softmax`
/// gives. Shapes, options and errors are those of `cross_entropy`.
template <tensor::tensorial X>
auto nll_loss(const X& log_probabilities, const xt::xarray<std::ptrdiff_t>& target,
              const ClassOptions<typename X::value_type, typename X::place_type>& options = {},
              const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  const Tensor<T, P> x(log_probabilities);
  const auto classes = std::make_shared<const tensor::Classes<T, P>>("nll_loss", x.shape(), target, options);
  return tensor::reduced_losses(tensor::neg(tensor::picked(x, classes, where)), *classes, options.reduction);
}

/// The cross-entropy of logits: -log(softmax(x)) at the right class of each example, in one pass. `x` has the shape
/// (classes), (examples, classes) or (examples, classes, places...), `target` the same without the classes. Throws
/// ShapeError if shapes don't fit, Error for a class that is not there.
template <tensor::tensorial X>
auto cross_entropy(const X& logits, const xt::xarray<std::ptrdiff_t>& target,
                   const ClassOptions<typename X::value_type, typename X::place_type>& options = {},
                   const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  const Tensor<T, P> x(logits);
  const auto classes = std::make_shared<const tensor::Classes<T, P>>("cross_entropy", x.shape(), target, options);
  const Tensor<T, P> losses = tensor::operation<T, P>(
      "CrossEntropy", {x}, {.inputs = true}, where,
      [&] {
        const tensor::Lines lines("cross_entropy", x.shape(), classes->axis());
        Tensor<T, P> y = Tensor<T, P>::uninitialized(lines.result_shape(false));
        T* const to = y.data();
        lines.in_batches(std::array{x.data()}, std::array<T*, 0>{},
                         [&](std::size_t k, const auto& line, const auto& in, const auto&) {
                           line.store(to + k, tensor::log_sum_exp(line, in[0]));
                           for (std::size_t b = 0; b < line.lines; ++b) {
                             const T weight = classes->weight(k + b);
                             to[k + b] =
                                 weight == 0 ? T(0) : weight * (to[k + b] - line.at(in[0], (*classes)[k + b], b));
                           }
                         });
        return y;
      },
      [classes, where](const tensor::Call<T, P>& call) {
        return tensor::Tensors<T, P>{tensor::cross_entropy_pullback(call.input(0), call.cotangent(), classes, where)};
      });
  return tensor::reduced_losses(losses, *classes, options.reduction);
}

/// 1 at the class of each example, 0 elsewhere, along a new last axis of `classes` elements. Throws Error for a class
/// that is not there.
template <class T = double, class P = DefaultPlace>
Tensor<T, P> one_hot(const xt::xarray<std::ptrdiff_t>& target, std::size_t classes) {
  Shape shape(target.shape().begin(), target.shape().end());
  shape.push_back(classes);
  Tensor<T, P> result = Tensor<T, P>::full(shape, 0);
  std::size_t row = 0;
  for (std::ptrdiff_t label : target) {
    if (label < 0 || static_cast<std::size_t>(label) >= classes) {
      throw Error("one_hot: class " + std::to_string(label) + " is not one of " + std::to_string(classes));
    }
    result.data()[row++ * classes + static_cast<std::size_t>(label)] = 1;
  }
  return result;
}

}  // namespace duet
