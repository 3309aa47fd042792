// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <functional>
#include <optional>

#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>

#include <duet/op/active.hpp>
#include <duet/tensor/grad_mode.hpp>
#include <duet/tensor/state.hpp>

/// Tensors: arrays that can be differentiated.
namespace duet {

struct TensorEngine;

namespace tensor {

/// What may be an element.
template <class T>
concept element = std::same_as<T, double> || std::same_as<T, float>;

/// A formula of tensors that has not been evaluated yet (lazy.hpp).
template <class E>
inline constexpr bool is_lazy = false;
template <class E>
concept lazy = is_lazy<E>;

/// Elements of a tensor that can be assigned to (selection.hpp).
template <class E>
inline constexpr bool is_selection = false;
template <class T, class P = DefaultPlace>
class Selection;

/// Numbers in braces, nested as deep as there are axes.
template <class T>
struct Nested {
  Shape shape;
  std::vector<T> elements;

  Nested(T value) : elements{value} {}
  template <class U>
  requires(std::is_arithmetic_v<U>) Nested(U value) : elements{static_cast<T>(value)} {}
  Nested(std::initializer_list<Nested> rows) {
    shape.push_back(rows.size());
    for (const Nested& row : rows) {
      if (row.shape != rows.begin()->shape)
        throw shape_error("tensor", row.shape, rows.begin()->shape, "stand side by side in one list");
      elements.insert(elements.end(), row.elements.begin(), row.elements.end());
    }
    if (rows.size() > 0) shape.insert(shape.end(), rows.begin()->shape.begin(), rows.begin()->shape.end());
  }
};

/// The end of the paths to a leaf (recording.hpp).
template <class T, class P>
std::shared_ptr<Node<T, P>> make_accumulator(const std::shared_ptr<State<T, P>>& leaf);

}  // namespace tensor

template <class T, class P = DefaultPlace>
struct BackwardOptions;

/// An array of numbers of any dimension that takes part in derivatives, with the semantics of PyTorch: a `Tensor` is a
/// handle, copies of it are the same array and the same node of the graph.
///
/// A leaf is a tensor that no recorded operation made. `requires_grad()` asks for its gradient; `backward()` of what
/// was computed from it adds to `grad()`. Arithmetic and the functions of the op table work element by element with
/// NumPy's broadcasting and stay unevaluated until they become a Tensor (lazy.hpp).
template <class T, class P>
class Tensor : public Active {
  static_assert(tensor::element<T>,
                "duet: a Tensor has elements of type double or float; indices are xt::xarray<std::ptrdiff_t>");

 public:
  using engine = TensorEngine;
  static constexpr int rank = 2000;
  using value_type = T;
  using place_type = P;
  using State = tensor::State<T, P>;

  /// No tensor at all: what `grad()` is before the first backward sweep.
  Tensor() = default;
  /// A tensor without axes.
  Tensor(T value) : Tensor(full({}, value)) {}
  /// `{{1, 2}, {3, 4}}`. Throws ShapeError where rows differ.
  Tensor(std::initializer_list<tensor::Nested<T>> rows) : Tensor(of(tensor::Nested<T>(rows))) {}
  /// A copy of an array or expression of xtensor.
  template <class E>
  requires(std::derived_from<E, xt::xexpression<E>>) Tensor(const E& array)
      : Tensor(uninitialized(Shape(array.shape().begin(), array.shape().end()))) {
    if constexpr (std::same_as<P, Host>) {
      std::copy(array.begin(), array.end(), data());
    } else {
      const std::vector<T> elements(array.begin(), array.end());
      tensor::Memory<P>::write(elements.data(), size(), data());
    }
  }
  /// Evaluates a formula.
  template <class E>
  requires(tensor::lazy<E> || tensor::is_selection<E>)
      Tensor(const E& formula, const std::source_location& where = std::source_location::current())
      : Tensor(formula.tensor(where)) {}

  explicit Tensor(std::shared_ptr<State> state) : state_(std::move(state)) {}

