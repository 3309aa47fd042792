// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>

#include <duet/tape/each.hpp>
#include <duet/tape/stretch.hpp>
#include <duet/tape/unset.hpp>

/// How a map goes through the elements of its ranges: in blocks, and through these in SIMD batches.
namespace duet::tape {

/// The elements of a block, about: so many that what is done for each block does not count, and that the derivatives
/// with respect to `n` leaves stay in the nearest cache.
template <class T, int n>
inline constexpr std::size_t block_size = (n <= 4 ? 64 : 32) * Lanes<T>::size;

/// Goes through `n` leaves of variables and `p` other numbers. `L` tells which of them are mapped: `L::variables[j]`,
/// `L::is_mapped(k)`; the others are shared by all elements.
///
/// A leaf that does not lie together throughout a block is copied, so that all batches are alike. The last batch of a
/// block reaches back over elements that were in the one before, to be full; a block that is shorter than a batch is
/// filled up with its last element.
template <class T, class L, int n, int p>
class MapWalk {
  using B = Lanes<T>;

 public:
  using Batch = typename B::type;

  /// The elements of a block, and at most.
  static constexpr std::size_t most = block_size<T, n>, room = most + B::size;

  /// A batch: it begins at element `at` of the block that begins at element `block`. Those of its lanes count that are
  /// elements and were not in the batch before.
  struct Place {
    std::size_t block, at;
    typename B::Mask counted;
    std::size_t element() const { return block + at; }
  };

  /// `values` is where offset 0 of the variables lies, `row` has the stretches of each leaf, `numbers` points to the
  /// other numbers.
  MapWalk(const T* values, const Key* row, const T* const* numbers, std::size_t count)
      : values_(values), numbers_(numbers), count_(count) {
    for (int j = 0; j < n; ++j) {
      const Key words = *row++;
      cursors_[j] = Cursor(row);
      row += words;
    }
  }

  /// Calls `each(place, v, q)` for every batch, with rows of the leaves and of the other numbers, and `done(size)`
  /// after every block; blocks for which `wanted(block, size)` is false are passed over. The rows are variables of this
  /// function so that compilers keep them in registers.
  [[gnu::always_inline]] void operator()(const auto& each, const auto& done, const auto& wanted) {
    Batch v[n > 0 ? n : 1], q[p > 0 ? p : 1];
    const T *leaf[n > 0 ? n : 1], *number[p > 0 ? p : 1];
    for (int j = 0; j < n; ++j) {
      if (!L::variables[j]) v[j] = Batch(values_[cursors_[j].at()]);
    }
    for (int k = 0; k < p; ++k) {
      if (!L::is_mapped(k)) q[k] = Batch(*numbers_[k]);
    }
    for (std::size_t block = 0, size = 0; block < count_; block += size) {
      size = count_ - block <= room ? count_ - block : most;
      if (!wanted(block, size)) {
        pass(size);
        continue;
      }
      for (int j = 0; j < n; ++j) {
        if (L::variables[j]) leaf[j] = leaf_of_block(j, size);
      }
      for (int k = 0; k < p; ++k) {
        if (L::is_mapped(k)) number[k] = number_of_block(k, block, size);
      }
      // full batches, then what is left, in one loop so that it is compiled once
      std::size_t end = std::max(size - size % B::size, B::size);
      for (Place place{block, 0, B::mask(0, size)};;) {
        // Else compilers make one loop of both, out of which they move nothing: maps take a tenth longer, and with the
        // end from a function that is not inlined up to 1.8 times as long, as batches leave their registers for the
        // call.
        asm volatile("" : "+r"(end));
        for (; place.at < end; place.at += B::size) {
          for (int j = 0; j < n; ++j) {
            if (L::variables[j]) v[j] = B::load(leaf[j] + place.at);
          }
          for (int k = 0; k < p; ++k) {
            if (L::is_mapped(k)) q[k] = B::load(number[k] + place.at);
          }
          each(place, tree::Leaves<Batch, n>{v}, tree::Leaves<Batch, p>{q});
        }
        if (end >= size) break;
        place.at = size - B::size;
        place.counted = B::mask(end - place.at, B::size);
        end = size;
      }
      done(size);
      pass(size);
    }
  }

  /// Where leaf `j` is in this block.
  const Cursor& cursor(int j) const { return cursors_[j]; }

 private:
  [[gnu::always_inline]] void pass(std::size_t size) {
    for (int j = 0; j < n; ++j) {
      if (L::variables[j]) cursors_[j].pass(size, [](std::ptrdiff_t, std::size_t) {});
    }
  }
  [[gnu::always_inline]] const T* leaf_of_block(int j, std::size_t size) {
    return cursors_[j].left() >= size && size >= B::size ? values_ + cursors_[j].at() : pack(j, size);
  }
  [[gnu::always_inline]] const T* number_of_block(int k, std::size_t block, std::size_t size) {
    return size >= B::size ? numbers_[k] + block : fill(rest_[k], numbers_[k] + block, size);
  }
  [[gnu::noinline]] const T* pack(int j, std::size_t size) {
    T* to = packed_[j];
    Cursor(cursors_[j]).pass(size, [&](std::ptrdiff_t at, std::size_t piece) {
      to = std::copy_n(values_ + at, piece, to);
    });
    for (std::size_t k = size; k < B::size; ++k) *to++ = packed_[j][size - 1];
    return packed_[j];
  }
  static const T* fill(T* to, const T* from, std::size_t size) {
    for (std::size_t k = 0; k < B::size; ++k) to[k] = from[k < size ? k : size - 1];
    return to;
  }

