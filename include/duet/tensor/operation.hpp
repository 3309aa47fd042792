// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/observe.hpp>
#include <duet/tensor/recording.hpp>

/// How operations are written that are no formulas of elements: a value and a pullback.
namespace duet::tensor {

/// What the pullback of an operation needs besides the cotangents.
struct Keep {
  bool inputs = false, output = false;
};

template <class T, class P, class Pullback>
class Operation;

/// A call of an operation, as its pullback sees it.
template <class T, class P = DefaultPlace>
class Call {
 public:
  /// The cotangent of the result, or of result `k`; of several results, it is undefined for those that nothing depends
  /// on.
  const Tensor<T, P>& cotangent(std::size_t k = 0) const { return cotangents_[k]; }
  /// Input `k` as it was; for operations that keep their inputs.
  Tensor<T, P> input(std::size_t k) const { return Tensor<T, P>(inputs_[k].unpack(node_)); }
  /// The result, or result `k`; for operations that keep them.
  Tensor<T, P> output(std::size_t k = 0) const {
    const Edge<T, P> maker{std::const_pointer_cast<Node<T, P>>(node_.shared_from_this()), k};
    return Tensor<T, P>(outputs_[k].unpack(node_, &maker));
  }
  /// Whether the cotangent of input `k` is wanted.
  bool needs(std::size_t k) const { return node_.needs(k); }

 private:
  template <class U, class Q, class Pullback>
  friend class Operation;
  Call(const Node<T, P>& node, const Tensors<T, P>& cotangents, const std::vector<Saved<T, P>>& inputs,
       const std::vector<Saved<T, P>>& outputs)
      : node_(node), cotangents_(cotangents), inputs_(inputs), outputs_(outputs) {}

  const Node<T, P>& node_;
  const Tensors<T, P>& cotangents_;
  const std::vector<Saved<T, P>>&inputs_, &outputs_;
};

template <class T, class P, class Pullback>
class Operation final : public Node<T, P> {
 public:
  Operation(const char* name, Pullback pullback) : name_(name), pullback_(std::move(pullback)) {}

  void save(const Tensors<T, P>& inputs, const Tensors<T, P>& outputs, Keep keep) {
    for (std::size_t k = 0; keep.inputs && k < inputs.size(); ++k) {
      inputs_.emplace_back(inputs[k].state(), this->edges()[k]);
    }
    for (std::size_t k = 0; keep.output && k < outputs.size(); ++k) outputs_.emplace_back(outputs[k].state());
  }

  std::string name() const override { return name_; }
  Tensors<T, P> pullback(const Tensors<T, P>& cotangents) override {
    return pullback_(Call<T, P>(*this, cotangents, inputs_, outputs_));
  }
  void release() override {
    if (inputs_.empty() && outputs_.empty()) return;
    Node<T, P>::release();
    inputs_.clear();
    outputs_.clear();
  }

 private:
  const char* name_;
  Pullback pullback_;
  std::vector<Saved<T, P>> inputs_, outputs_;
};

/// Carries out an operation with several results and records it, if an input needs a gradient. `evaluate()` gives the
/// values, fresh tensors. `pullback(call)` gives the cotangents of the inputs (undefined ones for zero) by operations
/// that are themselves recorded, so that derivatives of any order come for free.
template <class T, class P = DefaultPlace, class Evaluate, class Pullback>
Tensors<T, P> operations(const char* name, const Tensors<T, P>& inputs, Keep keep, const std::source_location& where,
                         const Evaluate& evaluate, Pullback pullback) {
  const Tensors<T, P> y = observed([&] { return std::string(name); }, Phase::forward, where, evaluate);
  if (is_recorded(inputs)) {
    const auto node = std::make_shared<Operation<T, P, Pullback>>(name, std::move(pullback));
    node->where = where;
    record<T, P>(y, node, inputs);
    node->save(inputs, y, keep);
  }
  return y;
}

/// The same for an operation with one result, which `evaluate()` gives.
template <class T, class P = DefaultPlace, class Evaluate, class Pullback>
Tensor<T, P> operation(const char* name, const Tensors<T, P>& inputs, Keep keep, const std::source_location& where,
                       const Evaluate& evaluate, Pullback pullback) {
  return operations<T, P>(
      name, inputs, keep, where, [&] { return Tensors<T, P>{evaluate()}; }, std::move(pullback))[0];
}

}  // namespace duet::tensor
