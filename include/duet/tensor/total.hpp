// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/statement.hpp>

/// Sums of all elements of a formula. Its derivatives do not depend on the sum, so they are computed in the same pass.
namespace duet::tensor {

/// A derivative times the cotangent of the sum; a cotangent of zero stays zero, also beside an infinite derivative.
/// Inputs: the cotangent, the derivative, a constant.
struct Scaled {
  static constexpr graph::Graph make() {
    graph::Recorder r;
    const graph::List<int> x = graph::inputs(r, 3);
    const int is_zero = r.emit<op::Equal>(x[0], r.constant(0));
    return graph::extract(r, {r.emit<op::Where>(is_zero, x[0], r.emit<op::Multiply>(x[0], x[1]))});
  }
};
/// The same for a derivative that is a constant.
struct Constant {
  static constexpr graph::Graph make() {
    graph::Recorder r;
    const graph::List<int> x = graph::inputs(r, 3);
    return graph::extract(r, {r.emit<op::Multiply>(x[0], x[2])});
  }
};

template <class Fn>
class Total final : public FunctionNode<Fn> {
  using T = typename Fn::number;
  using P = typename Fn::place;
  static constexpr int n = Fn::tensors, p = Fn::numbers;

  /// Whether the derivative by tensor `k` is the same number for all elements, and which.
  static constexpr const graph::Node& derivative(int k) {
    const auto& g = graph::Frozen<PartialsAndValue<Fn>>::graph;
    return g[g.outputs[k]];
  }
  static constexpr bool is_constant(int k) { return derivative(k).op == graph::Node::constant; }
  static constexpr bool all_constant() {
    for (int k = 0; k < n; ++k) {
      if (!is_constant(k)) return false;
    }
    return true;
  }

 public:
  Total(const Arguments<Fn>& x, const char* name) : FunctionNode<Fn>(x, name) {}

  /// Writes the sum to `y`; the derivatives are kept. The node must have been recorded.
  void evaluate(const Arguments<Fn>& x, T* y) {
    static const Shape number{};
    Pass<T, n, p, n + 1> pass{};
    pass.whole = &x.whole;
    pass.numbers = x.numbers;
    derivatives_.resize(n);
    int same[n];
    find_same<n>(this->edges(), same);
    // a constant derivative is filled in later, unless it is a part of one that varies
    bool varies[n]{};
    for (int k = 0; k < n; ++k) {
      if (same[k] >= 0 && !is_constant(k)) varies[same[k]] = true;
    }
    for (int k = 0; k < n; ++k) {
      const Tensor<T, P>& one = x.tensors[static_cast<std::size_t>(k)];
      pass.from[k] = one.data();
      pass.from_shape[k] = pass.to_shape[k] = &one.shape();
      pass.first[k] = same[k];
      if (same[k] < 0) continue;
      if (varies[same[k]]) {
        Tensor<T, P>& result = derivatives_[static_cast<std::size_t>(same[k])];
        if (!result.defined()) result = Tensor<T, P>::uninitialized(one.shape());
        pass.to[k] = result.data();
      } else {
        const auto times = static_cast<double>(size_of(x.whole)) / static_cast<double>(one.size());
        constants_[same[k]] += static_cast<T>(derivative(k).value * times);
      }
    }
    pass.to[n] = y;
    pass.to_shape[n] = &number;
    pass.first[n] = n;
    Elements<P>::template run<PartialsAndValue<Fn>>(pass);
  }

  Tensors<T, P> pullback(const Tensors<T, P>& cotangents) override { return scaled(cotangents[0], false); }
  Tensors<T, P> last_pullback(const Tensors<T, P>& cotangents) override {
    Tensors<T, P> results = scaled(cotangents[0], true);
    this->release();
    return results;
  }
  void release() override {
    if constexpr (all_constant()) return;
    FunctionNode<Fn>::release();
    Node<T, P>::release();
    derivatives_.clear();
  }

 private:
  /// The derivatives times the cotangent of the sum; `last`: nobody needs the derivatives themselves any more.
  Tensors<T, P> scaled(const Tensor<T, P>& cotangent, bool last) {
    if (recording) return this->recorded_pullback(reshape(cotangent, {}));
    const bool is_one = last && cotangent.known() == T(1);
    Tensors<T, P> results(n);
    int first_like[n];
    find_same<n>(this->edges(), first_like);
    for (int k = 0; k < n; ++k) {
      const auto at = static_cast<std::size_t>(k);
      if (first_like[k] != k) continue;
      Tensor<T, P>& derivative = derivatives_[at];
      const Shape& shape = this->saved_[k].shape();
      results[at] = last && derivative.defined() ? derivative : Tensor<T, P>::uninitialized(shape);
      if (is_one && derivative.defined()) continue;
      Pass<T, 2, 1, 1> pass{&shape,
                            {cotangent.data(), nullptr},
                            {&cotangent.shape(), &shape},
                            &constants_[k],
                            {results[at].data()},
                            {&shape},
                            {0}};
      if (derivative.defined()) {
        pass.from[1] = std::as_const(derivative).data();
        Elements<P>::template run<Scaled>(pass);
      } else {
        Elements<P>::template run<Constant>(pass);
      }
    }
    return results;
  }

  Tensors<T, P> derivatives_;
  T constants_[n]{};
};

/// The sum of a function's values.
template <class Fn>
auto total(const Arguments<Fn>& x, const char* name, const std::source_location& where) {
  using T = typename Fn::number;
  using P = typename Fn::place;
  std::shared_ptr<Total<Fn>> node;
  auto y = Tensor<T, P>::uninitialized({});
  if (is_recorded(x.tensors)) {
    node = std::make_shared<Total<Fn>>(x, name);
    node->where = where;
    record(y, node, x.tensors);
  }
  observed([&] { return std::string(name); }, Phase::forward, where,
           [&] {
             if (node) {
               node->evaluate(x, y.data());
             } else {
               evaluate_into<Fn>(y.data(), x, Shape(x.whole.size(), 1));
             }
             return y.detach();
           });
  return y;
}

}  // namespace duet::tensor
