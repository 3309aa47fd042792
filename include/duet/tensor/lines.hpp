// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>

#include <duet/tensor/by_line.hpp>
#include <duet/tensor/line_layout.hpp>

/// Working on arrays line by line along some of their axes.
namespace duet::tensor {

/// How a place works on lines. A place specialises this:
/// `run(lines, algorithm, from, to)` calls `algorithm(line, in, out)` for each line, or for several at a time, where
/// `in` and `out` are the lines in the arrays `from` and `to`, and `line` knows how to go through them (line.hpp).
/// Numbers of lines are arrays that the algorithm has as members; `line` reads and writes them.
template <class P>
struct LineWork;

/// An algorithm on lines in main memory.
template <class Algorithm, class T, std::size_t N, std::size_t M>
class HostLines {
 public:
  HostLines(const LineLayout& layout, const Algorithm& algorithm, const std::array<const T*, N>& from,
            const std::array<T*, M>& to)
      : layout_(layout), algorithm_(algorithm), from_(from), to_(to) {}

  /// Works on the lines from `first` to `last`.
  void run(std::size_t first, std::size_t last) const {
    const std::size_t size = layout_.size, step = layout_.elements.step(), row = layout_.lines.row();
    const bool simple = layout_.elements.count <= 1;
    if (simple && (step == 1 || size == 1) && size >= 8 * lanes) return along(first, last);
    if (N + M == 0) return side_by_side(first, last, layout_.count);
    if (simple && layout_.lines.step() == 1 && row >= 2 * lanes) return side_by_side(first, last, row);
    if (size * lanes <= longest_across) {
      Copies copies(*this, lanes);
      for (std::size_t k = first; k < last; k += lanes) copied_across(copies, k, std::min(lanes, last - k));
    } else {
      Copies copies(*this, 1);
      for (std::size_t k = first; k < last; ++k) copied_along(copies, k);
    }
  }

 private:
  using In = std::array<const T*, N>;
  using Out = std::array<T*, M>;
  using B = tape::Lanes<T>;
  static constexpr std::size_t lanes = B::size;
  static constexpr std::size_t longest_across = 65536;  ///< in elements: what is copied has to stay in the cache

  In in_at(std::size_t place) const {
    In in = from_;
    for (const T*& line : in) line += place;
    return in;
  }
  Out out_at(std::size_t place) const {
    Out out = to_;
    for (T*& line : out) line += place;
    return out;
  }

  void along(std::size_t first, std::size_t last) const {
    for (std::size_t k = first; k < last; ++k) {
      const std::size_t place = layout_.lines[k];
      algorithm_(Along<T>{layout_.size, k}, in_at(place), out_at(place));
    }
  }

  /// Lines of which so many neighbours lie side by side.
  void side_by_side(std::size_t first, std::size_t last, std::size_t row) const {
    std::unique_ptr<Copies> copies;
    for (std::size_t k = first; k < last;) {
      const std::size_t lines = std::min({lanes, row - k % row, last - k});
      if (lines == lanes) {
        const std::size_t place = layout_.lines[k];
        algorithm_(Across<T>{layout_.size, layout_.elements.step(), k, lanes}, in_at(place), out_at(place));
      } else {
        if (!copies) copies = std::make_unique<Copies>(*this, lanes);
        copied_across(*copies, k, lines);
      }
      k += lines;
    }
  }

  /// Room for copies of some lines, and where their elements are.
  struct Copies {
    Copies(const HostLines& work, std::size_t lines) : memory((N + M) * lines * work.layout_.size) {
      const AxisLoops& elements = work.layout_.elements;
      const std::size_t size = work.layout_.size;
      if (elements.count > 1) {
        for (std::size_t i = 0; i < size; ++i) places.push_back(elements[i]);
      }
      for (std::size_t j = 0; j != N; ++j) in[j] = memory.data() + j * lines * size;
      for (std::size_t j = 0; j != M; ++j) out[j] = memory.data() + (N + j) * lines * size;
    }
    std::vector<std::size_t> places;  ///< none if they are evenly spaced
    std::vector<T> memory;
    In in;
    Out out;
  };