  /// A tensor whose elements have to be written yet.
  static Tensor uninitialized(const Shape& shape) {
    return Tensor(std::make_shared<State>(std::make_shared<tensor::Storage<T, P>>(tensor::size_of(shape)), shape));
  }
  static Tensor full(const Shape& shape, T value) {
    Tensor result = uninitialized(shape);
    tensor::Memory<P>::fill(result.data(), result.size(), value);
    result.state_->storage->filled = value;
    return result;
  }

  /// `full`, whose elements are written when somebody reads them: often nobody does, as with the cotangent of a sum.
  static Tensor full_when_read(const Shape& shape, T value) {
    Tensor result = uninitialized(shape);
    result.state_->storage->filled = value;
    result.state_->storage->is_pending = true;
    return result;
  }

  /// Whether there is a tensor.
  bool defined() const { return state_ != nullptr; }
  const Shape& shape() const { return state_->shape; }
  std::size_t dimension() const { return shape().size(); }
  std::size_t size() const { return state_->storage->size; }

  /// The elements, row-major. Who writes through this says so by `changed()`.
  const T* data() const { return state_->storage->data(); }
  T* data() {
    T* const elements = state_->storage->data();
    state_->storage->filled.reset();
    return elements;
  }
  /// The elements as an array of xtensor, which refers to them; a copy of them if they are not in main memory.
  auto array() const {
    if constexpr (std::same_as<P, Host>) {
      return xt::adapt(data(), size(), xt::no_ownership(), shape());
    } else {
      auto elements = xt::xarray<T>::from_shape(shape());
      tensor::Memory<P>::read(data(), size(), elements.data());
      return elements;
    }
  }
  /// The only element. Throws ShapeError if there are more.
  T item() const {
    if (size() != 1) throw ShapeError("item: a tensor of shape " + to_string(shape()) + " is not one number");
    T element;
    tensor::Memory<P>::read(data(), 1, &element);
    return element;
  }
  /// A copy of the elements, row-major, in main memory.
  std::vector<T> vector() const {
    std::vector<T> elements(size());
    tensor::Memory<P>::read(data(), size(), elements.data());
    return elements;
  }

  /// Asks for the gradient of this leaf (or no longer). Throws Error for a tensor that an operation made.
  Tensor& requires_grad(bool wanted = true) {
    if (!is_leaf()) {
      throw Error("requires_grad: this tensor was made by " + state_->maker.node->name() +
                  "; only leaves can be told to require a gradient, use detach() for a constant copy");
    }
    if (wanted && !state_->accumulator) state_->accumulator = tensor::make_accumulator(state_);
    state_->requires_grad = wanted;
    return *this;
  }
  /// Whether what is computed from this is recorded.
  bool needs_grad() const { return state_->requires_grad || state_->maker.node; }
  bool is_leaf() const { return !state_->maker.node; }
  /// The operation that made this; null for leaves.
  const std::shared_ptr<tensor::Node<T, P>>& grad_fn() const { return state_->maker.node; }

  /// The gradient so far, undefined if there is none. For tensors that are no leaves see `retain_grad()`.
  Tensor grad() const { return Tensor(state_->grad); }
  /// Sets the gradient to zero; its memory stays.
  void zero_grad() {
    if (!state_->grad) return;
    Tensor gradient(state_->grad);
    if (gradient.needs_grad()) {  // recorded by create_graph: others may hold it
      state_->grad = full(shape(), 0).state_;
    } else {
      tensor::Memory<P>::fill(gradient.data(), gradient.size(), T(0));
      gradient.changed();
    }
  }
  void set_grad(const Tensor& gradient) { state_->grad = gradient.state_; }
  /// Asks for the gradient of a tensor that is no leaf: backward sweeps add to `grad()`. Throws Error for a constant.
  void retain_grad();

  /// The same elements in the same memory, as a constant.
  Tensor detach() const { return Tensor(std::make_shared<State>(state_->storage, shape())); }
  /// A copy of the elements, as a constant.
  Tensor copy() const {
    Tensor result = uninitialized(shape());
    tensor::Memory<P>::copy(data(), size(), result.data());
    return result;
  }

