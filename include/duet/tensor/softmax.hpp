// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/lines.hpp>
#include <duet/tensor/operation.hpp>

/// Softmax and its logarithm. Lines are worked on while they are in the cache. The pullbacks take one pass; they are
/// operations too, whose own pullbacks are written with elementwise ones.
namespace duet {

namespace tensor {

namespace by_line {

struct Softmax {
  template <class Line>
  constexpr void operator()(const Line& line, const auto& in, const auto& out) const {
    using Batch = typename Line::Batch;
    const Batch largest = line.template extreme<true>(Itself{}, in[0]);
    line.map_shares(
        out[0], Batch(1), [&](const Batch& x) { return op::Exp::value(x - largest); }, in[0]);
  }
};

/// y (w - sum(y w))
struct SoftmaxPullback {
  template <class Line>
  constexpr void operator()(const Line& line, const auto& in, const auto& out) const {
    using Batch = typename Line::Batch;
    const Batch sum = line.sum([](const Batch& y, const Batch& w) { return y * w; }, in[0], in[1]);
    line.map(
        out[0], [&](const Batch& y, const Batch& w) { return y * (w - sum); }, in[0], in[1]);
  }
};

struct LogSoftmax {
  template <class Line>
  constexpr void operator()(const Line& line, const auto& in, const auto& out) const {
    using Batch = typename Line::Batch;
    const Batch shift = log_sum_exp(line, in[0]);
    line.map(
        out[0], [&](const Batch& x) { return x - shift; }, in[0]);
  }
};

/// w - exp(y) sum(w)
struct LogSoftmaxPullback {
  template <class Line>
  constexpr void operator()(const Line& line, const auto& in, const auto& out) const {
    using Batch = typename Line::Batch;
    const Batch sum = line.sum(Itself{}, in[1]);
    line.map(
        out[0], [&](const Batch& y, const Batch& w) { return w - op::Exp::value(y) * sum; }, in[0], in[1]);
  }
};

}  // namespace by_line

template <class T, class P>
Tensor<T, P> softmax_pullback(const Tensor<T, P>& y, const Tensor<T, P>& cotangent, const Axes& axis,
                              const std::source_location& where) {
  return operation<T, P>(
      "SoftmaxBackward", {y, cotangent}, {.inputs = true}, where,
      [&] {
        return line_by_line("softmax", std::array{&y, &cotangent}, axis, by_line::SoftmaxPullback{});
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
        return line_by_line("log_softmax", std::array{&y, &cotangent}, axis, by_line::LogSoftmaxPullback{});
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

/// A function of whole lines along an axis, of which the gradient depends on the result only: it is
/// `pullback(y, cotangent, axis, where)`.
template <class T, class P, class Algorithm, class Pullback>
Tensor<T, P> softmax_like(const char* function, const char* name, const Tensor<T, P>& x, std::ptrdiff_t axis,
                          const std::source_location& where, const Algorithm& algorithm, Pullback pullback) {
  axis_of(function, axis, x.shape());
  return operation<T, P>(
      name, {x}, {.output = true}, where, [&] { return line_by_line(function, std::array{&x}, axis, algorithm); },
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
  return tensor::softmax_like("softmax", "Softmax", Tensor<T, P>(x), axis, where, tensor::by_line::Softmax{},
                              tensor::softmax_pullback<T, P>);
}

/// log(softmax(x)) along an axis: x - log(sum(exp(x))), without overflow and exact where a probability vanishes.
/// Throws ShapeError if the axis is not there.
template <tensor::tensorial X>
auto log_softmax(const X& x, std::ptrdiff_t axis, const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  return tensor::softmax_like("log_softmax", "LogSoftmax", Tensor<T, P>(x), axis, where, tensor::by_line::LogSoftmax{},
                              tensor::log_softmax_pullback<T, P>);
}

}  // namespace duet