  /// Calls `copy(i, place)` for the elements of a line.
  template <class F>
  void for_elements(const Copies& copies, const F& copy) const {
    const std::size_t step = layout_.elements.step();
    if (!copies.places.empty()) {
      for (std::size_t i = 0; i < layout_.size; ++i) copy(i, copies.places[i]);
    } else if (step == 1) {
      for (std::size_t i = 0; i < layout_.size; ++i) copy(i, i);
    } else {
      for (std::size_t i = 0; i < layout_.size; ++i) copy(i, i * step);
    }
  }

  /// An element of each line. It is stored at once, since the processor is slow to load at once what was stored apart.
  template <std::size_t... Lane>
  [[gnu::always_inline]] static typename B::type together(const T* const* lines, std::size_t place,
                                                          std::index_sequence<Lane...>) {
    return typename B::type{lines[Lane][place]...};
  }

  /// Lines copied to (element, lane), and back. Lanes without a line are filled with the last one.
  void copied_across(Copies& copies, std::size_t k, std::size_t lines) const {
    std::size_t starts[lanes];
    for (std::size_t b = 0; b < lanes; ++b) starts[b] = layout_.lines[k + std::min(b, lines - 1)];
    for (std::size_t j = 0; j != N; ++j) {
      const T* in[lanes];
      for (std::size_t b = 0; b < lanes; ++b) in[b] = from_[j] + starts[b];
      T* const to = copies.memory.data() + j * lanes * layout_.size;
      for_elements(copies, [&](std::size_t i, std::size_t place) {
        B::store(to + i * lanes, together(in, place, std::make_index_sequence<lanes>()));
      });
    }
    algorithm_(Across<T>{layout_.size, lanes, k, lines}, copies.in, copies.out);
    for (std::size_t b = 0; b < lines; ++b) {
      const Out out = out_at(starts[b]);
      for (std::size_t j = 0; j != M; ++j) {
        const T* const from = copies.out[j] + b;
        for_elements(copies, [&](std::size_t i, std::size_t place) { out[j][place] = from[i * lanes]; });
      }
    }
  }

  void copied_along(Copies& copies, std::size_t k) const {
    const In in = in_at(layout_.lines[k]);
    const Out out = out_at(layout_.lines[k]);
    for (std::size_t j = 0; j != N; ++j) {
      T* const to = copies.memory.data() + j * layout_.size;
      for_elements(copies, [&](std::size_t i, std::size_t place) { to[i] = in[j][place]; });
    }
    algorithm_(Along<T>{layout_.size, k}, copies.in, copies.out);
    for (std::size_t j = 0; j != M; ++j) {
      for_elements(copies, [&](std::size_t i, std::size_t place) { out[j][place] = copies.out[j][i]; });
    }
  }

  const LineLayout& layout_;
  const Algorithm& algorithm_;
  In from_;
  Out to_;
};

template <>
struct LineWork<Host> {
  template <class Algorithm, class T, std::size_t N, std::size_t M>
  static void run(const Lines& lines, const Algorithm& algorithm, const std::array<const T*, N>& from,
                  const std::array<T*, M>& to) {
    HostLines<Algorithm, T, N, M>(lines.layout(), algorithm, from, to).run(0, lines.count());
  }
};

/// A number for each line of `x`, as an array of this shape: `fold(line, elements)`.
template <class T, class P, class Fold>
Tensor<T, P> folded(const Tensor<T, P>& x, const Lines& lines, const Shape& shape, const Fold& fold) {
  Tensor<T, P> y = Tensor<T, P>::uninitialized(shape);
  const by_line::Reduction<Fold, T> reduction{fold, y.data()};
  LineWork<P>::run(lines, reduction, std::array{x.data()}, std::array<T*, 0>{});
  return y;
}

/// The tensor whose lines along an axis an algorithm makes of those of `inputs`, which have the same shape.
template <class T, class P, std::size_t N, class Algorithm>
Tensor<T, P> line_by_line(const char* name, const std::array<const Tensor<T, P>*, N>& inputs, const Axes& axis,
                          const Algorithm& algorithm) {
  Tensor<T, P> y = Tensor<T, P>::uninitialized(inputs[0]->shape());
  if (y.size() == 0) return y;
  std::array<const T*, N> from;
  for (std::size_t k = 0; k < N; ++k) from[k] = inputs[k]->data();
  LineWork<P>::run(Lines(name, y.shape(), axis), algorithm, from, std::array{y.data()});
  return y;
}

}  // namespace duet::tensor
