// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/observe.hpp>
#include <duet/tensor/recording.hpp>

/// How operations are written that are no formulas of elements: a value and a pullback.
namespace duet::tensor {

/// What the pullback of an operation needs besides the cotangent.
struct Keep {
  bool inputs = false, output = false;
};

template <class T, class Pullback>
class Operation;

/// A call of an operation, as its pullback sees it.
template <class T>
class Call {
 public:
  /// The cotangent of the result.
  const Tensor<T>& cotangent() const { return cotangent_; }
  /// Input `k` as it was; for operations that keep their inputs.
  Tensor<T> input(std::size_t k) const { return Tensor<T>(inputs_[k].unpack(node_)); }
  /// The result; for operations that keep it.
  Tensor<T> output() const {
    const Edge<T> maker{std::const_pointer_cast<Node<T>>(node_.shared_from_this()), 0};
    return Tensor<T>(output_.unpack(node_, &maker));
  }
  /// Whether the cotangent of input `k` is wanted.
  bool needs(std::size_t k) const { return node_.needs(k); }

 private:
  template <class U, class P>
  friend class Operation;
  Call(const Node<T>& node, const Tensor<T>& cotangent, const std::vector<Saved<T>>& inputs, const Saved<T>& output)
      : node_(node), cotangent_(cotangent), inputs_(inputs), output_(output) {}

  const Node<T>& node_;
  const Tensor<T>& cotangent_;
  const std::vector<Saved<T>>& inputs_;
  const Saved<T>& output_;
};

template <class T, class Pullback>
class Operation final : public Node<T> {
 public:
  Operation(const char* name, Pullback pullback) : name_(name), pullback_(std::move(pullback)) {}

  void save(const Tensors<T>& inputs, const Tensor<T>& output, Keep keep) {
    for (std::size_t k = 0; keep.inputs && k < inputs.size(); ++k) {
      inputs_.emplace_back(inputs[k].state(), this->edges()[k]);
    }
    if (keep.output) output_ = Saved<T>(output.state());
  }

  std::string name() const override { return name_; }
  Tensors<T> pullback(const Tensors<T>& cotangents) override {
    return pullback_(Call<T>(*this, cotangents[0], inputs_, output_));
  }
  void release() override {
    if (inputs_.empty() && !output_.has_elements()) return;
    Node<T>::release();
    inputs_.clear();
    output_ = Saved<T>();
  }

 private:
  const char* name_;
  Pullback pullback_;
  std::vector<Saved<T>> inputs_;
  Saved<T> output_;
};

/// Carries out an operation and records it, if an input needs a gradient. `evaluate()` gives the value, a fresh tensor.
/// `pullback(call)` gives the cotangents of the inputs (undefined ones for zero) by operations that are themselves
/// recorded, so that derivatives of any order come for free.
template <class T, class Evaluate, class Pullback>
Tensor<T> operation(const char* name, const Tensors<T>& inputs, Keep keep, const std::source_location& where,
                    const Evaluate& evaluate, Pullback pullback) {
  const Tensor<T> y = observed([&] { return std::string(name); }, Phase::forward, where, evaluate);
  if (is_recorded(inputs)) {
    const auto node = std::make_shared<Operation<T, Pullback>>(name, std::move(pullback));
    node->where = where;
    record(y, node, inputs);
    node->save(inputs, y, keep);
  }
  return y;
}

}  // namespace duet::tensor
