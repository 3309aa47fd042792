// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/lines.hpp>
#include <duet/tensor/operation.hpp>

/// Softmax and its logarithm. Lines are worked on while they are in the cache.
/// The pullbacks take one pass; they are operations too, whose own pullbacks are written with elementwise ones.
namespace duet {

namespace tensor {

/// exp(x - largest x), and the sum of these.
template <class Line, class T>
typename Line::Batch shifted_exponentials(const Line& line, const T* x, T* y) {
  using Batch = typename Line::Batch;
  const Batch largest = line.template extreme<true>(Itself{}, x);
  line.map(
      y, [&](const Batch& batch) { return op::Exp::value(batch - largest); }, x);
  return line.sum(Itself{}, std::as_const(y));
}

template <class T, class P>
Tensor<T, P> softmax_pullback(const Tensor<T, P>& y, const Tensor<T, P>& cotangent, const Axes& axis,
                              const std::source_location& where) {
  return operation<T, P>(
      "SoftmaxBackward", {y, cotangent}, {.inputs = true}, where,
      [&] {
        using Batch = typename tape::Lanes<T>::type;
        Tensor<T, P> x = Tensor<T, P>::uninitialized(y.shape());
        const Lines lines("softmax", y.shape(), axis);
        lines.in_batches(std::array{y.data(), cotangent.data()}, std::array{x.data()},
                         [](std::size_t, const auto& line, const auto& in, const auto& out) {
                           const Batch sum =
                               line.sum([](const Batch& y, const Batch& w) { return y * w; }, in[0], in[1]);
                           line.map(
                               out[0], [&](const Batch& y, const Batch& w) { return y * (w - sum); }, in[0], in[1]);
                         });
        return x;
      },
      [axis, where](const Call<T, P>& call) {
        const Tensor<T, P> y = call.input(0), w = call.input(1), v = call.cotangent();
        Tensors<T, P> cotangents(2);
        if (call.needs(0)) {
          const Shape kept = kept_shape("softmax", y.shape(), axis);
          const Tensor<T, P> a = mul(v, sub(w, sum_to(mul(y, w), kept))), b = mul(w, sum_to(mul(y, v), kept));
          cotangents[0] = sub(a, b);
        }
        if (call.needs(1)) cotangents[1] = softmax_pullback(y, v, axis, where);
        return cotangents;
      });
}

template <class T, class P>
Tensor<T, P> log_softmax_pullback(const Tensor<T, P>& y, const Tensor<T, P>& cotangent, const Axes& axis,
                                  const std::source_location& where) {
  return operation<T, P>(
      "LogSoftmaxBackward", {y, cotangent}, {.inputs = true}, where,
      [&] {
        using Batch = typename tape::Lanes<T>::type;
        Tensor<T, P> x = Tensor<T, P>::uninitialized(y.shape());
        const Lines lines("log_softmax", y.shape(), axis);
        lines.in_batches(std::array{y.data(), cotangent.data()}, std::array{x.data()},
                         [](std::size_t, const auto& line, const auto& in, const auto& out) {
                           const Batch sum = line.sum(Itself{}, in[1]);
                           line.map(
                               out[0], [&](const Batch& y, const Batch& w) { return w - op::Exp::value(y) * sum; },
                               in[0], in[1]);
                         });
        return x;
      },
      [axis](const Call<T, P>& call) {
        const Tensor<T, P> y = call.input(0), w = call.input(1), v = call.cotangent();
        const Shape kept = kept_shape("log_softmax", y.shape(), axis);
        const Tensor<T, P> p = mul(apply<op::Exp>(y), v);
        Tensors<T, P> cotangents(2);
        if (call.needs(0)) cotangents[0] = neg(mul(p, sum_to(w, kept)));
        if (call.needs(1)) cotangents[1] = sub(v, sum_to(p, kept));
        return cotangents;
      });
}

/// A function of whole lines along an axis, of which the gradient depends on the result only: `each(line, x, y)` writes
/// a line, `pullback(y, cotangent, axis, where)` is the gradient.
template <class T, class P, class Each, class Pullback>
Tensor<T, P> by_lines(const char* function, const char* name, const Tensor<T, P>& x, std::ptrdiff_t axis,
                      const std::source_location& where, const Each& each, Pullback pullback) {
  const Lines lines(function, x.shape(), axis);
  return operation<T, P>(
      name, {x}, {.output = true}, where,
      [&] {
        Tensor<T, P> y = Tensor<T, P>::uninitialized(x.shape());
        if (y.size() == 0) return y;
        lines.in_batches(
            std::array{x.data()}, std::array{y.data()},
            [&](std::size_t, const auto& line, const auto& in, const auto& out) { each(line, in[0], out[0]); });
        return y;
      },
      [axis = Axes(axis), where, pullback](const Call<T, P>& call) {
        return Tensors<T, P>{pullback(call.output(), call.cotangent(), axis, where)};
      });
}

}  // namespace tensor

/// exp(x) divided by its sum along an axis, without overflow. Throws ShapeError if the axis is not there.
template <tensor::tensorial X>
auto softmax(const X& x, std::ptrdiff_t axis, const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  using Batch = typename tape::Lanes<T>::type;
  return tensor::by_lines(
      "softmax", "Softmax", Tensor<T, P>(x), axis, where,
      [](const auto& line, const auto* in, auto* out) {
        const Batch sum = tensor::shifted_exponentials(line, in, out), scale = Batch(T(1)) / sum;
        line.map(
            out, [&](const Batch& e) { return e * scale; }, std::as_const(out));
      },
      tensor::softmax_pullback<T, P>);
}

/// log(softmax(x)) along an axis: x - log(sum(exp(x))), without overflow and exact where a probability vanishes.
/// Throws ShapeError if the axis is not there.
template <tensor::tensorial X>
auto log_softmax(const X& x, std::ptrdiff_t axis, const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  using Batch = typename tape::Lanes<T>::type;
  return tensor::by_lines(
      "log_softmax", "LogSoftmax", Tensor<T, P>(x), axis, where,
      [](const auto& line, const auto* in, auto* out) {
        const Batch shift = tensor::log_sum_exp(line, in);
        line.map(
            out, [&](const Batch& element) { return element - shift; }, in);
      },
      tensor::log_softmax_pullback<T, P>);
}

}  // namespace duet
