// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/index.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/pick.hpp>

/// Parts of tensors: `x(0, range(1, 3))` names elements, which can be read and assigned to.
namespace duet {

namespace tensor {

/// `x` with zeros at these places, recorded.
template <class T, class P>
Tensor<T, P> cleared(const Tensor<T, P>& x, const Places& places, const std::source_location& where) {
  return operation<T, P>(
      "Clear", {x}, {}, where,
      [&] {
        Tensor<T, P> y = x.copy();
        fill<P>(places, y.data(), T(0));
        return y;
      },
      [places, where](const Call<T, P>& call) { return Tensors<T, P>{cleared(call.cotangent(), places, where)}; });
}

/// An assignment to some places of a tensor. Its inputs are the tensor as it was, and what has been assigned, if that
/// was a tensor.
template <class T, class P>
class Assign final : public Node<T, P> {
 public:
  /// `laid_out`: the shape of the value, broadcast to that of the places; `given`: the same with axes in front of it.
  Assign(const Places& places, const Shape& laid_out, const Shape& given)
      : places_(places), laid_out_(laid_out), given_(given) {}
  std::string name() const override { return "Assign"; }

  Tensors<T, P> pullback(const Tensors<T, P>& cotangents) override {
    const Tensor<T, P>& w = cotangents[0];
    Tensors<T, P> results(this->edges().size());
    if (results.size() > 1 && this->needs(1)) {
      const Tensor<T, P> sum = sum_to(pick("Index", w, places_, this->where), laid_out_);
      results[1] = given_ == laid_out_ ? sum : reshaped(sum, given_, this->where);
    }
    if (!this->needs(0)) return results;
    if (recording || w.state().use_count() > 1 || w.state()->storage.use_count() > 1) {
      results[0] = cleared(w, places_, this->where);
    } else {  // nobody else has the cotangent: assignments to single elements don't copy all of them
      results[0] = w;
      fill<P>(places_, results[0].data(), T(0));
    }
    return results;
  }

 private:
  Places places_;
  Shape laid_out_, given_;
};

/// Throws Error if elements are named several times: which value would they get?
inline void check_distinct(const Places& places) {
  if (!places.table) return;
  std::vector<std::ptrdiff_t> sorted(places.table->begin(), places.table->end());
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end()) return;
  throw Error("assignment: an element is named twice; scatter_add adds up what goes to the same element");
}

/// The shape without axes of size 1 in front that are more than `dimension`.
inline Shape without_front(const Shape& shape, std::size_t dimension) {
  std::size_t front = 0;
  while (shape.size() - front > dimension && shape[front] == 1) ++front;
  return Shape(shape.begin() + static_cast<std::ptrdiff_t>(front), shape.end());
}

/// Gives the elements of `x` at `places` those of `value`, whose shape broadcasts to theirs. Recorded; `constant` if
/// the value is a number.
template <class T, class P>
void assign_at(Tensor<T, P> x, const Places& places, const Tensor<T, P>& value, bool constant,
               const std::source_location& where) {
  check_writable(x, "assignment");
  const Shape shape = places.shape(), laid_out = without_front(value.shape(), shape.size());
  if (broadcast("assignment", shape, laid_out) != shape) {
    throw shape_error("assignment", shape, value.shape(), "don't fit: the value is larger than what it is assigned to");
  }
  if (!constant) check_distinct(places);
  const bool table_broadcasts = places.table && places.table_shape.size() > 1 && laid_out != shape && value.size() != 1;
  const bool overlaps = value.state()->storage == x.state()->storage;
  observed([] { return std::string("Assign"); }, Phase::forward, where,
           [&] {
             if (constant && value.known()) {
               fill<P>(places, x.data(), *value.known());
             } else if (table_broadcasts || overlaps) {
               Tensor<T, P> copy = Tensor<T, P>::uninitialized(shape);
               load<P>(broadcast_places(laid_out, shape), value.data(), copy.data());
               store<P>(places, x.data(), static_cast<const Tensor<T, P>&>(copy).data());
             } else {
               store<P>(places, x.data(), value.data(), laid_out);
             }
             return value;
           });
  x.changed();
  if (!is_recorded(x, value)) return;
  const auto node = std::make_shared<Assign<T, P>>(places, laid_out, value.shape());
  node->where = where;
  record(x, node, constant ? Tensors<T, P>{x} : Tensors<T, P>{x, value});
}

/// Elements of a tensor, named by indices. As an operand it stands for a tensor with their values; assigned to, it
/// changes the elements of the tensor that it was taken from. It holds that tensor by handle, so `auto` is safe.
template <class T, class P>
class Selection : public Active {
 public:
  using engine = TensorEngine;
  static constexpr int rank = 2000;
  using value_type = T;
  using variable = Tensor<T, P>;

  Selection(const Tensor<T, P>& from, const Places& places) : from_(from), places_(places) {}
  Selection(const Selection&) = default;

  /// The elements as a new tensor; a recorded operation.
  Tensor<T, P> tensor(const std::source_location& where = std::source_location::current()) const {
    return pick("Index", from_, places_, where);
  }
  Shape shape() const { return places_.shape(); }
  /// The only element. Throws ShapeError if there are more.
  T item() const {
    const NoGrad guard;
    return tensor().item();
  }

  /// Gives the elements new values: those of a number, a tensor, a formula or other elements, whose shape broadcasts to
  /// the shape of these. Throws InplaceError for a leaf that requires a gradient (outside NoGrad), ShapeError where the
  /// shapes don't fit, Error if an element is named twice and the value is not a number.
  template <operand X>
  const Selection& operator=(const X& x) const {
    if constexpr (passive<X>) {
      assign_at(from_, places_, Tensor<T, P>(op::lift<T>(x)), true, {});
    } else {
      static_assert(tensorial<X>, "duet: elements of a tensor are assigned numbers, tensors and formulas of tensors");
      static_assert(std::is_same_v<typename common_element<T, typename X::value_type>::type, T>);
      assign_at(from_, places_, Tensor<T, P>(x), false, {});
    }
    return *this;
  }
  const Selection& operator=(const Selection& other) const {
    assign_at(from_, places_, other.tensor(), false, {});
    return *this;
  }
  /// What `x(0) += y` and its like are.
  template <class Op, class X>
  void update(const X& x) const {
    *this = op::apply<Op>(*this, x);
  }

  /// Elements of these elements, by further indices.
  template <class... I>
  const Selection operator()(const I&... indices) const {
    return Selection(from_, select(places_, indices...));
  }
  template <class I>
  const Selection operator[](const I& index) const {
    return (*this)(index);
  }

 private:
  Tensor<T, P> from_;
  Places places_;
};

template <class T, class P>
inline constexpr bool is_selection<Selection<T, P>> = true;

}  // namespace tensor

/// Elements named by indices as in NumPy: integers, `range(start, stop, step)`, `all`, `newaxis`, `ellipsis`, arrays of
/// integers, and truth values (`x(x > 0)`); axes that are not named are taken whole. Throws ShapeError for indices that
/// are not there. Reading costs one pass over what is selected, and so does assigning.
template <class T, class P>
template <class... I>
const tensor::Selection<T, P> Tensor<T, P>::operator()(const I&... indices) const {
  return tensor::Selection<T, P>(*this, tensor::select(tensor::Places::all(shape()), indices...));
}
template <class T, class P>
template <class I>
const tensor::Selection<T, P> Tensor<T, P>::operator[](const I& index) const {
  return (*this)(index);
}

}  // namespace duet
