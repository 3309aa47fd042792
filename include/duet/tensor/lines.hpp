// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>

#include <duet/tensor/line.hpp>
#include <duet/tensor/sum.hpp>

/// Going through a tensor line by line along some of its axes.
namespace duet::tensor {

/// The elements of a shape as lines: one for each place in the axes that are kept, with all elements along the others.
/// Lines are numbered in row-major order of the axes that are kept. Lines of the last axes lie in memory as they are;
/// others are copied, some at a time, so whoever works on a line always sees neighbours.
class Lines {
 public:
  /// Throws ShapeError for axes that are not there, or twice.
  Lines(const std::string& operation, const Shape& shape, const Axes& axes)
      : kept_(kept_shape(operation, shape, axes)), reduced_(reduced_shape(operation, shape, axes)) {
    const Shape steps = steps_of(shape, shape);
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      const bool along = kept_[axis] != shape[axis];
      if (along) size_ *= shape[axis];
      if (!along && shape[axis] != 1) is_contiguous_ = is_contiguous_ && size_ == 1;
    }
    count_ = size_of(kept_);
    if (is_contiguous_) return;
    starts_ = within_ = {0};
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      std::vector<std::size_t>& offsets = kept_[axis] != shape[axis] ? within_ : starts_;
      std::vector<std::size_t> longer;
      longer.reserve(offsets.size() * shape[axis]);
      for (std::size_t offset : offsets) {
        for (std::size_t i = 0; i < shape[axis]; ++i) longer.push_back(offset + i * steps[axis]);
      }
      offsets = std::move(longer);
    }
  }

  /// How many lines there are, and how many elements each has.
  std::size_t count() const { return count_; }
  std::size_t size() const { return size_; }

  /// The shape with size 1 along the lines, and that without these axes.
  const Shape& kept() const { return kept_; }
  const Shape& result_shape(bool keep_dims) const { return keep_dims ? kept_ : reduced_; }

  /// Calls `f(k, in, out)` for each line `k` with pointers to its elements in the arrays `from` and `to`.
  template <class T, std::size_t N, std::size_t M, class F>
  void operator()(const std::array<const T*, N>& from, const std::array<T*, M>& to, const F& f) const {
    if (size_of(kept_) == 0) return;
    std::array<const T*, N> in = from;
    std::array<T*, M> out = to;
    if (is_contiguous_) {
      for (std::size_t k = 0; k < count_; ++k) {
        f(k, in, out);
        for (const T*& line : in) line += size_;
        for (T*& line : out) line += size_;
      }
      return;
    }
    const std::size_t block = std::clamp(std::size_t{4096} / std::max(size_, std::size_t{1}), std::size_t{1}, most);
    std::vector<T> memory((N + M) * block * size_);
    const auto line = [&](std::size_t array, std::size_t b) { return memory.data() + (array * block + b) * size_; };
    for (std::size_t first = 0; first < count_; first += block) {
      const std::size_t lines = std::min(block, count_ - first);
      for (std::size_t j = 0; j < N; ++j) {
        for (std::size_t i = 0; i < size_; ++i) {
          for (std::size_t b = 0; b < lines; ++b) line(j, b)[i] = from[j][starts_[first + b] + within_[i]];
        }
      }
      for (std::size_t b = 0; b < lines; ++b) {
        for (std::size_t j = 0; j < N; ++j) in[j] = line(j, b);
        for (std::size_t j = 0; j < M; ++j) out[j] = line(N + j, b);
        f(first + b, in, out);
      }
      for (std::size_t j = 0; j < M; ++j) {
        for (std::size_t i = 0; i < size_; ++i) {
          for (std::size_t b = 0; b < lines; ++b) to[j][starts_[first + b] + within_[i]] = line(N + j, b)[i];
        }
      }
    }
  }

  /// Calls `f(k, line, in, out)` for lines as batches go through them (line.hpp): `line` is `Along` the line `k`, or
  /// `Across` lines from `k` on.
  template <class T, std::size_t N, std::size_t M, class F>
  void in_batches(const std::array<const T*, N>& from, const std::array<T*, M>& to, const F& f) const {
    constexpr std::size_t lanes = tape::Lanes<T>::size;
    if (is_contiguous_ ? size_ >= 8 * lanes : size_ * lanes > longest_across) {
      (*this)(from, to, [&](std::size_t k, const auto& in, const auto& out) { f(k, Along<T>{size_}, in, out); });
      return;
    }
    std::vector<T> memory((N + M) * lanes * size_);
    std::array<const T*, N> in;
    std::array<T*, M> out;
    for (std::size_t j = 0; j < N; ++j) in[j] = memory.data() + j * lanes * size_;
    for (std::size_t j = 0; j < M; ++j) out[j] = memory.data() + (N + j) * lanes * size_;
    for (std::size_t first = 0; first < count_; first += lanes) {
      const std::size_t lines = std::min(lanes, count_ - first);
      for (std::size_t j = 0; j < N; ++j) gather(from[j], memory.data() + j * lanes * size_, first, lines);
      f(first, Across<T>{size_, lines}, in, out);
      for (std::size_t j = 0; j < M; ++j) scatter(out[j], to[j], first, lines);
    }
  }

  /// Calls `f(k, line)` for each line of one array.
  template <class T, class F>
  void each(const T* x, const F& f) const {
    (*this)(std::array{x}, std::array<T*, 0>{}, [&](std::size_t k, const auto& in, const auto&) { f(k, in[0]); });
  }

 private:
  static constexpr std::size_t most = 16;
  static constexpr std::size_t longest_across = 65536;  ///< in elements: what is copied has to stay in the cache

  std::size_t place(std::size_t line, std::size_t i) const {
    return is_contiguous_ ? line * size_ + i : starts_[line] + within_[i];
  }
  /// Whether so many lines from `first` on lie side by side.
  bool are_neighbours(std::size_t first, std::size_t lines) const {
    return !is_contiguous_ && starts_[first + lines - 1] == starts_[first] + lines - 1;
  }

  /// Copies lines to (element, lane), and back. Lanes without a line are filled with the last one.
  template <class T>
  void gather(const T* from, T* to, std::size_t first, std::size_t lines) const {
    constexpr std::size_t lanes = tape::Lanes<T>::size;
    if (lines == lanes && are_neighbours(first, lanes)) {
      for (std::size_t i = 0; i < size_; ++i) std::copy_n(from + place(first, i), lanes, to + i * lanes);
      return;
    }
    for (std::size_t b = 0; b < lanes; ++b) {
      const std::size_t line = first + std::min(b, lines - 1);
      for (std::size_t i = 0; i < size_; ++i) to[i * lanes + b] = from[place(line, i)];
    }
  }
  template <class T>
  void scatter(const T* from, T* to, std::size_t first, std::size_t lines) const {
    constexpr std::size_t lanes = tape::Lanes<T>::size;
    if (lines == lanes && are_neighbours(first, lanes)) {
      for (std::size_t i = 0; i < size_; ++i) std::copy_n(from + i * lanes, lanes, to + place(first, i));
      return;
    }
    for (std::size_t b = 0; b < lines; ++b) {
      for (std::size_t i = 0; i < size_; ++i) to[place(first + b, i)] = from[i * lanes + b];
    }
  }

  Shape kept_, reduced_;
  std::size_t count_ = 1, size_ = 1;
  bool is_contiguous_ = true;
  std::vector<std::size_t> starts_, within_;
};

/// A single axis, which all shapes but () have.
inline Axes one_axis(const std::string& operation, std::ptrdiff_t axis, const Shape& shape) {
  return Axes(static_cast<std::ptrdiff_t>(axis_of(operation, axis, shape)));
}

}  // namespace duet::tensor
