// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include <duet/tensor/walk.hpp>

/// Which elements of an array are meant, and in which order: what transposing, slicing, indexing, gathering and joining
/// have in common.
namespace duet::tensor {

/// Places that no steps describe.
class Table {
 public:
  explicit Table(std::vector<std::ptrdiff_t> places) : places_(std::move(places)) {}

  std::size_t size() const { return places_.size(); }
  const std::ptrdiff_t* data() const { return places_.data(); }
  const std::ptrdiff_t* begin() const { return data(); }
  const std::ptrdiff_t* end() const { return data() + size(); }
  std::ptrdiff_t operator[](std::size_t i) const { return places_[i]; }

  /// What another place than the main memory works with instead: a `Copy` of this, made once and kept as long as the
  /// table.
  template <class Copy>
  const Copy& elsewhere() const {
    const std::lock_guard lock(mutex_);
    if (!elsewhere_) elsewhere_ = std::make_shared<const Copy>(*this);
    return *static_cast<const Copy*>(elsewhere_.get());
  }

 private:
  std::vector<std::ptrdiff_t> places_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const void> elsewhere_;
};

/// Some elements of an array, laid out as an array of their own: the element at index (i, j, ...) of that is the one
/// at `first + i * axes[0].step + j * axes[1].step + ...` of the array. Besides there may be a table of places, which
/// stands for one or more axes. An element is named several times only along axes of step 0, and by a table in which a
/// place occurs several times.
struct Places {
  struct Axis {
    std::size_t size;
    std::ptrdiff_t step;
  };

  std::ptrdiff_t first = 0;
  xt::svector<Axis, 4> axes;
  std::shared_ptr<const Table> table;  ///< null if there is none
  Shape table_shape;
  std::size_t table_at = 0;  ///< how many of `axes` come before those of the table
  bool covers = false;       ///< whether every element of the array is among them, once

  /// All elements of an array of this shape.
  static Places all(const Shape& shape) {
    Places result;
    result.covers = true;
    result.axes.resize(shape.size());
    std::ptrdiff_t step = 1;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      result.axes[axis] = {shape[axis], step};
      step *= static_cast<std::ptrdiff_t>(shape[axis]);
    }
    return result;
  }

  void set_table(std::vector<std::ptrdiff_t> places, const Shape& shape) {
    table = std::make_shared<const Table>(std::move(places));
    table_shape = shape;
  }

  /// The shape of what is laid out.
  Shape shape() const {
    Shape result;
    for (std::size_t axis = 0; axis <= axes.size(); ++axis) {
      if (table && axis == table_at) result.insert(result.end(), table_shape.begin(), table_shape.end());
      if (axis < axes.size()) result.push_back(axes[axis].size);
    }
    return result;
  }
};

/// An array of shape `shape` as one of shape `whole`, to which it broadcasts.
inline Places broadcast_places(const Shape& shape, const Shape& whole) {
  const Shape steps = steps_of(shape, whole);
  Places places;
  for (std::size_t axis = 0; axis < whole.size(); ++axis) {
    places.axes.push_back({whole[axis], static_cast<std::ptrdiff_t>(steps[axis])});
  }
  return places;
}

/// The loops in which elements move between an array, `a`, and a contiguous one in which they are laid out, `b`. Loops
/// that go on where the next one ends are joined.
struct Loops {
  struct Loop {
    std::size_t size;
    std::ptrdiff_t a, b;          ///< the steps in the arrays
    const std::ptrdiff_t* table;  ///< if not null, the places in `a`
    const Table* whole;           ///< the table that they are a part of
  };

  /// The layout has the shape of `places`, or one that broadcasts to that, or it is longer and its first elements along
  /// each axis are meant. Along the axes of a table it is gone through in equal steps.
  Loops(const Places& places, const Shape& layout) : a(places.first) {
    const Shape shape = places.shape(), steps = steps_of(layout, shape);
    std::size_t k = 0;
    for (std::size_t axis = 0; axis <= places.axes.size(); ++axis) {
      if (places.table && axis == places.table_at) {
        std::size_t step = 0;
        for (std::size_t size : places.table_shape) {
          if (size != 1) step = steps[k];
          ++k;
        }
        add({places.table->size(), 0, signed_of(step), places.table->data(), places.table.get()});
      }
      if (axis == places.axes.size()) break;
      add({places.axes[axis].size, places.axes[axis].step, signed_of(steps[k++]), nullptr, nullptr});
    }
    if (list.empty()) list.push_back({1, 1, 1, nullptr, nullptr});
    empty = size_of(shape) == 0;
    turn();
  }

  std::size_t size() const {
    std::size_t result = 1;
    for (const Loop& loop : list) result *= loop.size;
    return result;
  }

  /// These loops with only `count` steps of loop `k`, from step `begin` on.
  Loops part(std::size_t k, std::size_t begin, std::size_t count) const {
    Loops result = *this;
    Loop& loop = result.list[k];
    loop.size = count;
    result.b += signed_of(begin) * loop.b;
    if (loop.table) {
      loop.table += begin;
    } else {
      result.a += signed_of(begin) * loop.a;
    }
    return result;
  }

  static std::ptrdiff_t signed_of(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

  xt::svector<Loop, 4> list;   ///< the outermost first
  std::ptrdiff_t a, b = 0;     ///< where the arrays are entered
  bool empty, turned = false;  ///< whether nothing moves at all; whether the arrays' rows cross

 private:
  void add(const Loop& loop) {
    if (loop.size == 1 && !loop.table) return;
    if (!list.empty() && !loop.table && !list.back().table) {
      Loop& outer = list.back();
      if (outer.a == loop.a * signed_of(loop.size) && outer.b == loop.b * signed_of(loop.size)) {
        outer = {outer.size * loop.size, loop.a, loop.b, nullptr, nullptr};
        return;
      }
    }
    list.push_back(loop);
  }

  /// Where the innermost loop jumps in `a` and another one does not, that comes next to it.
  void turn() {
    const Loop& inner = list.back();
    if (inner.table || inner.a == 1 || inner.a == -1 || inner.a == 0) return;
    for (std::size_t k = list.size() - 1; k-- > 0;) {
      if (list[k].table || (list[k].a != 1 && list[k].a != -1)) continue;
      const auto at = list.begin() + signed_of(k);
      std::rotate(at, at + 1, list.end() - 1);
      turned = true;
      return;
    }
  }
};

}  // namespace duet::tensor
