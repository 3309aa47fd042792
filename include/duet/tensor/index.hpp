// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <variant>

#include <duet/tensor/mask.hpp>
#include <duet/tensor/moves.hpp>

/// What elements of a tensor are named by: NumPy's indices.
namespace duet {

/// An end of a range that is not given.
inline constexpr std::nullopt_t none = std::nullopt;

/// Indices from `start` up to, and without, `stop`, in steps. Made by `range`.
struct Range {
  std::optional<std::ptrdiff_t> start, stop;
  std::ptrdiff_t step = 1;
};
/// Python's `start:stop:step`: negative indices count from the back, `none` stands for an end, and what lies outside
/// the axis is left out.
inline Range range(std::optional<std::ptrdiff_t> start, std::optional<std::ptrdiff_t> stop, std::ptrdiff_t step = 1) {
  return {start, stop, step};
}

namespace tensor {
struct AllIndices {};
struct NewAxis {};
struct Ellipsis {};
}  // namespace tensor

/// The whole axis, Python's `:`.
constexpr tensor::AllIndices all() { return {}; }
inline constexpr tensor::NewAxis newaxis;    ///< an additional axis of size 1
inline constexpr tensor::Ellipsis ellipsis;  ///< all axes that are not named otherwise, Python's `...`

/// An array of indices, of any shape.
using Indices = xt::xarray<std::ptrdiff_t>;

namespace tensor {

/// Any index.
using Index = std::variant<std::ptrdiff_t, Range, NewAxis, Ellipsis, Indices, Mask>;

template <class E>
concept array_expression = std::derived_from<E, xt::xexpression<E>>;
template <class I>
inline constexpr bool is_vector = false;
template <class I>
inline constexpr bool is_vector<std::vector<I>> = true;

template <class I>
constexpr bool is_condition() {
  if constexpr (lazy<I>) {
    return I::formula.is_condition();
  } else {
    return false;
  }
}

/// Where a condition, or an array of truth values, holds.
template <class I>
Mask mask_of(const I& index) {
  if constexpr (is_condition<I>()) {
    const NoGrad guard;
    return mask(index);
  } else if constexpr (is_vector<I>) {
    Mask result = Mask::from_shape({index.size()});
    std::copy(index.begin(), index.end(), result.begin());
    return result;
  } else {
    return index;
  }
}

template <class I>
Indices indices_of(const I& index) {
  if constexpr (is_vector<I>) {
    Indices result = Indices::from_shape({index.size()});
    std::copy(index.begin(), index.end(), result.begin());
    return result;
  } else {
    return index;
  }
}

template <class I>
Index to_index(const I& index) {
  if constexpr (std::is_same_v<I, AllIndices>) {
    return Range{};
  } else if constexpr (std::is_same_v<I, Range> || std::is_same_v<I, NewAxis> || std::is_same_v<I, Ellipsis>) {
    return index;
  } else if constexpr (std::is_integral_v<I> && !std::is_same_v<I, bool>) {
    return static_cast<std::ptrdiff_t>(index);
  } else if constexpr (is_condition<I>()) {
    return mask_of(index);
  } else if constexpr (array_expression<I> || is_vector<I>) {
    using V = typename I::value_type;
    static_assert(std::is_integral_v<V>, "duet: arrays that name elements of a tensor hold integers or truth values");
    if constexpr (std::is_same_v<V, bool>) {
      return mask_of(index);
    } else {
      return indices_of(index);
    }
  } else {
    static_assert(
        std::is_void_v<I>,
        "duet: an index of a tensor is an integer, a range, all(), newaxis, ellipsis, an array of integers or "
        "truth values, or a condition like x > 0");
  }
}

/// An index of an axis of this size, counted from the front. Throws ShapeError.
inline std::ptrdiff_t position(std::ptrdiff_t index, std::size_t axis, const Shape& shape) {
  const auto size = static_cast<std::ptrdiff_t>(shape[axis]);
  if (index < -size || index >= size) {
    throw ShapeError("index " + std::to_string(index) + " is out of range for axis " + std::to_string(axis) +
                     " of shape " + to_string(shape));
  }
  return index < 0 ? index + size : index;
}

/// Some places of an axis.
struct Stretch {
  std::ptrdiff_t first;
  std::size_t size;
};
inline Stretch stretch_of(const Range& range, std::size_t size) {
  if (range.step == 0) throw ShapeError("range: the step is 0");
  const auto n = static_cast<std::ptrdiff_t>(size);
  const bool up = range.step > 0;
  const std::ptrdiff_t low = up ? 0 : -1, high = up ? n : n - 1;
  const auto end = [&](const std::optional<std::ptrdiff_t>& given, std::ptrdiff_t otherwise) {
    return given ? std::clamp(*given < 0 ? *given + n : *given, low, high) : otherwise;
  };
  const std::ptrdiff_t start = end(range.start, up ? low : high), stop = end(range.stop, up ? high : low);
  const std::ptrdiff_t length = up ? stop - start : start - stop, step = up ? range.step : -range.step;
  return {start, length > 0 ? static_cast<std::size_t>((length + step - 1) / step) : 0};
}

/// Works out which places a list of indices names. The axes of arrays stand where the arrays do if these are side by
/// side, else in front (NumPy's rule); an integer takes its axis away before that.
class Selector {
 public:
  explicit Selector(const Places& from) : from_(from), shape_(from.shape()) {
    if (from.table) throw Error("index: elements that an array of indices named are indexed further in a copy only");
    result_.first = from.first;
  }

