// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/place.hpp>
#include <duet/tensor/places.hpp>

/// Moving elements within and between arrays, and making new ones.
namespace duet::tensor {

/// Which elements of a matrix belong to a triangle: up to diagonal `diagonal`, or, of the upper one, from there on.
struct Triangle {
  bool lower;
  std::ptrdiff_t diagonal, rows, columns;

  struct Columns {
    std::ptrdiff_t begin, end;
  };
  /// Those of a row.
  constexpr Columns kept(std::ptrdiff_t row) const {
    const std::ptrdiff_t above = row + diagonal + (lower ? 1 : 0);
    const std::ptrdiff_t border = above < 0 ? 0 : above > columns ? columns : above;
    return lower ? Columns{0, border} : Columns{border, columns};
  }
};

/// Ways to move elements between the array, `a`, and the layout, `b`. `may_repeat`: whether an element of the array may
/// be written several times.
struct Loads {
  static constexpr bool writes_array = false, may_repeat = false;
  static constexpr void element(const auto& a, auto& b) { b = a; }
  static void row(const auto* a, auto* b, std::size_t size) { std::copy_n(a, size, b); }
};
struct Stores {
  static constexpr bool writes_array = true, may_repeat = false;
  static constexpr void element(auto& a, const auto& b) { a = b; }
  static void row(auto* a, const auto* b, std::size_t size) { std::copy_n(b, size, a); }
};
/// The layout is one number, in the main memory.
struct Fills : Stores {
  static constexpr bool may_repeat = true;
};
struct Adds {
  static constexpr bool writes_array = true, may_repeat = true;
  static constexpr void element(auto& a, const auto& b) { a += b; }
  static void row(auto* a, const auto* b, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) a[i] += b[i];
  }
};

/// How elements are moved in a place, and made of their indices. A place specialises this.
template <class P>
struct Moves;

/// Moves elements in the calling thread.
template <class Way, class A, class B>
class Transfer {
 public:
  explicit Transfer(const Loops& loops) : loops_(loops) {}

  void operator()(A* array, B* layout) const {
    if (!loops_.empty) run(0, array + loops_.a, layout + loops_.b);
  }

 private:
  using Loop = Loops::Loop;
  /// Tiles of this many elements squared are worked on where both arrays are gone through across their rows: a cache
  /// line is then used as a whole before it is lost.
  static constexpr std::size_t tile = 8;

  void run(std::size_t depth, A* a, B* b) const {
    const Loop& loop = loops_.list[depth];
    if (depth + 1 == loops_.list.size()) return row(loop, a, b);
    if (loops_.turned && depth + 2 == loops_.list.size()) return tiles(loop, loops_.list.back(), a, b);
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

  const Loops& loops_;
};

template <>
struct Moves<Host> {
  template <class Way, class A, class B>
  static void run(const Loops& loops, A* array, B* layout) {
    Transfer<Way, A, B>{loops}(array, layout);
  }

  /// Copies `rows` rows of a stack of matrices, from row `first` on, with zeros outside of a triangle.
  template <class T>
  static void triangle(const Triangle& triangle, const T* from, std::size_t rows, T* to, std::size_t first = 0) {
    const std::ptrdiff_t columns = triangle.columns;
    std::ptrdiff_t row = Loops::signed_of(first) % triangle.rows;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto [begin, end] = triangle.kept(row);
      std::fill(to, to + begin, T(0));
      std::copy(from + begin, from + end, to + begin);
      std::fill(to + end, to + columns, T(0));
      from += columns;
      to += columns;
      if (++row == triangle.rows) row = 0;
    }
  }

  /// Makes elements of where they are: `f(k, to)` writes the `F::width` elements from `k * F::width` on. `to` is the
  /// first of those for `k = first`.
  template <class T, class F>
  static void generate(T* to, std::size_t size, const F& f, std::size_t first = 0) {
    const std::size_t whole = size / F::width;
    for (std::size_t k = 0; k < whole; ++k) f(first + k, to + k * F::width);
    if (whole * F::width == size) return;
    T rest[F::width];
    f(first + whole, rest);
    std::copy_n(rest, size - whole * F::width, to + whole * F::width);
  }
};

/// Copies the elements at `places` of `array` to `layout`.
template <class P, class T>
void load(const Places& places, const T* array, T* layout) {
  Moves<P>::template run<Loads>(Loops(places, places.shape()), array, layout);
}
/// The other way round; `layout` has a shape that broadcasts to that of the places, among which is no element twice.
template <class P, class T>
void store(const Places& places, T* array, const T* layout, const Shape& layout_shape) {
  Moves<P>::template run<Stores>(Loops(places, layout_shape), array, layout);
}
template <class P, class T>
void store(const Places& places, T* array, const T* layout) {
  store<P>(places, array, layout, places.shape());
}
/// Gives the elements at `places` a value.
template <class P, class T>
void fill(const Places& places, T* array, T value) {
  const T* const layout = &value;
  Moves<P>::template run<Fills>(Loops(places, {}), array, layout);
}
/// Adds the elements of `layout` to those at `places`, no axis of which has step 0; to one that occurs several times in
/// their table, in the order of the layout.
template <class P, class T>
void add_at(const Places& places, T* array, const T* layout) {
  Moves<P>::template run<Adds>(Loops(places, places.shape()), array, layout);
}

/// In rows of `row` elements, these move on by `shift` places; those that leave at the end come in at the front.
template <class P, class T>
void roll(const T* from, std::size_t size, std::size_t row, std::size_t shift, T* to) {
  if (size == 0) return;
  if constexpr (P::is_main_memory) {
    for (std::size_t at = 0; at < size; at += row) {
      std::copy_n(from + at, row - shift, to + at + shift);
      std::copy_n(from + at + row - shift, shift, to + at);
    }
  } else {
    const Shape whole{size / row, row};
    Places left = Places::all(whole), right = left;
    left.axes[1].size = row - shift;
    right.axes[1].size = shift;
    Moves<P>::template run<Loads>(Loops(left, whole), from, to + shift);
    Moves<P>::template run<Loads>(Loops(right, whole), from + (row - shift), to);
  }
}

}  // namespace duet::tensor