  /// The only element, or nothing if reading it would mean to wait for the place where it is.
  std::optional<T> known() const {
    if (size() != 1) return {};
    if constexpr (P::is_main_memory) {
      return *data();
    } else {
      return state_->storage->filled;
    }
  }

  /// The elements as numbers of type `U`, or a copy of them in the place `U`: `to<float>()`, `to<Host>()`. A graph has
  /// one type of elements and one place: throws Error where the result would have to be recorded; detach() first.
  template <class U>
  auto to() const {
    if (is_grad_enabled() && needs_grad()) {
      throw Error(
          "to: a graph has one type of elements and one place; convert detach() of this tensor, or leaves before they "
          "require a gradient");
    }
    if constexpr (!tensor::any_place<U>) {
      auto result = Tensor<U, P>::uninitialized(shape());
      tensor::Memory<P>::convert(data(), size(), result.data());
      return result;
    } else if constexpr (std::same_as<U, P>) {
      return copy();
    } else {
      static_assert(std::same_as<U, Host> || std::same_as<P, Host>);
      auto result = Tensor<T, U>::uninitialized(shape());
      if constexpr (std::same_as<U, Host>) {
        tensor::Memory<P>::read(data(), size(), result.data());
      } else {
        tensor::Memory<U>::write(data(), size(), result.data());
      }
      return result;
    }
  }

  /// Adds the gradient of this tensor to those of the leaves it was computed from (engine.hpp).
  void backward() const;
  void backward(const BackwardOptions<T, P>& options) const;

  /// Calls `hook(cotangent)` once in every backward sweep that comes past this tensor, with the complete gradient with
  /// respect to it; if it returns a tensor, that goes on in its place. Hooks are called in the order in which they were
  /// registered, before a gradient is accumulated. Returns a number for `remove_hook`. Throws Error for a constant.
  template <class F>
  std::uint64_t register_hook(F hook);
  /// A hook that is not there (any more) is no error.
  void remove_hook(std::uint64_t id);

  /// Elements, rows and parts (selection.hpp).
  template <class... I>
  const tensor::Selection<T, P> operator()(const I&... indices) const;
  template <class I>
  const tensor::Selection<T, P> operator[](const I& index) const;

  /// What `x += y` and its like are: the elements change where they are. Throws InplaceError for a leaf that requires a
  /// gradient (outside NoGrad), ShapeError if `x` does not broadcast to this shape.
  template <class Op, class X>
  Tensor& update(const X& x);
  /// Gives all elements new values, in place.
  template <class X>
  Tensor& assign(const X& x);

  /// Says that elements have been written to.
  void changed() { ++state_->storage->version; }
  std::uint64_t version() const { return state_->storage->version; }

  const std::shared_ptr<State>& state() const { return state_; }

 private:
  static Tensor of(const tensor::Nested<T>& rows) {
    Tensor result = uninitialized(rows.shape);
    tensor::Memory<P>::write(rows.elements.data(), rows.elements.size(), result.data());
    return result;
  }

  std::shared_ptr<State> state_;
};

template <class E>
requires(std::derived_from<E, xt::xexpression<E>>) Tensor(const E&)
->Tensor<std::remove_const_t<typename E::value_type>>;
template <class E>
requires(tensor::lazy<E> || tensor::is_selection<E>) Tensor(const E&)
->Tensor<typename E::value_type, typename E::place_type>;

namespace tensor {
/// The tensor that a formula or a part of a tensor becomes.
template <class X>
using TensorOf = Tensor<typename X::value_type, typename X::place_type>;

/// A tensor, a formula or a part of a tensor as a tensor in the main memory, for operations that know no other place.
template <class X>
Tensor<typename X::value_type, Host> in_main_memory(const X& x) {
  static_assert(X::place_type::is_main_memory,
                "duet: this operation works on tensors in main memory; move them with to<Host>()");
  return Tensor<typename X::value_type, Host>(x);
}

template <class X>
inline constexpr bool is_tensor = false;
template <class T, class P>
inline constexpr bool is_tensor<Tensor<T, P>> = true;
}  // namespace tensor

}  // namespace duet