  template <std::size_t N>
  Places operator()(const std::array<Index, N>& indices) {
    std::size_t named = 0;
    bool open = false;
    for (const Index& index : indices) {
      if (std::holds_alternative<Ellipsis>(index)) {
        if (open) throw ShapeError("index: there may be one ellipsis");
        open = true;
      }
      named += axes_of(index);
    }
    if (named > shape_.size()) {
      throw ShapeError("index: " + std::to_string(named) + " axes are named, shape " + to_string(shape_) + " has " +
                       std::to_string(shape_.size()));
    }
    const std::size_t rest = shape_.size() - named;
    for (const Index& index : indices) {
      if (std::holds_alternative<Ellipsis>(index)) {
        for (std::size_t k = 0; k < rest; ++k) take(Range{});
      } else {
        std::visit([&](const auto& one) { take(one); }, index);
      }
    }
    while (axis_ < shape_.size()) take(Range{});
    if (result_.table && !side_by_side_) result_.table_at = 0;
    return result_;
  }

 private:
  static std::size_t axes_of(const Index& index) {
    if (const Mask* mask = std::get_if<Mask>(&index)) return mask->dimension();
    return std::holds_alternative<NewAxis>(index) || std::holds_alternative<Ellipsis>(index) ? 0 : 1;
  }

  void take(std::ptrdiff_t index) {
    result_.first += position(index, axis_, shape_) * from_.axes[axis_].step;
    ++axis_;
  }
  void take(const Range& range) {
    const Stretch stretch = stretch_of(range, shape_[axis_]);
    const std::ptrdiff_t step = from_.axes[axis_].step;
    if (stretch.size > 0) result_.first += stretch.first * step;
    result_.axes.push_back({stretch.size, step * range.step});
    ++axis_;
  }
  void take(NewAxis) { result_.axes.push_back({1, 0}); }
  void take(Ellipsis) {}
  void take(const Indices& indices) {
    std::vector<std::ptrdiff_t> table;
    table.reserve(indices.size());
    for (std::ptrdiff_t index : indices) table.push_back(position(index, axis_, shape_) * from_.axes[axis_].step);
    ++axis_;
    take_table(std::move(table), Shape(indices.shape().begin(), indices.shape().end()));
  }
  void take(const Mask& mask) {
    const Shape shape(mask.shape().begin(), mask.shape().end());
    for (std::size_t k = 0; k < shape.size(); ++k) {
      if (shape[k] == shape_[axis_ + k]) continue;
      throw shape_error("index", shape, shape_,
                        "of the condition and the tensor differ at axis " + std::to_string(axis_ + k));
    }
    std::vector<std::ptrdiff_t> table;
    for (std::size_t i = 0; i < mask.size(); ++i) {
      if (!mask.data()[i]) continue;
      std::ptrdiff_t place = 0;
      std::size_t left = i;
      for (std::size_t k = shape.size(); k-- > 0; left /= shape[k]) {
        place += static_cast<std::ptrdiff_t>(left % shape[k]) * from_.axes[axis_ + k].step;
      }
      table.push_back(place);
    }
    axis_ += shape.size();
    const Shape names{table.size()};
    take_table(std::move(table), names);
  }

  /// Several arrays name elements together: they broadcast to one shape, and their places add up.
  void take_table(std::vector<std::ptrdiff_t> table, const Shape& shape) {
    if (!result_.table) {
      result_.table_at = result_.axes.size();
      result_.set_table(std::move(table), shape);
      return;
    }
    side_by_side_ = side_by_side_ && result_.table_at == result_.axes.size();
    const Shape whole = broadcast("index", result_.table_shape, shape);
    const Walk walk(whole, {&result_.table_shape, &shape});
    std::vector<std::ptrdiff_t> sum;
    sum.reserve(size_of(whole));
    walk([&](const Walk::Offsets& offsets) {
      for (std::size_t i = 0; i < walk.row(); ++i) {
        sum.push_back((*result_.table)[offsets[0] + (walk.moves(0) ? i : 0)] +
                      table[offsets[1] + (walk.moves(1) ? i : 0)]);
      }
    });
    result_.set_table(std::move(sum), whole);
  }

  const Places& from_;
  Shape shape_;
  Places result_;
  std::size_t axis_ = 0;
  bool side_by_side_ = true;
};

/// The places that indices name among `from`. Throws ShapeError.
template <class... I>
Places select(const Places& from, const I&... indices) {
  return Selector(from)(std::array<Index, sizeof...(I)>{to_index(indices)...});
}

}  // namespace tensor
}  // namespace duet
