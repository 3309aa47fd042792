// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

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

/// The end of a path: adds to the gradient of a leaf.
template <class T>
class Accumulator final : public Node<T> {
 public:
  explicit Accumulator(std::shared_ptr<State<T>> leaf) : Node<T>(std::uint64_t{0}), leaf_(std::move(leaf)) {}
  std::string name() const override { return "AccumulateGrad"; }
  Tensors<T> pullback(const Tensors<T>& cotangents) override {
    accumulate(*leaf_, cotangents[0]);
    return {};
  }
  Tensors<T> last_pullback(const Tensors<T>& cotangents) override { return pullback(cotangents); }

 private:
  std::shared_ptr<State<T>> leaf_;
};

/// Where a tensor stands in the graph; nowhere if it needs no gradient.
template <class T>
Edge<T> edge(const Tensor<T>& x) {
  State<T>& state = *x.state();
  if (state.maker.node || !state.requires_grad) return state.maker;
  std::shared_ptr<Node<T>> node = state.accumulator.lock();
  if (!node) {
    node = std::make_shared<Accumulator<T>>(x.state());
    state.accumulator = node;
  }
  return {std::move(node), 0};
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
};

/// Records that `node` made `outputs` from `inputs`. Call it only where `is_recorded(inputs)`.
template <class T>
void record(const Tensors<T>& outputs, const std::shared_ptr<Node<T>>& node, const Tensors<T>& inputs) {
  std::vector<Edge<T>> edges;
  edges.reserve(inputs.size());
  for (const Tensor<T>& x : inputs) edges.push_back(edge(x));
  Recording<T>::connect(*node, std::move(edges), outputs.size());
  for (std::size_t k = 0; k < outputs.size(); ++k) outputs[k].state()->maker = {node, k};
}
template <class T, class N>
void record(const Tensor<T>& output, const std::shared_ptr<N>& node, const Tensors<T>& inputs) {
  record<T>(Tensors<T>{output}, node, inputs);
}

}  // namespace tensor
}  // namespace duet
