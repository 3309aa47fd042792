// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/statement.hpp>

/// Sums of all elements of a formula. Its derivatives do not depend on the sum, so they are computed in the same pass.
namespace duet::tensor {

template <class Fn>
class Total final : public FunctionNode<Fn> {
  using T = typename Fn::number;
  static constexpr int n = Fn::tensors, p = Fn::numbers;
  using Both = Kernel<PartialsAndValue<Fn>, T, n, p, n + 1>;

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

  /// The sum; the derivatives are kept. The node must have been recorded.
  T evaluate(const Arguments<Fn>& x) {
    const Shape* of[n];
    std::vector<const Shape*> shapes;
    shapes.reserve(n);
    for (int k = 0; k < n; ++k) {
      of[k] = &x.tensors[static_cast<std::size_t>(k)].shape();
      shapes.push_back(of[k]);
    }
    const Walk walk(x.whole, shapes);
    int first_like[n];
    find_same<n>(this->edges(), first_like);
    bool varies[n];
    for (int k = 0; k < n; ++k) varies[k] = false;
    for (int k = 0; k < n; ++k) {
      if (first_like[k] >= 0 && !is_constant(k)) varies[first_like[k]] = true;
    }
    // a constant derivative is filled in later, unless it is a part of one that varies
    Gradients<T, n> gradients(x.whole, of, first_like, [&](int k) { return is_constant(k) && !varies[first_like[k]]; });

    bool moves[n];
    for (std::size_t k = 0; k < n; ++k) moves[k] = walk.moves(k);
    T buffer[sum_stretch], sum = 0;
    walk([&](const Walk::Offsets& offsets) {
      const std::size_t piece = std::min(sum_stretch, walk.row());
      for (std::size_t first = 0; first < walk.row(); first += piece) {
        const std::size_t size = std::min(piece, walk.row() - first);
        const auto here = [&](int k) { return offsets[static_cast<std::size_t>(k)] + (moves[k] ? first : 0); };
        typename Both::Arrays a;
        for (int k = 0; k < n; ++k) {
          a.from[k] = x.tensors[static_cast<std::size_t>(k)].data() + here(k);
          a.to[k] = gradients.target(k, here(k));
        }
        a.to[n] = buffer;
        Both::row(a, moves, x.numbers, size);
        sum += sum_of(buffer, size);
        for (int k = 0; k < n; ++k) gradients.settle(k, here(k), moves[k], size);
      }
    });
    derivatives_ = std::move(gradients.results());
    for (int k = 0; k < n; ++k) {
      if (first_like[k] < 0 || varies[first_like[k]]) continue;
      const Shape& shape = *of[k];
      const auto times = static_cast<double>(size_of(x.whole)) / static_cast<double>(size_of(shape));
      constants_[first_like[k]] += static_cast<T>(derivative(k).value * times);
    }
    return sum;
  }

  Tensors<T> pullback(const Tensors<T>& cotangents) override { return scaled(cotangents[0], false); }
  Tensors<T> last_pullback(const Tensors<T>& cotangents) override {
    Tensors<T> results = scaled(cotangents[0], true);
    this->release();
    return results;
  }
  void release() override {
    if constexpr (all_constant()) return;
    FunctionNode<Fn>::release();
    Node<T>::release();
    derivatives_.clear();
  }

 private:
  /// The derivatives times the cotangent of the sum; `last`: nobody needs the derivatives themselves any more.
  Tensors<T> scaled(const Tensor<T>& cotangent, bool last) {
    if (recording) return this->recorded_pullback(reshape(cotangent, {}));
    const T w = cotangent.item();
    Tensors<T> results(n);
    int first_like[n];
    find_same<n>(this->edges(), first_like);
    for (int k = 0; k < n; ++k) {
      const auto at = static_cast<std::size_t>(k);
      if (first_like[k] != k) continue;
      Tensor<T>& derivative = derivatives_[at];
      if (!derivative.defined()) {
        results[at] = Tensor<T>::full(this->saved_[k].shape(), w * constants_[k]);
        continue;
      }
      results[at] = last ? std::move(derivative) : Tensor<T>::uninitialized(derivative.shape());
      if (last && w == 1) continue;
      const T* const from = last ? results[at].data() : derivative.data();
      T* const to = results[at].data();
      // a cotangent of zero stays zero, also beside an infinite derivative
      for (std::size_t i = 0; i < results[at].size(); ++i) to[i] = w == 0 ? w : w * from[i];
    }
    return results;
  }

  Tensors<T> derivatives_;
  T constants_[n]{};
};

/// The sum of a function's values.
template <class Fn>
Tensor<typename Fn::number> total(const Arguments<Fn>& x, const char* name, const std::source_location& where) {
  using T = typename Fn::number;
  std::shared_ptr<Total<Fn>> node;
  Tensor<T> y = Tensor<T>::full({}, 0);
  if (is_recorded(x.tensors)) {
    node = std::make_shared<Total<Fn>>(x, name);
    node->where = where;
    record(y, node, x.tensors);
  }
  observed([&] { return std::string(name); }, Phase::forward, where,
           [&] {
             if (node) {
               *y.data() = node->evaluate(x);
             } else {
               evaluate_into<Fn>(y.data(), x, Shape(x.whole.size(), 1));
             }
             return y.detach();
           });
  return y;
}

}  // namespace duet::tensor
