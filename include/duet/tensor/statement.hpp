// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/function.hpp>
#include <duet/tensor/observe.hpp>
#include <duet/tensor/view.hpp>

/// Statements: a formula is carried out in one pass over memory, is one node of the graph, and its gradients are worked
/// out in one pass, too, which computes intermediate results again instead of storing them.
namespace duet::tensor {

/// Writes the values of a function to `y`, of shape `kept`: that of all elements, or with size 1 along axes over which
/// they are summed.
template <class Fn>
void evaluate_into(typename Fn::number* y, const Arguments<Fn>& x, const Shape& kept) {
  Pass<typename Fn::number, Fn::tensors, Fn::numbers, 1> pass{};
  pass.whole = &x.whole;
  for (std::size_t k = 0; k < Fn::tensors; ++k) {
    pass.from[k] = x.tensors[k].data();
    pass.from_shape[k] = &x.tensors[k].shape();
  }
  pass.numbers = x.numbers;
  pass.to[0] = y;
  pass.to_shape[0] = &kept;
  Elements<typename Fn::place>::template run<typename Fn::Primal>(pass);
}

/// For each edge the first that is the same, -1 for those without a node.
template <int n, class T, class P>
void find_same(const std::vector<Edge<T, P>>& edges, int (&first)[n]) {
  for (int k = 0; k < n; ++k) {
    const Edge<T, P>& edge = edges[static_cast<std::size_t>(k)];
    first[k] = -1;
    for (int j = k; j >= 0 && edge.node; --j) {
      const Edge<T, P>& other = edges[static_cast<std::size_t>(j)];
      if (other.node == edge.node && other.output == edge.output) first[k] = j;
    }
  }
}

/// What all nodes of functions of elements have in common: what they saved, and derivatives of their derivatives.
template <class Fn>
class FunctionNode : public Node<typename Fn::number, typename Fn::place> {
 protected:
  using T = typename Fn::number;
  using P = typename Fn::place;
  static constexpr int n = Fn::tensors, p = Fn::numbers;

  /// Whether the derivatives depend on the elements of each tensor. Those of the others are not saved, and may change.
  struct Uses {
    bool of[n]{};
    constexpr Uses() {
      const auto& g = graph::Frozen<PartialsAndValue<Fn>>::graph;
      bool reached[g.size()]{};
      for (int k = 0; k < n; ++k) reached[g.outputs[k]] = true;
      for (int i = static_cast<int>(g.size()) - 1; i >= 0; --i) {
        if (reached[i] && g[i].op == graph::Node::input && g[i].a < n) of[g[i].a] = true;
        for (int k = 0; reached[i] && k < g[i].arity(); ++k) reached[g[i].operand(k)] = true;
      }
    }
    constexpr bool any() const {
      return std::any_of(of, of + n, [](bool used) { return used; });
    }
  };
  static constexpr Uses uses{};

  /// The cotangents if that of the elements is `w`, recorded.
  Tensors<T, P> recorded_pullback(const Tensor<T, P>& w) {
    const graph::Graph g = graph::thaw(graph::Frozen<typename Fn::Primal>::graph);
    Tensors<T, P> inputs;
    for (const Saved<T, P>& x : saved_) {
      inputs.push_back(x.has_elements() ? Tensor<T, P>(x.unpack(*this)) : Tensor<T, P>(T(0)));
    }
    for (int k = 0; k < p; ++k) inputs.push_back(Tensor<T, P>(numbers_[k]));
    inputs.push_back(w);
    Tensors<T, P> results = Elementwise<T, P>::pulled_back(
        g, inputs, whole_, [&](std::size_t k) { return k < n && this->needs(k) ? &saved_[k].shape() : nullptr; });
    results.resize(n);
    return results;
  }

 public:
  FunctionNode(const Arguments<Fn>& x, const char* name) : whole_(x.whole), name_(name) {
    for (int k = 0; k < n; ++k) {
      const Tensor<T, P>& one = x.tensors[static_cast<std::size_t>(k)];
      saved_[k] = uses.of[k] ? Saved<T, P>(one.state(), edge(one)) : Saved<T, P>(one.shape(), edge(one));
    }
    std::copy_n(x.numbers, p, numbers_);
  }

  std::string name() const override { return *name_ ? name_ : name_of<Fn>(); }
  void release() override {
    if constexpr (!uses.any()) return;
    Node<T, P>::release();
    for (Saved<T, P>& x : saved_) x = Saved<T, P>();
  }

 protected:
  Saved<T, P> saved_[n];
  T numbers_[p > 0 ? p : 1];
  Shape whole_;
  const char* name_;
};

/// A formula, or sums of it over some axes: of shape `kept`, which has size 1 along these.
template <class Fn>
class Statement final : public FunctionNode<Fn> {
  using T = typename Fn::number;
  using P = typename Fn::place;
  static constexpr int n = Fn::tensors, p = Fn::numbers;

 public:
  Statement(const Arguments<Fn>& x, const Shape& kept, const char* name) : FunctionNode<Fn>(x, name), kept_(kept) {}

  Tensors<T, P> pullback(const Tensors<T, P>& cotangents) override {
    const Tensor<T, P> w = cotangents[0].shape() == kept_ ? cotangents[0] : reshape(cotangents[0], kept_);
    if (recording) return this->recorded_pullback(w);

    Pass<T, n + 1, p, n> pass{};
    pass.whole = &this->whole_;
    pass.numbers = this->numbers_;
    Tensors<T, P> results(n);
    find_same<n>(this->edges(), pass.first);
    for (int k = 0; k < n; ++k) {
      const Saved<T, P>& x = this->saved_[k];
      pass.from[k] = x.has_elements() ? x.data(*this) : nullptr;
      pass.from_shape[k] = pass.to_shape[k] = &x.shape();
      if (pass.first[k] < 0) continue;
      Tensor<T, P>& result = results[static_cast<std::size_t>(pass.first[k])];
      if (!result.defined()) result = Tensor<T, P>::uninitialized(x.shape());
      pass.to[k] = result.data();
    }
    pass.from[n] = w.data();
    pass.from_shape[n] = &kept_;
    Elements<P>::template run<PullbackOf<Fn>>(pass);
    return results;
  }

 private:
  Shape kept_;
};

/// Carries out a function; `kept` is the shape to which the elements are summed.
template <class Fn>
Tensor<typename Fn::number, typename Fn::place> carried_out(const Arguments<Fn>& x, const Shape& kept, const char* name,
                                                            const std::source_location& where) {
  using T = typename Fn::number;
  using P = typename Fn::place;
  Tensor<T, P> y = observed([&] { return *name ? std::string(name) : name_of<Fn>(); }, Phase::forward, where,
                            [&] {
                              auto result = Tensor<T, P>::uninitialized(kept);
                              evaluate_into<Fn>(result.data(), x, kept);
                              return result;
                            });
  if (is_recorded(x.tensors)) {
    const auto node = std::make_shared<Statement<Fn>>(x, kept, name);
    node->where = where;
    record(y, node, x.tensors);
  }
  return y;
}

template <auto F, class V, class... Leaf>
Shape Lazy<F, V, Leaf...>::shape() const {
  return shape_of(*this);
}

template <auto F, class V, class... Leaf>
Tensor<typename V::number, typename V::place> Lazy<F, V, Leaf...>::tensor(const std::source_location& where) const {
  if constexpr (formula.size == 0) {
    return std::get<0>(values.all);
  } else {
    const auto x = arguments_of(*this);
    return carried_out(x, x.whole, "", where);
  }
}

}  // namespace duet::tensor
