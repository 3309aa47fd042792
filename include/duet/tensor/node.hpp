// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include <duet/op/error.hpp>
#include <duet/tensor/place.hpp>
#include <duet/tensor/shape.hpp>

/// The graph that operations on tensors leave behind: who made what from what.
namespace duet {

template <class T, class P = DefaultPlace>
class Tensor;

/// A backward sweep came to operations whose saved values have been freed by an earlier one.
struct GraphFreedError : Error {
  using Error::Error;
};

namespace tensor {

template <class T, class P = DefaultPlace>
class Node;
template <class T, class P = DefaultPlace>
struct State;

template <class T, class P = DefaultPlace>
using Tensors = std::vector<Tensor<T, P>>;

/// Where a tensor comes from: output number `output` of the operation `node`; no node for a constant.
template <class T, class P = DefaultPlace>
struct Edge {
  std::shared_ptr<Node<T, P>> node;
  std::size_t output = 0;
};

/// Lets go of a node. The nodes that only it held follow one after the other, not one inside the other: a graph may be
/// as deep as it likes.
template <class T, class P>
void dispose(std::shared_ptr<Node<T, P>> node) noexcept {
  thread_local std::vector<std::shared_ptr<Node<T, P>>>* waiting = nullptr;
  if (!node || node.use_count() > 1) return;
  try {
    if (waiting) {
      waiting->push_back(std::move(node));
      return;
    }
    std::vector<std::shared_ptr<Node<T, P>>> list;
    list.push_back(std::move(node));
    waiting = &list;
    while (!list.empty()) {
      const std::shared_ptr<Node<T, P>> next = std::move(list.back());
      list.pop_back();
    }
  } catch (const std::bad_alloc&) {  // then inside one another
  }
  waiting = nullptr;
}

/// One recorded operation.
template <class T, class P>
class Node : public std::enable_shared_from_this<Node<T, P>> {
 public:
  Node() : sequence_(next_sequence.fetch_add(1, std::memory_order_relaxed)) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() {
    for (Edge<T, P>& edge : edges_) dispose(std::move(edge.node));
  }

  /// The name of the operation, "Add".
  virtual std::string name() const = 0;

  /// The cotangents of the inputs, given those of the outputs; an undefined tensor stands for zero. Inputs for which
  /// `needs(k)` does not hold need none. What it does is recorded if recording is on.
  virtual Tensors<T, P> pullback(const Tensors<T, P>& cotangents) = 0;

  /// The same, for the last time: what was saved is freed.
  virtual Tensors<T, P> last_pullback(const Tensors<T, P>& cotangents) {
    Tensors<T, P> results = pullback(cotangents);
    release();
    return results;
  }

  /// Frees what was saved for `pullback`. An operation that saves nothing does nothing here: it can be swept again.
  virtual void release() { released_ = true; }

  /// Where the inputs come from.
  const std::vector<Edge<T, P>>& edges() const { return edges_; }
  /// The operations that made the inputs; null for constants.
  std::vector<std::shared_ptr<Node>> next_functions() const {
    std::vector<std::shared_ptr<Node>> nodes;
    for (const Edge<T, P>& edge : edges_) nodes.push_back(edge.node);
    return nodes;
  }
  bool needs(std::size_t input) const { return edges_[input].node != nullptr; }

  /// Operations are numbered as they are recorded, so an operation comes after those that made its inputs.
  std::uint64_t sequence() const { return sequence_; }
  std::size_t outputs() const { return outputs_; }
  /// Whether it is the end of a path: it keeps the gradient of a leaf.
  bool is_accumulator() const { return sequence_ == 0; }
  bool released() const { return released_; }

  /// The shape of the first output.
  const Shape& shape() const { return shape_; }

  /// What is to be done with the cotangents of the outputs once they are complete.
  struct Watch {
    /// May replace the cotangent of an output.
    struct Hook {
      std::size_t output;
      std::uint64_t id;
      std::function<void(Tensor<T, P>&)> call;
    };
    std::vector<Hook> hooks;
    std::vector<std::weak_ptr<State<T, P>>> retained;  ///< outputs whose gradients somebody asked for
  };
  /// Null if nothing is to be done.
  const Watch* watch() const { return watch_.get(); }
  Watch& make_watch() {
    if (!watch_) watch_ = std::make_unique<Watch>();
    return *watch_;
  }

  /// Where in the program the operation was recorded, if that was asked for.
  std::source_location where{};

 protected:
  explicit Node(std::uint64_t sequence) : sequence_(sequence) {}

 private:
  template <class U, class Q>
  friend struct Recording;

  static inline std::atomic<std::uint64_t> next_sequence{1};

  std::vector<Edge<T, P>> edges_;
  Shape shape_;
  std::unique_ptr<Watch> watch_;
  std::uint64_t sequence_;
  std::size_t outputs_ = 1;
  bool released_ = false;
};

}  // namespace tensor
}  // namespace duet
