// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/pick.hpp>
#include <duet/tensor/view.hpp>

/// Several tensors as one, one as several, and room around one.
namespace duet {

namespace tensor {

/// The part of an array of shape `shape` that begins at index `from` of an axis and has `size` indices there.
inline Places part_of(const Shape& shape, std::size_t axis, std::size_t from, std::size_t size) {
  Places places = Places::all(shape);
  places.covers = size == shape[axis];
  places.axes[axis].size = size;
  places.first = static_cast<std::ptrdiff_t>(from) * places.axes[axis].step;
  return places;
}

/// Where parts of these sizes along an axis begin.
inline std::vector<std::size_t> starts_of(const std::vector<std::size_t>& sizes) {
  std::vector<std::size_t> starts;
  std::size_t at = 0;
  for (std::size_t size : sizes) {
    starts.push_back(at);
    at += size;
  }
  return starts;
}

template <class T, class P>
Tensor<T, P> joined(const Tensors<T, P>& parts, std::ptrdiff_t axis, const std::source_location& where) {
  if (parts.empty()) throw ShapeError("concatenate: there is nothing to join");
  Shape whole = parts[0].shape();
  const std::size_t along = axis_of("concatenate", axis, whole);
  std::vector<std::size_t> sizes;
  for (const Tensor<T, P>& part : parts) {
    Shape alike = part.shape();
    if (alike.size() == whole.size()) alike[along] = parts[0].shape()[along];
    if (alike != parts[0].shape()) {
      throw shape_error("concatenate", parts[0].shape(), part.shape(),
                        "may differ at axis " + std::to_string(along) + " only");
    }
    sizes.push_back(part.shape()[along]);
  }
  const std::vector<std::size_t> starts = starts_of(sizes);
  whole[along] = starts.back() + sizes.back();
  return operation<T, P>(
      "Concatenate", parts, {}, where,
      [&] {
        Tensor<T, P> y = Tensor<T, P>::uninitialized(whole);
        for (std::size_t k = 0; k < parts.size(); ++k) {
          store<P>(part_of(whole, along, starts[k], sizes[k]), y.data(), parts[k].data());
        }
        return y;
      },
      [whole, along, starts, sizes, where](const Call<T, P>& call) {
        Tensors<T, P> cotangents(sizes.size());
        for (std::size_t k = 0; k < sizes.size(); ++k) {
          if (!call.needs(k)) continue;
          cotangents[k] = pick("Slice", call.cotangent(), part_of(whole, along, starts[k], sizes[k]), where);
        }
        return cotangents;
      });
}

/// One operation with several results.
template <class T, class P>
class Split final : public Node<T, P> {
 public:
  Split(const Shape& whole, std::size_t axis, std::vector<std::size_t> sizes)
      : whole_(whole), axis_(axis), sizes_(std::move(sizes)) {}
  std::string name() const override { return "Split"; }
  Tensors<T, P> pullback(const Tensors<T, P>& cotangents) override {
    Tensors<T, P> parts = cotangents;
    for (std::size_t k = 0; k < parts.size(); ++k) {
      if (parts[k].defined()) continue;
      Shape shape = whole_;
      shape[axis_] = sizes_[k];
      parts[k] = Tensor<T, P>::full(shape, 0);
    }
    return {joined(parts, static_cast<std::ptrdiff_t>(axis_), this->where)};
  }

