// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/node.hpp>

/// What stands behind a tensor.
namespace duet {

/// A value was changed in place although it is a leaf, or a derivative needs what it was before.
struct InplaceError : Error {
  using Error::Error;
};

namespace tensor {

/// Elements in memory, and how often they have been changed in place.
template <class T, class P>
struct Storage {
  explicit Storage(std::size_t count) : size(count), elements(count) {}

  T* data() {
    if (is_pending) {
      is_pending = false;
      Memory<P>::fill(elements.data(), size, *filled);
    }
    return elements.data();
  }

  std::size_t size;
  typename Memory<P>::template Buffer<T> elements;
  std::optional<T> filled;  ///< the number that all elements were set to, as long as nobody has written to them since
  bool is_pending = false;  ///< and they will be when somebody asks for them
  std::uint64_t version = 0;
  std::atomic<int> views = 0;  ///< tensors of other shapes with these elements, in any thread
};

/// A value and its place in the graph. Copies of a tensor share it.
template <class T, class P>
struct State {
  std::shared_ptr<Storage<T, P>> storage;
  Shape shape;
  Edge<T, P> maker;                         ///< the operation that made it; none for a leaf
  std::shared_ptr<Node<T, P>> accumulator;  ///< of a leaf that has required a gradient
  std::shared_ptr<State> grad;
  bool requires_grad = false;   ///< of a leaf
  bool retains_grad = false;    ///< of any other tensor
  std::weak_ptr<State> viewed;  ///< of a view: the tensor whose elements it shares
  bool is_view = false;

  State(std::shared_ptr<Storage<T, P>> elements, const Shape& sizes) : storage(std::move(elements)), shape(sizes) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (is_view) --storage->views;
    dispose(std::move(maker.node));
  }

  /// Whether a tensor of another shape has these elements too.
  bool is_shared() const { return storage->views > (is_view && viewed.expired() ? 1 : 0); }
};

/// A value that an operation saved for its pullback, as it was then.
template <class T, class P = DefaultPlace>
class Saved {
 public:
  Saved() = default;
  /// `edge`: where the value comes from; none if the operation that saves it makes it, which must not hold itself.
  explicit Saved(const std::shared_ptr<State<T, P>>& state, const Edge<T, P>& edge = {})
      : storage_(state->storage), shape_(state->shape), edge_(edge), version_(storage_->version) {}
  /// Where a value came from and its shape, without its elements.
  Saved(const Shape& shape, const Edge<T, P>& edge) : shape_(shape), edge_(edge) {}
  Saved(Saved&&) = default;
  Saved& operator=(Saved&&) = default;
  ~Saved() { dispose(std::move(edge_.node)); }

  /// Whether the elements were saved.
  bool has_elements() const { return storage_ != nullptr; }
  const Shape& shape() const { return shape_; }

  /// The elements. Throws InplaceError if they have changed since.
  const T* data(const Node<T, P>& node) const {
    check(node);
    return storage_->data();
  }
  /// The value as a tensor, made by `maker` if that is given.
  std::shared_ptr<State<T, P>> unpack(const Node<T, P>& node, const Edge<T, P>* maker = nullptr) const {
    check(node);
    auto state = std::make_shared<State<T, P>>(storage_, shape_);
    state->maker = maker ? *maker : edge_;
    return state;
  }

 private:
  void check(const Node<T, P>& node) const {
    if (storage_->version == version_) return;
    throw InplaceError(node.name() + ": a value of shape " + to_string(shape_) +
                       " that its derivative needs was changed in place afterwards (version " +
                       std::to_string(storage_->version) + ", saved at version " + std::to_string(version_) +
                       "); change a copy, or change it after the backward sweep");
  }

  std::shared_ptr<Storage<T, P>> storage_;
  Shape shape_;
  Edge<T, P> edge_;
  std::uint64_t version_ = 0;
};

}  // namespace tensor
}  // namespace duet
