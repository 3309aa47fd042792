// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include <duet/tensor/walk.hpp>

/// Which elements of an array are meant, and in which order: what transposing, slicing, indexing, gathering and joining
/// have in common.
namespace duet::tensor {

/// Some elements of an array, laid out as an array of their own: the element at index (i, j, ...) of that is the one
/// at `first + i * axes[0].step + j * axes[1].step + ...` of the array. Besides there may be a table of places, which
/// stands for one or more axes.
struct Places {
  struct Axis {
    std::size_t size;
    std::ptrdiff_t step;
  };
  using Table = std::vector<std::ptrdiff_t>;

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

/// Ways to move elements between the array, `a`, and the layout, `b`.
struct Loads {
  static void element(const auto& a, auto& b) { b = a; }
  static void row(const auto* a, auto* b, std::size_t size) { std::copy_n(a, size, b); }
};
struct Stores {
  static void element(auto& a, const auto& b) { a = b; }
  static void row(auto* a, const auto* b, std::size_t size) { std::copy_n(b, size, a); }
};
struct Adds {
  static void element(auto& a, const auto& b) { a += b; }
  static void row(auto* a, const auto* b, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) a[i] += b[i];
  }
};

/// Moves elements between an array and another one, contiguous, in which they are laid out.
template <class Way, class A, class B>
class Transfer {
 public:
  /// The layout may have a shape that broadcasts to that of `places`; along the axes of a table it moves in equal
  /// steps.
  Transfer(const Places& places, const Shape& layout) : first_(places.first) {
    const Shape whole = places.shape(), steps = steps_of(layout, whole);
    xt::svector<Loop, 4> loops;
    std::size_t k = 0;
    for (std::size_t axis = 0; axis <= places.axes.size(); ++axis) {
      if (places.table && axis == places.table_at) {
        std::size_t step = 0;
        for (std::size_t size : places.table_shape) {
          if (size != 1) step = steps[k];
          ++k;
        }
        loops.push_back({places.table->size(), 0, at(step), places.table->data()});
      }
      if (axis == places.axes.size()) break;
      loops.push_back({places.axes[axis].size, places.axes[axis].step, at(steps[k++]), nullptr});
    }
    empty_ = size_of(whole) == 0;
    join(loops);
    turn();
  }

  void operator()(A* array, B* layout) const {
    if (!empty_) run(0, array + first_, layout);
  }

 private:
  struct Loop {
    std::size_t size;
    std::ptrdiff_t a, b;
    const std::ptrdiff_t* table;
  };
  /// Tiles of this many elements squared are worked on where both arrays are gone through across their rows: a cache
  /// line is then used as a whole before it is lost.
  static constexpr std::size_t tile = 8;

  /// Loops that go on where the next one ends are one.
  void join(const xt::svector<Loop, 4>& loops) {
    for (const Loop& loop : loops) {
      if (loop.size == 1 && !loop.table) continue;
      if (!loops_.empty() && !loop.table && !loops_.back().table) {
        Loop& outer = loops_.back();
        const auto size = static_cast<std::ptrdiff_t>(loop.size);
        if (outer.a == loop.a * size && outer.b == loop.b * size) {
          outer = {outer.size * loop.size, loop.a, loop.b, nullptr};
          continue;
        }
      }
      loops_.push_back(loop);
    }
    if (loops_.empty()) loops_.push_back({1, 1, 1, nullptr});
  }

  /// Where the innermost loop jumps in the array and another one does not, the two are gone through in tiles.
  void turn() {
    const Loop& inner = loops_.back();
    if (inner.table || inner.a == 1 || inner.a == -1 || inner.a == 0) return;
    for (std::size_t k = loops_.size() - 1; k-- > 0;) {
      if (loops_[k].table || (loops_[k].a != 1 && loops_[k].a != -1)) continue;
      std::rotate(loops_.begin() + static_cast<std::ptrdiff_t>(k), loops_.begin() + static_cast<std::ptrdiff_t>(k) + 1,
                  loops_.end() - 1);
      tiled_ = true;
      return;
    }
  }

  void run(std::size_t depth, A* a, B* b) const {
    const Loop& loop = loops_[depth];
    if (depth + 1 == loops_.size()) return row(loop, a, b);
    if (tiled_ && depth + 2 == loops_.size()) return tiles(loop, loops_.back(), a, b);
    for (std::size_t i = 0; i < loop.size; ++i) run(depth + 1, a + place(loop, i), b + at(i) * loop.b);
  }

  static void row(const Loop& loop, A* a, B* b) {
    if (loop.table) {
      for (std::size_t i = 0; i < loop.size; ++i) Way::element(a[loop.table[i]], b[at(i) * loop.b]);
    } else if (loop.a == 1 && loop.b == 1) {
      Way::row(a, b, loop.size);
    } else {
      for (std::size_t i = 0; i < loop.size; ++i) Way::element(a[at(i) * loop.a], b[at(i) * loop.b]);
    }
  }

  static void tiles(const Loop& outer, const Loop& inner, A* a, B* b) {
    for (std::size_t j = 0; j < inner.size; j += tile) {
      for (std::size_t i = 0; i < outer.size; i += tile) {
        const std::size_t rows = std::min(tile, outer.size - i), columns = std::min(tile, inner.size - j);
        A* const from = a + at(i) * outer.a + at(j) * inner.a;
        B* const to = b + at(i) * outer.b + at(j) * inner.b;
        if (rows == tile && columns == tile && outer.a == 1 && inner.b == 1) {
          one_tile(from, inner.a, 1, to, outer.b, 1, tile, tile);
        } else {
          one_tile(from, inner.a, outer.a, to, outer.b, inner.b, rows, columns);
        }
      }
    }
  }
  /// Inlined where all but two of its numbers are known.
  [[gnu::always_inline]] static inline void one_tile(A* a, std::ptrdiff_t a_column, std::ptrdiff_t a_row, B* b,
                                                     std::ptrdiff_t b_row, std::ptrdiff_t b_column, std::size_t rows,
                                                     std::size_t columns) {
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        Way::element(a[at(j) * a_column + at(i) * a_row], b[at(i) * b_row + at(j) * b_column]);
      }
    }
  }

  static std::ptrdiff_t place(const Loop& loop, std::size_t i) { return loop.table ? loop.table[i] : at(i) * loop.a; }
  static std::ptrdiff_t at(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

  std::ptrdiff_t first_;
  xt::svector<Loop, 4> loops_;
  bool empty_ = false, tiled_ = false;
};

/// Copies the elements at `places` of `array` to `layout`.
template <class T>
void load(const Places& places, const T* array, T* layout) {
  Transfer<Loads, const T, T>{places, places.shape()}(array, layout);
}
/// The other way round; `layout` has a shape that broadcasts to that of the places.
template <class T>
void store(const Places& places, T* array, const T* layout, const Shape& layout_shape) {
  Transfer<Stores, T, const T>{places, layout_shape}(array, layout);
}
template <class T>
void store(const Places& places, T* array, const T* layout) {
  store(places, array, layout, places.shape());
}
/// Adds the elements of `layout` to those at `places`, to each as often as it occurs.
template <class T>
void add_at(const Places& places, T* array, const T* layout) {
  Transfer<Adds, T, const T>{places, places.shape()}(array, layout);
}

}  // namespace duet::tensor