 private:
  Shape whole_;
  std::size_t axis_;
  std::vector<std::size_t> sizes_;
};

template <class T, class P>
Tensors<T, P> parted(const Tensor<T, P>& x, std::size_t axis, const std::vector<std::size_t>& sizes,
                     const std::source_location& where) {
  const std::vector<std::size_t> starts = starts_of(sizes);
  const Tensors<T, P> parts = observed([] { return std::string("Split"); }, Phase::forward, where,
                                       [&] {
                                         Tensors<T, P> result;
                                         for (std::size_t k = 0; k < sizes.size(); ++k) {
                                           const Places places = part_of(x.shape(), axis, starts[k], sizes[k]);
                                           result.push_back(Tensor<T, P>::uninitialized(places.shape()));
                                           load<P>(places, x.data(), result.back().data());
                                         }
                                         return result;
                                       });
  if (is_recorded(x) && !parts.empty()) {
    const std::shared_ptr<Node<T, P>> node = std::make_shared<Split<T, P>>(x.shape(), axis, sizes);
    node->where = where;
    record<T, P>(parts, node, {x});
  }
  return parts;
}

}  // namespace tensor

/// The tensors one after the other along an axis. Throws ShapeError if they differ along others.
template <class T, class P>
Tensor<T, P> concatenate(const std::vector<Tensor<T, P>>& parts, std::ptrdiff_t axis = 0,
                         const std::source_location& where = std::source_location::current()) {
  return tensor::joined(parts, axis, where);
}
template <class T, class P>
Tensor<T, P> concatenate(std::initializer_list<Tensor<T, P>> parts, std::ptrdiff_t axis = 0,
                         const std::source_location& where = std::source_location::current()) {
  return tensor::joined(std::vector<Tensor<T, P>>(parts), axis, where);
}

/// Tensors of one shape along a new axis, which is axis `axis` of the result.
template <class T, class P>
Tensor<T, P> stack(const std::vector<Tensor<T, P>>& parts, std::ptrdiff_t axis = 0,
                   const std::source_location& where = std::source_location::current()) {
  std::vector<Tensor<T, P>> layers;
  for (const Tensor<T, P>& part : parts) {
    if (part.shape() != parts[0].shape()) {
      throw tensor::shape_error("stack", parts[0].shape(), part.shape(), "differ");
    }
    layers.push_back(unsqueeze(part, axis, where));
  }
  return tensor::joined(layers, axis, where);
}
template <class T, class P>
Tensor<T, P> stack(std::initializer_list<Tensor<T, P>> parts, std::ptrdiff_t axis = 0,
                   const std::source_location& where = std::source_location::current()) {
  return stack(std::vector<Tensor<T, P>>(parts), axis, where);
}

/// Parts of these sizes along an axis, as new tensors. Throws ShapeError if the sizes don't add up to the axis.
template <tensor::tensorial X>
auto split(const X& x, const std::vector<std::size_t>& sizes, std::ptrdiff_t axis = 0,
           const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  const std::size_t along = tensor::axis_of("split", axis, t.shape());
  std::size_t total = 0;
  for (std::size_t size : sizes) total += size;
  if (total != t.shape()[along]) {
    throw ShapeError("split: the sizes add up to " + std::to_string(total) + ", axis " + std::to_string(axis) +
                     " of shape " + to_string(t.shape()) + " has " + std::to_string(t.shape()[along]));
  }
  return tensor::parted(t, along, sizes, where);
}
/// Parts of `size` along an axis; the last one may be smaller.
template <tensor::tensorial X>
auto split(const X& x, std::size_t size, std::ptrdiff_t axis = 0,
           const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  const std::size_t along = tensor::axis_of("split", axis, t.shape());
  if (size == 0) throw ShapeError("split: parts of size 0");
  std::vector<std::size_t> sizes;
  for (std::size_t left = t.shape()[along]; left > 0; left -= sizes.back()) sizes.push_back(std::min(size, left));
  return tensor::parted(t, along, sizes, where);
}
/// At most `count` parts of one size along an axis; the last one may be smaller.
template <tensor::tensorial X>
auto chunk(const X& x, std::size_t count, std::ptrdiff_t axis = 0,
           const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  if (count == 0) throw ShapeError("chunk: no parts");
  const std::size_t size = t.shape()[tensor::axis_of("chunk", axis, t.shape())];
  return split(t, std::max<std::size_t>((size + count - 1) / count, 1), axis, where);
}

/// How much room `pad` makes before and after the elements along an axis.
struct Margin {
  std::size_t before, after;
};

/// `x` with room around it that is filled with a number; `margins` are those of the last axes: `{{1, 1}, {0, 2}}`.
template <tensor::tensorial X>
auto pad(const X& x, const std::vector<Margin>& margins, typename X::value_type value = 0,
         const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  const Tensor<T, P> t(x);
  if (margins.size() > t.dimension()) {
    throw ShapeError("pad: " + std::to_string(margins.size()) + " margins for shape " + to_string(t.shape()));
  }
  Shape whole = t.shape();
  const std::size_t first = t.dimension() - margins.size();
  for (std::size_t k = 0; k < margins.size(); ++k) whole[first + k] += margins[k].before + margins[k].after;
  tensor::Places places = tensor::Places::all(whole);
  places.covers = whole == t.shape();
  for (std::size_t k = 0; k < margins.size(); ++k) {
    places.first += static_cast<std::ptrdiff_t>(margins[k].before) * places.axes[first + k].step;
  }
  for (std::size_t axis = 0; axis < whole.size(); ++axis) places.axes[axis].size = t.shape()[axis];
  return tensor::operation<T, P>(
      "Pad", {t}, {}, where,
      [&] {
        Tensor<T, P> y = Tensor<T, P>::full(whole, value);
        tensor::store<P>(places, y.data(), t.data());
        return y;
      },
      [places, where](const tensor::Call<T, P>& call) {
        return tensor::Tensors<T, P>{tensor::pick("Slice", call.cotangent(), places, where)};
      });
}

}  // namespace duet
