// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <numeric>

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

namespace by_line {

/// Arrays with the class of each line, and its weight.
template <class T>
struct Labels {
  const std::ptrdiff_t* at;
  const T* weights;

  /// Stores a number of a line, weighted; 0 without weight, whatever the number.
  constexpr void store(const auto& line, const auto& number, T* to) const {
    const auto weight = line.load(weights), zero = weight - weight;
    line.store(to, op::Where::value(weight == zero, zero, weight * number));
  }
};

/// Multiplies weights by those of the classes.
template <class T>
struct Weigh {
  Labels<T> labels;
  const T* of_classes;
  T* to;

  constexpr void operator()(const auto& line, const auto&, const auto&) const {
    labels.store(line, line.load(of_classes, labels.at), to);
  }
};

/// The element at the class, weighted, to `to`; 0 without weight.
template <class T>
struct Pick {
  Labels<T> labels;
  T* to;

  constexpr void operator()(const auto& line, const auto& in, const auto&) const {
    labels.store(line, line.pick(in[0], labels.at), to);
  }
};

/// The number in `from`, weighted, at the class; 0 elsewhere.
template <class T>
struct Spread {
  Labels<T> labels;
  const T* from;

  template <class Line>
  constexpr void operator()(const Line& line, const auto&, const auto& out) const {
    line.map(out[0], [] { return typename Line::Batch(0); });
    line.add_at(out[0], labels.at, line.load(from) * line.load(labels.weights));
  }
};

/// -log(softmax(x)) at the class, weighted, to `to`; 0 without weight.
template <class T>
struct CrossEntropy {
  Labels<T> labels;
  T* to;

  constexpr void operator()(const auto& line, const auto& in, const auto&) const {
    labels.store(line, log_sum_exp(line, in[0]) - line.pick(in[0], labels.at), to);
  }
};

/// w (softmax(x) - 1 at the class), weighted; 0 without weight.
template <class T>
struct CrossEntropyPullback {
  Labels<T> labels;
  const T* cotangents;

  template <class Line>
  constexpr void operator()(const Line& line, const auto& in, const auto& out) const {
    using Batch = typename Line::Batch;
    const Batch w = line.load(cotangents) * line.load(labels.weights), zero(0);
    const Batch largest = line.template extreme<true>(Itself{}, in[0]);
    const auto share = [&](const Batch& x) {
      return op::Where::value(w == zero, Batch(1), Batch(op::Exp::value(x - largest)));
    };
    line.map_shares(out[0], w, share, in[0]);
    line.add_at(out[0], labels.at, -w);
  }
};

}  // namespace by_line

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
    const bool weighted = options.weight.defined();
    std::vector<std::ptrdiff_t> at;
    std::vector<T> counts;
    for (std::ptrdiff_t label : target) {
      const bool is_counted = label != options.ignore_index;
      if (is_counted && (label < 0 || static_cast<std::size_t>(label) >= count)) {
        throw Error(std::string(name) + ": class " + std::to_string(label) + " is not one of the " +
                    std::to_string(count) + " classes of the prediction");
      }
      at.push_back(is_counted ? label : 0);
      counts.push_back(is_counted ? T(1) : T(0));
    }
    at_ = std::make_shared<Storage<std::ptrdiff_t, P>>(at.size());
    Memory<P>::write(at.data(), at.size(), at_->data());
    weights_ = Tensor<T, P>::uninitialized(kept_shape(name, prediction, axis()));
    Memory<P>::write(counts.data(), counts.size(), weights_.data());
    if (weighted) {
      const by_line::Weigh<T> weigh{labels(), std::as_const(options.weight).data(), weights_.data()};
      LineWork<P>::run(Lines(name, prediction, axis()), weigh, std::array<const T*, 0>{}, std::array<T*, 0>{});
    }
    total_weight_ = weighted ? sum_to(weights_, {}) : Tensor<T, P>(std::accumulate(counts.begin(), counts.end(), T(0)));
  }

  const Shape& shape() const { return shape_; }
  Axes axis() const { return static_cast<std::ptrdiff_t>(axis_); }
  Shape kept() const { return weights_.shape(); }
  by_line::Labels<T> labels() const { return {at_->data(), weights_.data()}; }
  const Tensor<T, P>& weights() const { return weights_; }
  const Tensor<T, P>& total_weight() const { return total_weight_; }

 private:
  Shape shape_;
  std::size_t axis_;
  std::shared_ptr<Storage<std::ptrdiff_t, P>> at_;
  Tensor<T, P> weights_, total_weight_;
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
        const by_line::Spread<T> spread{classes->labels(), w.data()};
        LineWork<P>::run(Lines("spread", x.shape(), classes->axis()), spread, std::array<const T*, 0>{},
                         std::array{x.data()});
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
        const Lines lines("pick", x.shape(), classes->axis());
        Tensor<T, P> y = Tensor<T, P>::uninitialized(lines.result_shape(false));
        const by_line::Pick<T> pick{classes->labels(), y.data()};
        LineWork<P>::run(lines, pick, std::array{x.data()}, std::array<T*, 0>{});
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
        Tensor<T, P> result = Tensor<T, P>::uninitialized(x.shape());
        const by_line::CrossEntropyPullback<T> pullback{classes->labels(), w.data()};
        LineWork<P>::run(Lines("cross_entropy", x.shape(), classes->axis()), pullback, std::array{x.data()},
                         std::array{result.data()});
        return result;
      },
      [classes, where](const Call<T, P>& call) {
        const Tensor<T, P> v = call.cotangent();
        const Axes axis = classes->axis();
        const Shape kept = classes->kept();
        const Tensor<T, P> p = softmax(call.input(0), axis.list[0], where), w = call.input(1);
        const Tensor<T, P>& weights = classes->weights();
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
        const tensor::by_line::CrossEntropy<T> losses{classes->labels(), y.data()};
        tensor::LineWork<P>::run(lines, losses, std::array{x.data()}, std::array<T*, 0>{});
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
  std::vector<T> elements(target.size() * classes, T(0));
  std::size_t row = 0;
  for (std::ptrdiff_t label : target) {
    if (label < 0 || static_cast<std::size_t>(label) >= classes) {
      throw Error("one_hot: class " + std::to_string(label) + " is not one of " + std::to_string(classes));
    }
    elements[row++ * classes + static_cast<std::size_t>(label)] = 1;
  }
  Tensor<T, P> result = Tensor<T, P>::uninitialized(shape);
  tensor::Memory<P>::write(elements.data(), elements.size(), result.data());
  return result;
}

}  // namespace duet
