// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/gradients.hpp>
#include <duet/tensor/observe.hpp>
#include <duet/tensor/view.hpp>

/// Statements: a formula is carried out in one pass over memory, is one node of the graph, and its gradients are worked
/// out in one pass, too, which computes intermediate results again instead of storing them.
namespace duet::tensor {

/// Writes the values of a function to `y`, of shape `kept`: that of all elements, or with size 1 along axes over which
/// they are summed; sums are added to what is there.
template <class Fn>
void evaluate_into(typename Fn::number* y, const Arguments<Fn>& x, const Shape& kept) {
  using T = typename Fn::number;
  constexpr int n = Fn::tensors;
  using Primal = Kernel<typename Fn::Primal, T, n, Fn::numbers, 1>;
  const bool sums = kept != x.whole;
  std::vector<const Shape*> shapes;
  shapes.reserve(n + 1);
  for (const Tensor<T>& one : x.tensors) shapes.push_back(&one.shape());
  shapes.push_back(&kept);
  const Walk walk(x.whole, shapes);
  bool moves[n + 1];
  for (std::size_t k = 0; k <= n; ++k) moves[k] = walk.moves(k);
  T buffer[sum_stretch];
  walk([&](const Walk::Offsets& offsets) {
    const std::size_t piece = sums ? std::min(sum_stretch, walk.row()) : walk.row();
    for (std::size_t first = 0; first < walk.row(); first += piece) {
      const std::size_t size = std::min(piece, walk.row() - first);
      const auto here = [&](std::size_t k) { return offsets[k] + (moves[k] ? first : 0); };
      typename Primal::Arrays a;
      for (std::size_t k = 0; k < n; ++k) a.from[k] = x.tensors[k].data() + here(k);
      a.to[0] = sums ? buffer : y + here(n);
      Primal::row(a, moves, x.numbers, size);
      if (sums) add_stretch(y + here(n), moves[n], buffer, size);
    }
  });
}

/// What all nodes of functions of elements have in common: what they saved, and derivatives of their derivatives.
template <class Fn>
class FunctionNode : public Node<typename Fn::number> {
 protected:
  using T = typename Fn::number;
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
  Tensors<T> recorded_pullback(const Tensor<T>& w) {
    const graph::Graph g = graph::thaw(graph::Frozen<typename Fn::Primal>::graph);
    Tensors<T> inputs;
    for (const Saved<T>& x : saved_) {
      inputs.push_back(x.has_elements() ? Tensor<T>(x.unpack(*this)) : Tensor<T>(T(0)));
    }
    for (int k = 0; k < p; ++k) inputs.push_back(Tensor<T>(numbers_[k]));
    inputs.push_back(w);
    Tensors<T> results = Elementwise<T>::pulled_back(
        g, inputs, whole_, [&](std::size_t k) { return k < n && this->needs(k) ? &saved_[k].shape() : nullptr; });
    results.resize(n);
    return results;
  }

 public:
  FunctionNode(const Arguments<Fn>& x, const char* name) : whole_(x.whole), name_(name) {
    for (int k = 0; k < n; ++k) {
      const Tensor<T>& one = x.tensors[static_cast<std::size_t>(k)];
      saved_[k] = uses.of[k] ? Saved<T>(one.state(), edge(one)) : Saved<T>(one.shape(), edge(one));
    }
    std::copy_n(x.numbers, p, numbers_);
  }

  std::string name() const override { return *name_ ? name_ : name_of<Fn>(); }
  void release() override {
    if constexpr (!uses.any()) return;
    Node<T>::release();
    for (Saved<T>& x : saved_) x = Saved<T>();
  }

 protected:
  Saved<T> saved_[n];
  T numbers_[p > 0 ? p : 1];
  Shape whole_;
  const char* name_;
};

/// A formula, or sums of it over some axes: of shape `kept`, which has size 1 along these.
template <class Fn>
class Statement final : public FunctionNode<Fn> {
  using T = typename Fn::number;
  static constexpr int n = Fn::tensors, p = Fn::numbers;
  using Pullback = Kernel<PullbackOf<Fn>, T, n + 1, p, n>;

 public:
  Statement(const Arguments<Fn>& x, const Shape& kept, const char* name) : FunctionNode<Fn>(x, name), kept_(kept) {}

  Tensors<T> pullback(const Tensors<T>& cotangents) override {
    const Tensor<T> w = cotangents[0].shape() == kept_ ? cotangents[0] : reshape(cotangents[0], kept_);
    if (recording) return this->recorded_pullback(w);

    const Shape* of[n];
    const T* from[n + 1];
    std::vector<const Shape*> shapes;
    shapes.reserve(n + 1);
    for (int k = 0; k < n; ++k) {
      const Saved<T>& x = this->saved_[k];
      from[k] = x.has_elements() ? x.data(*this) : nullptr;
      of[k] = &x.shape();
      shapes.push_back(of[k]);
    }
    from[n] = w.data();
    shapes.push_back(&kept_);
    const Walk walk(this->whole_, shapes);
    int first_like[n];
    find_same<n>(this->edges(), first_like);
    Gradients<T, n> gradients(this->whole_, of, first_like, [](int) { return false; });

    bool moves[n + 1], reads[n + 1];
    for (std::size_t k = 0; k <= n; ++k) {
      moves[k] = walk.moves(k);
      reads[k] = moves[k] && from[k];
    }
    const T unused = 0;
    walk([&](const Walk::Offsets& offsets) {
      const std::size_t piece = gradients.direct() ? walk.row() : std::min(sum_stretch, walk.row());
      for (std::size_t first = 0; first < walk.row(); first += piece) {
        const std::size_t size = std::min(piece, walk.row() - first);
        const auto here = [&](int k) { return offsets[static_cast<std::size_t>(k)] + (moves[k] ? first : 0); };
        typename Pullback::Arrays a;
        for (int k = 0; k <= n; ++k) a.from[k] = from[k] ? from[k] + here(k) : &unused;
        for (int k = 0; k < n; ++k) a.to[k] = gradients.target(k, here(k));
        Pullback::row(a, reads, this->numbers_, size);
        for (int k = 0; k < n; ++k) gradients.settle(k, here(k), moves[k], size);
      }
    });
    return std::move(gradients.results());
  }

 private:
  Shape kept_;
};

/// Carries out a function; `kept` is the shape to which the elements are summed.
template <class Fn>
Tensor<typename Fn::number> carried_out(const Arguments<Fn>& x, const Shape& kept, const char* name,
                                        const std::source_location& where) {
  using T = typename Fn::number;
  Tensor<T> y = observed([&] { return *name ? std::string(name) : name_of<Fn>(); }, Phase::forward, where,
                         [&] {
                           Tensor<T> result =
                               kept != x.whole ? Tensor<T>::full(kept, 0) : Tensor<T>::uninitialized(kept);
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
Tensor<typename V::number> Lazy<F, V, Leaf...>::tensor(const std::source_location& where) const {
  if constexpr (formula.size == 0) {
    return std::get<0>(values.all);
  } else {
    const auto x = arguments_of(*this);
    return carried_out(x, x.whole, "", where);
  }
}

}  // namespace duet::tensor
