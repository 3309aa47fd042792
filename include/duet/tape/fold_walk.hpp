// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>

#include <duet/tape/map_record.hpp>

/// How a fold goes through the elements of its ranges and through its items.
namespace duet::tape {

/// Numbers in memory that is left uninitialised where that is possible.
template <class T>
class Scratch {
 public:
  explicit Scratch(std::size_t count) : count_(count) {
    if constexpr (Memory<T>::plain) {
      buffer_.room(count);
    } else {
      buffer_.extend(count, T(0));
    }
  }
  T* data() { return buffer_.data(); }
  const T* data() const { return buffer_.data(); }
  void clear() { std::fill_n(buffer_.data(), count_, T(0)); }

 private:
  Buffer<T> buffer_;
  std::size_t count_;
};

/// Goes through elements a group of batches at a time, and through `steps` items. The variables of `C` are the leaves
/// of the state, of an item and of the other arguments; the parameters those of an item and of the others. A group that
/// is not full is filled up with its last element, whose copies have derivatives of zero.
template <class T, class C, class Initial, class Items, class... A>
class FoldWalk {
  using B = Lanes<T>;
  using Batch = typename B::type;
  using First = Layout<T, Initial>;
  using Item = Layout<T, Items>;
  using Other = Layout<T, A...>;
  static constexpr int n = C::variables, m = C::outputs, p = C::parameters;

 public:
  /// As many batches as hide that each step waits for the one before, and still fit into registers.
  static constexpr int batches = 4;
  static constexpr std::size_t width = batches * B::size;
  static constexpr int of_item = Item::leaves(true);

  static constexpr bool is_mapped_variable(int j) {
    return j < m ? starts_varying && First::variables[j] : j >= m + of_item && Other::variables[j - m - of_item];
  }
  static constexpr bool is_shared_variable(int j) {
    return j < m ? starts_varying && !First::variables[j] : j >= m + of_item && !Other::variables[j - m - of_item];
  }

  /// Where the plain numbers are: `of_mapped` leaves have one for each element, those of items one for each step.
  struct Numbers {
    const T* at[m + p]{};

    Numbers() = default;
    /// Those of a record.
    Numbers(const T* numbers, std::size_t count, std::size_t steps) {
      for (int k = 0; k < starting + p; ++k) {
        at[k] = numbers;
        numbers += k >= starting && k < starting + item_numbers ? steps : is_mapped_number(k) ? count : 1;
      }
    }
  };

  FoldWalk(const T* values, const Key* row, const Numbers& numbers, std::size_t count, std::size_t steps, bool back)
      : values_(values), numbers_(numbers), count_(count), steps_(steps), back_(back), items_(steps * item_leaves) {
    for (int j = starts_varying ? 0 : m; j < n; ++j) {
      cursors_[j] = Cursor(row + 1);
      row += 1 + row[0];
    }
    T* to = items_.data();
    for (int j = 0; j < item_leaves && steps > 0; ++j, to += steps) {
      if (j < of_item) {
        T* next = to;
        Cursor(cursors_[m + j]).pass(steps, [&](std::ptrdiff_t at, std::size_t piece) {
          next = std::copy_n(values_ + at, piece, next);
        });
      } else {
        std::copy_n(numbers_.at[starting + j - of_item], steps, to);
      }
      if (back) std::reverse(to, to + steps);
    }
  }

  /// What comes after the stretches in a row.
  static const Key* after(const Key* row) {
    for (int j = starts_varying ? 0 : m; j < n; ++j) row += 1 + row[0];
    return row;
  }

  std::size_t steps() const { return steps_; }
  /// The first element of the group.
  std::size_t at() const { return at_; }

  /// Goes on to the next group, the first one at first.
  bool next() {
    for (int j = 0; j < n; ++j) {
      if (is_mapped_variable(j)) cursors_[j].pass(size_, [](std::ptrdiff_t, std::size_t) {});
    }
    at_ += size_;
    size_ = std::min(width, count_ - at_);
    return size_ > 0;
  }

  /// Loads what a group begins with: states, variables and numbers of the elements.
  [[gnu::always_inline]] void load(auto& x, auto& q) {
    tree::for_each_index<n>([&](auto j) __attribute__((always_inline)) {
      if constexpr (j < m && !starts_varying) {
        load_number<j>([&](auto b) -> Batch& { return x[b][j]; });
      } else if constexpr (is_mapped_variable(j)) {
        spread(variables_of_group(cursors_[j]), [&](auto b) -> Batch& { return x[b][j]; });
      } else if constexpr (is_shared_variable(j)) {
        tree::for_each_index<batches>([&](auto b) { x[b][j] = Batch(values_[cursors_[j].at()]); });
      }
    });
    tree::for_each_index<p - item_numbers>([&](auto k) __attribute__((always_inline)) {
      load_number<starting + item_numbers + k>([&](auto b) -> Batch& { return q[b][item_numbers + k]; });
    });
  }

  /// Loads the item of step `k`.
  [[gnu::always_inline]] void load_item(std::size_t k, auto& x, auto& q) const {
    tree::for_each_index<item_leaves>([&](auto j) __attribute__((always_inline)) {
      const Batch item(items_.data()[static_cast<std::size_t>(j) * steps_ + k]);
      tree::for_each_index<batches>([&](auto b) __attribute__((always_inline)) {
        if constexpr (j < of_item) {
          x[b][m + j] = item;
        } else {
          q[b][j - of_item] = item;
        }
      });
    });
  }

