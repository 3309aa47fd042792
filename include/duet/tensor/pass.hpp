// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/kernel.hpp>
#include <duet/tensor/place.hpp>

/// What statements are carried out with: a compiled graph on every element of some arrays, in one pass over memory.
namespace duet::tensor {

/// `N` arrays and `Q` numbers that all elements share go in, `M` arrays come out, which are overwritten.
template <class T, int N, int Q, int M>
struct Pass {
  const Shape* whole;            ///< the shape to which all arrays broadcast
  const T* from[N > 0 ? N : 1];  ///< null: the graph does not depend on its elements
  const Shape* from_shape[N > 0 ? N : 1];
  const T* numbers;
  T* to[M];                  ///< null: nobody wants it
  const Shape* to_shape[M];  ///< where it is smaller than the whole, elements are summed
  int first[M];              ///< the first result that goes to the same array, k itself if no other: they are added up
};

/// How a place carries out passes. A place specialises this.
template <class P>
struct Elements;

/// The sum of `size` elements, in several accumulators.
template <class T>
T sum_of(const T* x, std::size_t size) {
  using B = tape::Lanes<T>;
  T sum = 0;
  std::size_t i = 0;
  if (size >= 4 * B::size) {
    typename B::type a(T(0)), b(T(0)), c(T(0)), d(T(0));
    for (; i + 4 * B::size <= size; i += 4 * B::size) {
      a = a + B::load(x + i);
      b = b + B::load(x + i + B::size);
      c = c + B::load(x + i + 2 * B::size);
      d = d + B::load(x + i + 3 * B::size);
    }
    sum = B::sum((a + b) + (c + d));
  }
  for (; i < size; ++i) sum += x[i];
  return sum;
}

/// Adds a stretch of elements to where they belong: each to one of its own, or all to the same.
template <class T>
void add_stretch(T* to, bool moves, const T* from, std::size_t size) {
  if (!moves) {
    *to += sum_of(from, size);
    return;
  }
  for (std::size_t i = 0; i < size; ++i) to[i] += from[i];
}

/// The arrays of a pass as they are gone through, row by row.
template <class Maker, class T, int N, int Q, int M>
class HostPass {
  using Compiled = Kernel<Maker, T, N, Q, M>;

 public:
  explicit HostPass(const Pass<T, N, Q, M>& pass) : pass_(pass), walk_(*pass.whole, shapes()) {
    for (int k = 0; k < N + extra_; ++k) moves_[k] = walk_.moves(static_cast<std::size_t>(k));
    for (int k = 0; k < N; ++k) reads_[k] = moves_[k] && pass.from[k];
    const std::size_t size = size_of(*pass.whole);
    for (int k = 0; k < M; ++k) {
      if (pass.to[k] && size_of(*pass.to_shape[k]) != size) sums_[k] = true;
      adds_[k] = sums_[k] || pass.first[k] < k;
      direct_ = direct_ && !adds_[k];
      if (k < 64 && pass.to[k] && !adds_[k] && size * sizeof(T) >= large) streams_ |= std::uint64_t{1} << k % 64;
    }
  }

  /// Carries the pass out.
  void run() {
    for (int k = 0; k < M; ++k) {
      if (pass_.to[k] && sums_[k] && pass_.first[k] == k) std::fill_n(pass_.to[k], size_of(*pass_.to_shape[k]), T(0));
    }
    walk_([&](const Walk::Offsets& offsets) {
      const std::size_t piece = direct_ ? walk_.row() : std::min(stretch, walk_.row());
      for (std::size_t first = 0; first < walk_.row(); first += piece) {
        work_on(offsets, first, std::min(piece, walk_.row() - first));
      }
    });
    if (streams_ != 0) simd::end_streams();
  }

 private:
  /// The elements that are worked on at once where results are summed; they stay in the cache.
  static constexpr std::size_t stretch = 512;
  /// From this size on, in bytes, results go past the caches, where they would not stay until they are needed.
  static constexpr std::size_t large = std::size_t{1} << 24;

  /// The arrays that go in, and those of other shapes that come out.
  std::vector<const Shape*> shapes() {
    std::vector<const Shape*> list(pass_.from_shape, pass_.from_shape + N);
    list.reserve(static_cast<std::size_t>(N + M));
    for (int k = 0; k < M; ++k) {
      like_[k] = static_cast<int>(std::find(list.begin(), list.end(), pass_.to_shape[k]) - list.begin());
      if (like_[k] == N + extra_) {
        list.push_back(pass_.to_shape[k]);
        ++extra_;
      }
    }
    return list;
  }

  void work_on(const Walk::Offsets& offsets, std::size_t first, std::size_t size) {
    static constexpr T unused = 0;
    const auto here = [&](int k) { return offsets[static_cast<std::size_t>(k)] + (moves_[k] ? first : 0); };
    typename Compiled::Arrays a;
    for (int k = 0; k < N; ++k) a.from[k] = pass_.from[k] ? pass_.from[k] + here(k) : &unused;
    for (int k = 0; k < M; ++k) {
      a.to[k] = !pass_.to[k] ? nullptr : adds_[k] ? buffer_[k] : pass_.to[k] + here(like_[k]);
      const bool aligned = reinterpret_cast<std::uintptr_t>(a.to[k]) % sizeof(typename tape::Lanes<T>::type) == 0;
      if (k < 64 && streams_ >> k % 64 & 1 && aligned) a.streams |= std::uint64_t{1} << k % 64;
    }
    Compiled::row(a, reads_, pass_.numbers, size);
    for (int k = 0; k < M; ++k) {
      if (pass_.to[k] && adds_[k]) add_stretch(pass_.to[k] + here(like_[k]), moves_[like_[k]], buffer_[k], size);
    }
  }

  const Pass<T, N, Q, M>& pass_;
  int like_[M], extra_ = 0;
  std::uint64_t streams_ = 0;
  Walk walk_;
  bool moves_[N + M], reads_[N > 0 ? N : 1], sums_[M]{}, adds_[M], direct_ = true;
  T buffer_[M][stretch];
};

template <>
struct Elements<Host> {
  template <class Maker, class T, int N, int Q, int M>
  static void run(const Pass<T, N, Q, M>& pass) {
    HostPass<Maker, T, N, Q, M>(pass).run();
  }
};

}  // namespace duet::tensor
