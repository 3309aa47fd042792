// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <mutex>

#include <duet/tensor/tensor.hpp>

/// How operations get into the graph.
namespace duet {

namespace tensor {

/// Adds `term` to the elements of `sum`, which has the same shape.
template <class T, class P>
void add_in_place(Tensor<T, P>& sum, const Tensor<T, P>& term) {
  Memory<P>::add(term.data(), sum.size(), sum.data());
  sum.changed();
}

/// The sum of two tensors of the same shape, recorded (elementwise.hpp).
template <class T, class P>
Tensor<T, P> add_recorded(const Tensor<T, P>& a, const Tensor<T, P>& b);

/// Adds a gradient to that of a tensor. The memory of a gradient is made once and used from then on.
template <class T, class P>
void accumulate(State<T, P>& of, const Tensor<T, P>& gradient) {
  if (!gradient.defined()) return;
  if (recording && gradient.needs_grad()) {
    of.grad = of.grad ? add_recorded(Tensor<T, P>(of.grad), gradient).state() : gradient.state();
    return;
  }
  if (!of.grad) {
    const bool is_own = gradient.state().use_count() == 1 && gradient.state()->storage.use_count() == 1;
    of.grad = is_own ? gradient.detach().state() : gradient.copy().state();
    return;
  }
  Tensor<T, P> sum(of.grad);
  if (sum.needs_grad()) {
    of.grad = add_recorded(sum.detach(), gradient).state();
  } else {
    add_in_place(sum, gradient);
  }
}

/// The end of a path: adds to the gradient of a leaf. It does not hold the leaf, since a gradient may be recorded
/// itself and hold the graph that ends here; the gradient of a leaf that nobody has any more is dropped. Several
/// threads may add to the gradient of one leaf.
template <class T, class P>
class Accumulator final : public Node<T, P> {
 public:
  explicit Accumulator(const std::shared_ptr<State<T, P>>& leaf) : Node<T, P>(std::uint64_t{0}), leaf_(leaf) {}
  std::string name() const override { return "AccumulateGrad"; }
  Tensors<T, P> pullback(const Tensors<T, P>& cotangents) override {
    const std::shared_ptr<State<T, P>> leaf = leaf_.lock();
    if (!leaf) return {};
    const std::lock_guard lock(busy_);
    accumulate(*leaf, cotangents[0]);
    return {};
  }
  Tensors<T, P> last_pullback(const Tensors<T, P>& cotangents) override { return pullback(cotangents); }

 private:
  std::weak_ptr<State<T, P>> leaf_;
  std::mutex busy_;
};

/// Where a tensor stands in the graph; nowhere if it needs no gradient.
template <class T, class P>
Edge<T, P> edge(const Tensor<T, P>& x) {
  const State<T, P>& state = *x.state();
  if (state.maker.node || !state.requires_grad) return state.maker;
  return {state.accumulator, 0};
}

/// Whether an operation on these is to be recorded.
template <class T, class P, class... X>
bool is_recorded(const Tensor<T, P>& x, const X&... more) {
  return recording && (x.needs_grad() || ... || more.needs_grad());
}
template <class T, class P>
bool is_recorded(const Tensors<T, P>& inputs) {
  return recording && std::any_of(inputs.begin(), inputs.end(), [](const Tensor<T, P>& x) { return x.needs_grad(); });
}

/// Writes the private parts of nodes.
template <class T, class P>
struct Recording {
  static void connect(Node<T, P>& node, std::vector<Edge<T, P>> edges, std::size_t outputs) {
    node.edges_ = std::move(edges);
    node.outputs_ = outputs;
  }
  static void set_shape(Node<T, P>& node, const Shape& shape) { node.shape_ = shape; }
};

template <class T, class P>
std::shared_ptr<Node<T, P>> make_accumulator(const std::shared_ptr<State<T, P>>& leaf) {
  auto node = std::make_shared<Accumulator<T, P>>(leaf);
  Recording<T, P>::set_shape(*node, leaf->shape);
  return node;
}

/// Records that `node` made `outputs` from `inputs`. Call it only where `is_recorded(inputs)`.
template <class T, class P = DefaultPlace>
void record(const Tensors<T, P>& outputs, const std::shared_ptr<Node<T, P>>& node, const Tensors<T, P>& inputs) {
  std::vector<Edge<T, P>> edges;
  edges.reserve(inputs.size());
  for (const Tensor<T, P>& x : inputs) edges.push_back(edge(x));
  Recording<T, P>::connect(*node, std::move(edges), outputs.size());
  Recording<T, P>::set_shape(*node, outputs[0].shape());
  for (std::size_t k = 0; k < outputs.size(); ++k) outputs[k].state()->maker = {node, k};
}
template <class T, class P, class N>
void record(const Tensor<T, P>& output, const std::shared_ptr<N>& node, const Tensors<T, P>& inputs) {
  record<T, P>(Tensors<T, P>{output}, node, inputs);
}

/// Gives a result that has just been made its final shape, of as many elements.
template <class T, class P>
void set_shape(const Tensor<T, P>& fresh, const Shape& shape) {
  State<T, P>& state = *fresh.state();
  state.shape = shape;
  if (state.maker.node) Recording<T, P>::set_shape(*state.maker.node, shape);
}

/// Says that `x` was made by something else now, as it has been changed in place. Its gradient is that of the new
/// value.
template <class T, class P>
void set_maker(const Tensor<T, P>& x, const Edge<T, P>& maker) {
  State<T, P>& state = *x.state();
  state.maker = maker;
  if (state.retains_grad && maker.node) maker.node->make_watch().retained.push_back(x.state());
}

}  // namespace tensor
}  // namespace duet