  /// Loads the derivatives with respect to the group's results; false if all are zeros.
  [[gnu::always_inline]] bool load_seeds(const T* adjoints, auto& w) {
    bool any = false;
    tree::for_each_index<m>([&](auto i) __attribute__((always_inline)) {
      const T* from = adjoints + static_cast<std::size_t>(i) * count_ + at_;
      if (size_ < width) {
        std::fill(std::copy_n(from, size_, few_), few_ + width, T(0));
        from = few_;
      }
      tree::for_each_index<batches>([&](auto b) __attribute__((always_inline)) {
        w[b][i] = B::load(from + b * B::size);
        any = any || !B::is_zero(w[b][i]);
      });
    });
    return any;
  }

  /// Writes the batches of a group to the memory of its elements.
  void write(T* to, const auto& batch) {
    T* const room = size_ < width ? few_ : to;
    tree::for_each_index<batches>([&](auto b) { B::store(room + b * B::size, batch(b)); });
    if (size_ < width) std::copy_n(few_, size_, to);
  }

  /// Adds derivatives with respect to leaf `J` of the elements.
  template <int J>
  void add(T* adjoints, const auto& batch) {
    tree::for_each_index<batches>([&](auto b) { B::store(few_ + b * B::size, batch(b)); });
    add_all(adjoints, cursors_[J], few_, size_);
  }
  template <int J>
  void add_shared(T* adjoints, const T& derivative) const {
    T& adjoint = adjoints[cursors_[J].at()];
    adjoint = adjoint + derivative;
  }
  /// Adds the sums of the derivatives with respect to items: a batch for each of their leaves, step by step.
  void add_items(T* adjoints, const T* batches_of_items) {
    if (steps_ == 0) return;
    Scratch<T> sums(steps_);
    for (int j = 0; j < of_item; ++j) {
      for (std::size_t k = 0; k < steps_; ++k) {
        const T* const batch = batches_of_items + (k * of_item + static_cast<std::size_t>(j)) * B::size;
        sums.data()[back_ ? steps_ - 1 - k : k] = B::sum(B::load(batch));
      }
      add_all(adjoints, cursors_[m + j], sums.data(), steps_);
    }
  }

  /// Calls `f(offset)` for each variable that the recurrence of element `k` reads; elements are asked for in order.
  void each_input(std::size_t k, const auto& f) {
    for (int j = starts_varying ? 0 : m; j < n; ++j) {
      if (j >= m && j < m + of_item) {
        for (Cursor items(cursors_[j]); items.left() > 0;) {
          items.pass(1, [&](std::ptrdiff_t at, std::size_t) { f(at); });
        }
      } else {
        f(cursors_[j].at());
        if (is_mapped_variable(j) && k + 1 < count_) cursors_[j].pass(1, [](std::ptrdiff_t, std::size_t) {});
      }
    }
  }

 private:
  static constexpr bool starts_varying = First::leaves(true) > 0;
  /// How many plain numbers the initial state has, and an item.
  static constexpr int starting = First::leaves(false), item_numbers = Item::leaves(false);
  static constexpr int item_leaves = of_item + item_numbers;

  /// Whether number `k` of initial state, items and others, after which come those that were captured, is mapped.
  static constexpr bool is_mapped_number(int k) {
    const int other = k - starting - item_numbers;
    return k < starting ? First::numbers[k] : other >= 0 && other < Other::leaves(false) && Other::numbers[other];
  }

  template <int K>
  [[gnu::always_inline]] void load_number(const auto& to) {
    if constexpr (is_mapped_number(K)) {
      spread(size_ == width ? numbers_.at[K] + at_ : filled(numbers_.at[K] + at_, few_), to);
    } else {
      tree::for_each_index<batches>([&](auto b) { to(b) = Batch(*numbers_.at[K]); });
    }
  }
  [[gnu::always_inline]] static void spread(const T* from, const auto& to) {
    tree::for_each_index<batches>([&](auto b) __attribute__((always_inline)) { to(b) = B::load(from + b * B::size); });
  }

  const T* variables_of_group(const Cursor& cursor) {
    if (size_ == width && cursor.left() >= width) return values_ + cursor.at();
    T* to = few_;
    Cursor(cursor).pass(size_,
                        [&](std::ptrdiff_t at, std::size_t piece) { to = std::copy_n(values_ + at, piece, to); });
    return filled(few_, few_);
  }
  const T* filled(const T* from, T* to) const {
    if (from != to) std::copy_n(from, size_, to);
    std::fill(to + size_, to + width, to[size_ - 1]);
    return to;
  }

  static void add_all(T* adjoints, Cursor cursor, const T* from, std::size_t count) {
    cursor.pass(count, [&](std::ptrdiff_t at, std::size_t piece) {
      for (std::size_t k = 0; k < piece; ++k, ++from)
        adjoints[at + static_cast<std::ptrdiff_t>(k)] = adjoints[at + static_cast<std::ptrdiff_t>(k)] + *from;
    });
  }

  const T* values_;
  Numbers numbers_;
  std::size_t count_, steps_;
  bool back_;
  Scratch<T> items_;  // all of a leaf, in the order of the steps
  Cursor cursors_[n];
  std::size_t at_ = 0, size_ = 0;
  T few_[width]{};
};

}  // namespace duet::tape
