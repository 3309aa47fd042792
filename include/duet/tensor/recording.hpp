// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <mutex>

#include <duet/tensor/tensor.hpp>

/// How operations get into the graph.
namespace duet {

namespace tensor {

/// Adds `term` to the elements of `sum`, which has the same shape.
template <class T>
void add_in_place(Tensor<T>& sum, const Tensor<T>& term) {
  T* const to = sum.data();
  const T* const from = term.data();
  const std::size_t size = sum.size();
  for (std::size_t i = 0; i < size; ++i) to[i] += from[i];
  sum.changed();
}

/// The sum of two tensors of the same shape, recorded (elementwise.hpp).
template <class T>
Tensor<T> add_recorded(const Tensor<T>& a, const Tensor<T>& b);

/// Adds a gradient to that of a tensor. The memory of a gradient is made once and used from then on.
template <class T>
void accumulate(State<T>& of, const Tensor<T>& gradient) {
  if (!gradient.defined()) return;
  if (recording && gradient.needs_grad()) {
    of.grad = of.grad ? add_recorded(Tensor<T>(of.grad), gradient).state() : gradient.state();
    return;
  }
  if (!of.grad) {
    const bool is_own = gradient.state().use_count() == 1 && gradient.state()->storage.use_count() == 1;
    of.grad = is_own ? gradient.detach().state() : gradient.copy().state();
    return;
  }
  Tensor<T> sum(of.grad);
  if (sum.needs_grad()) {
    of.grad = add_recorded(sum.detach(), gradient).state();
  } else {
    add_in_place(sum, gradient);
  }
}

/// The end of a path: adds to the gradient of a leaf. It does not hold the leaf, since a gradient may be recorded
/// itself and hold the graph that ends here; the gradient of a leaf that nobody has any more is dropped. Several
/// threads may add to the gradient of one leaf.
template <class T>
class Accumulator final : public Node<T> {
 public:
  explicit Accumulator(const std::shared_ptr<State<T>>& leaf) : Node<T>(std::uint64_t{0}), leaf_(leaf) {}
  std::string name() const override { return "AccumulateGrad"; }
  Tensors<T> pullback(const Tensors<T>& cotangents) override {
    const std::shared_ptr<State<T>> leaf = leaf_.lock();
    if (!leaf) return {};
    const std::lock_guard lock(busy_);
    accumulate(*leaf, cotangents[0]);
    return {};
  }
  Tensors<T> last_pullback(const Tensors<T>& cotangents) override { return pullback(cotangents); }

 private:
  std::weak_ptr<State<T>> leaf_;
  std::mutex busy_;
};

/// Where a tensor stands in the graph; nowhere if it needs no gradient.
template <class T>
Edge<T> edge(const Tensor<T>& x) {
  const State<T>& state = *x.state();
  if (state.maker.node || !state.requires_grad) return state.maker;
  return {state.accumulator, 0};
}

/// Whether an operation on these is to be recorded.
template <class T, class... X>
bool is_recorded(const Tensor<T>& x, const X&... more) {
  return recording && (x.needs_grad() || ... || more.needs_grad());
}
template <class T>
bool is_recorded(const Tensors<T>& inputs) {
  return recording && std::any_of(inputs.begin(), inputs.end(), [](const Tensor<T>& x) { return x.needs_grad(); });
}

/// Writes the private parts of nodes.
template <class T>
struct Recording {
  static void connect(Node<T>& node, std::vector<Edge<T>> edges, std::size_t outputs) {
    node.edges_ = std::move(edges);
    node.outputs_ = outputs;
  }
  static void set_shape(Node<T>& node, const Shape& shape) { node.shape_ = shape; }
};

template <class T>
std::shared_ptr<Node<T>> make_accumulator(const std::shared_ptr<State<T>>& leaf) {
  auto node = std::make_shared<Accumulator<T>>(leaf);
  Recording<T>::set_shape(*node, leaf->shape);
  return node;
}

/// Records that `node` made `outputs` from `inputs`. Call it only where `is_recorded(inputs)`.
template <class T>
void record(const Tensors<T>& outputs, const std::shared_ptr<Node<T>>& node, const Tensors<T>& inputs) {
  std::vector<Edge<T>> edges;
  edges.reserve(inputs.size());
  for (const Tensor<T>& x : inputs) edges.push_back(edge(x));
  Recording<T>::connect(*node, std::move(edges), outputs.size());
  Recording<T>::set_shape(*node, outputs[0].shape());
  for (std::size_t k = 0; k < outputs.size(); ++k) outputs[k].state()->maker = {node, k};
}
template <class T, class N>
void record(const Tensor<T>& output, const std::shared_ptr<N>& node, const Tensors<T>& inputs) {
  record<T>(Tensors<T>{output}, node, inputs);
}

/// Gives a result that has just been made its final shape, of as many elements.
template <class T>
void set_shape(const Tensor<T>& fresh, const Shape& shape) {
  State<T>& state = *fresh.state();
  state.shape = shape;
  if (state.maker.node) Recording<T>::set_shape(*state.maker.node, shape);
}

/// Says that `x` was made by something else now, as it has been changed in place. Its gradient is that of the new
/// value.
template <class T>
void set_maker(const Tensor<T>& x, const Edge<T>& maker) {
  State<T>& state = *x.state();
  state.maker = maker;
  if (state.retains_grad && maker.node) maker.node->make_watch().retained.push_back(x.state());
}

}  // namespace tensor
}  // namespace duet