  const T* values_;
  const T* const* numbers_;
  std::size_t count_;
  Cursor cursors_[n > 0 ? n : 1];
  T packed_[n > 0 ? n : 1][room];
  T rest_[p > 0 ? p : 1][B::size];
};

/// Adds rows of numbers to others, all of them in one pass.
template <class T>
class AddRows {
  using B = Lanes<T>;

 public:
  static constexpr int most = 4;

  /// Adds the first `size` elements of `rows` rows to those at `to`, of which only the first `known` have values: the
  /// others are set.
  static void add(int rows, T* to, const T* const* from, std::size_t known, std::size_t size) {
    switch (rows) {
      case 1:
        return add<1>(to, from, known, size);
      case 2:
        return add<2>(to, from, known, size);
      case 3:
        return add<3>(to, from, known, size);
      default:
        return add<most>(to, from, known, size);
    }
  }

 private:
  template <int rows>
  static void add(T* to, const T* const* from_rows, std::size_t known, std::size_t size) {
    const T* from[rows];
    std::copy_n(from_rows, rows, from);
    const auto sum_at = [&](std::size_t k) __attribute__((always_inline)) {
      typename B::type sum = B::load(from[0] + k);
      for (int row = 1; row < rows; ++row) sum = sum + B::load(from[row] + k);
      return sum;
    };
    const auto add_one = [&](std::size_t k, T sum) {
      for (int row = 0; row < rows; ++row) sum = sum + from[row][k];
      to[k] = sum;
    };
    std::size_t k = 0;
    for (; k + B::size <= known; k += B::size) B::store(to + k, B::load(to + k) + sum_at(k));
    for (; k < known; ++k) add_one(k, to[k]);
    for (; k + B::size <= size; k += B::size) B::store(to + k, sum_at(k));
    for (; k < size; ++k) add_one(k, T(0));
  }
};

/// Collects the derivatives with respect to the mapped ones of `n` leaves of variables over a block, and then adds them
/// to where they belong. Leaves often are the same variables a little shifted; such are added in one pass, and a batch
/// is not read right after one that it overlaps was written, which processors are slow at.
template <class T, class L, int n>
class MapSums {
  using B = Lanes<T>;
  static constexpr std::size_t room = block_size<T, n> + B::size;
  /// Leaves that lie at most as far apart are added together, as many of them.
  static constexpr std::ptrdiff_t reach = 8;
  static constexpr int together = AddRows<T>::most;

 public:
  MapSums() {
    for (auto& row : sums_) std::fill_n(row, reach, T(0));
  }

  /// Keeps the derivative with respect to leaf `j` of the batch at element `at` of the block.
  [[gnu::always_inline]] void put(int j, std::size_t at, const typename B::type& x) {
    B::store(sums_[j] + reach + at, x);
  }

  /// Adds those of a block of `size` elements.
  void add(T* adjoints, Unset<T>& unset, const auto& walk, std::size_t size) {
    bool added[n > 0 ? n : 1]{};
    for (int j = 0; j < n; ++j) {
      if (!L::variables[j] || added[j]) continue;
      if (walk.cursor(j).left() < size) {
        add_pieces(adjoints, unset, walk.cursor(j), sums_[j] + reach, size);
        continue;
      }
      std::ptrdiff_t low = walk.cursor(j).at(), high = low;
      int members[together] = {j}, count = 1;
      for (int k = j + 1; k < n && count < together; ++k) {
        if (!L::variables[k] || added[k] || walk.cursor(k).left() < size) continue;
        const std::ptrdiff_t at = walk.cursor(k).at();
        if (std::max(high, at) - std::min(low, at) > reach) continue;
        low = std::min(low, at);
        high = std::max(high, at);
        added[k] = true;
        members[count++] = k;
      }
      const T* from[together];
      for (int k = 0; k < count; ++k) {
        if (high > low) std::fill_n(sums_[members[k]] + reach + size, reach, T(0));
        from[k] = sums_[members[k]] + reach - (walk.cursor(members[k]).at() - low);
      }
      add(count, adjoints + low, unset, from, size + static_cast<std::size_t>(high - low));
    }
  }

 private:
  static void add(int rows, T* to, Unset<T>& unset, const T* const* from, std::size_t size) {
    AddRows<T>::add(rows, to, from, unset.reach(to, size), size);
  }
  [[gnu::noinline]] static void add_pieces(T* adjoints, Unset<T>& unset, Cursor cursor, const T* from,
                                           std::size_t size) {
    cursor.pass(size, [&](std::ptrdiff_t at, std::size_t piece) {
      add(1, adjoints + at, unset, &from, piece);
      from += piece;
    });
  }

  alignas(64) T sums_[n > 0 ? n : 1][reach + room + reach];  // so that no batch lies in two lines of the cache
};

}  // namespace duet::tape
