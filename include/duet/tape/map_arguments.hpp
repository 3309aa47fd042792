// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <list>
#include <ranges>

#include <duet/tape/each.hpp>
#include <duet/tape/flat.hpp>
#include <duet/tape/stretch.hpp>
#include <duet/tape/varying.hpp>

/// How the arguments of maps become rows of variables and numbers of a record.
namespace duet::tape {

/// The number of elements of the mapped arguments, which must agree.
template <class... A>
std::size_t common_count(const A&... a) {
  static_assert((Argument<A>::mapped || ...), "duet: map needs a range to go through; mark it with each(...)");
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t count = none;
  const auto agree = [&](bool mapped, std::size_t own) {
    if (!mapped) return;
    if (count != none && own != count) {
      throw Error("duet: map goes through ranges of different lengths, " + std::to_string(count) + " and " +
                  std::to_string(own));
    }
    count = own;
  };
  (agree(Argument<A>::mapped, Argument<A>::count(a)), ...);
  return count;
}

/// A structure like `S` with `leaf(k)` as leaf k.
template <class S>
auto built(const auto& leaf) {
  using X = decltype(leaf(std::size_t{0}));
  std::array<X, static_cast<std::size_t>(tree::leaves<S>)> leaves;
  for (std::size_t k = 0; k < leaves.size(); ++k) leaves[k] = leaf(k);
  return tree::build<S>(tree::Leaves<X, tree::leaves<S>>{leaves.data()});
}

/// For numbers of type `T`.
template <class T>
struct MapArguments {
  /// Points to the leaves of a plain argument, which are copied if they don't lie one after the other.
  template <class X>
  static void point(const T**& at, std::list<std::vector<T>>& copies, const X& x) {
    using E = element_of<X>;
    if constexpr (is_numeric<E>) {
      tree::for_each_index<tree::leaves<E>>([&](auto k) {
        if constexpr (!Argument<X>::mapped) {
          *at++ = copies.emplace_back(1, T(tree::leaf<k>(x))).data();
        } else if constexpr (std::same_as<E, T>) {
          *at++ = x.range.data();
        } else {
          std::vector<T>& copy = copies.emplace_back();
          for (const E& element : x.range) copy.push_back(T(tree::leaf<k>(element)));
          *at++ = copy.data();
        }
      });
    }
  }

  /// Appends the stretches of an argument's leaves: for each leaf how many words follow, a word to spare, then pairs of
  /// the key of the first variable and a count. Passive numbers become variables.
  template <class X>
  static void write_stretches(DynamicTape<T>& tape, std::vector<Key>& row, const X& x) {
    if constexpr (varies<T, element_of<X>>) {
      tree::for_each_index<tree::leaves<element_of<X>>>([&](auto leaf) {
        const std::size_t head = row.size();
        row.resize(head + 2);
        if constexpr (requires { x.range->runs(); }) {
          for (const auto& run : x.range->runs()) write_stretch(tape, row, run.first, run.count);
        } else if constexpr (Argument<X>::mapped) {
          for (std::size_t i = 0; i < x.range.size();) {
            const Var<T> start(tree::leaf<leaf>(x.range[i]));
            const Key first = start.key();
            const std::size_t end = first == 0 ? i + 1 : end_of_stretch(i, x.range.size(), first, [&](std::size_t k) {
              return Var<T>(tree::leaf<leaf>(x.range[k])).key();
            });
            write_stretch(tape, row, first != 0 ? first : tape.make(start.primal()), end - i);
            i = end;
          }
        } else {
          const Var<T> own(tree::leaf<leaf>(x));
          write_stretch(tape, row, own.is_recorded() ? own.key() : tape.make(own.primal()), 1);
        }
        row[head] = row.size() - head - 2;
      });
    }
  }
  /// Makes the stretches relative to the variable that is made next: a word each, and one that ends a leaf's, since it
  /// is looked at when the last of them has been gone through.
  static std::span<const Key> relative(std::vector<Key>& row, Key made) {
    std::size_t to = 0;
    for (std::size_t from = 0; from < row.size();) {
      const std::size_t words = row[from];
      from += 2;
      row[to++] = words / 2 + 1;
      for (std::size_t k = 0; k < words; k += 2) {
        row[to++] = Stretch::of(row[from + k] - made, static_cast<Word>(row[from + k + 1])).bits;
      }
      from += words;
      row[to++] = 0;
    }
    return {row.data(), to};
  }

  /// Copies the numbers of the arguments that are no variables, unless they are what they were the last time: a loop
  /// often maps over the same data again. Returns where they are.
  template <class... A>
  static Word keep_numbers(DynamicTape<T>& tape, const Kind<T>& kind, const auto& captured, const A&... a) {
    Buffer<T>& numbers = tape.numbers();
    const auto keep = [&](const auto& each) {
      (for_each_number(a, each), ...);
      tree::for_each_index<std::remove_cvref_t<decltype(captured)>::size>(
          [&](auto k) { each(std::views::single(T(captured.template get<k>())), std::identity()); });
    };
    Word& last = tape.numbers_of(kind);
    if constexpr (op::is_bytes<T>) {
      std::size_t next = last;
      bool same = true;
      keep([&](const auto& range, const auto& number) {
        same = same && next + range.size() <= numbers.size() && is_copy(&numbers[next], range, number);
        next += range.size();
      });
      if (same) return last;
    }
    last = static_cast<Word>(numbers.size());
    keep([&](const auto& range, const auto& number) {
      T* to = numbers.room(range.size());
      for (const auto& x : range) std::construct_at(to++, T(number(x)));
      numbers.append(range.size());
    });
    return last;
  }

 private:
  /// Where the keys stop to follow one another from `first` at `begin` on.
  [[gnu::always_inline]] static std::size_t end_of_stretch(std::size_t begin, std::size_t end, Key first,
                                                           const auto& key_at) {
    std::size_t i = begin + 1;
    for (; i + 8 <= end; i += 8) {  // eight comparisons, one branch
      Key difference = 0;
      for (std::size_t k = 0; k < 8; ++k) difference |= key_at(i + k) ^ (first + (i + k - begin));
      if (difference != 0) break;
    }
    while (i < end && key_at(i) == first + (i - begin)) ++i;
    return i;
  }
  static void write_stretch(DynamicTape<T>& tape, std::vector<Key>& row, Key first, std::size_t count) {
    tape.index_of(Var<T>(T(0), first + count - 1));  // throws if it is not of the tape
    row.push_back(first);
    row.push_back(count);
  }

  /// Whether the numbers from `kept` on are, bit by bit, those of a range.
  static bool is_copy(const T* kept, const auto& range, const auto& number) {
    if constexpr (std::same_as<std::ranges::range_value_t<decltype(range)>, T>) {
      return std::memcmp(kept, std::ranges::data(range), range.size() * sizeof(T)) == 0;
    } else {
      return std::all_of(range.begin(), range.end(), [&](const auto& x) {
        const T given = T(number(x));
        return std::memcmp(kept++, &given, sizeof given) == 0;
      });
    }
  }

  /// Calls `f(range, number)` for each leaf of an argument that is no variable, where `number(x)` is the leaf of an
  /// element.
  template <class X>
  static void for_each_number(const X& x, const auto& f) {
    using E = element_of<X>;
    if constexpr (!varies<T, E> && is_numeric<E>) {
      tree::for_each_index<tree::leaves<E>>([&](auto k) {
        const auto leaf = [k](const auto& element) { return T(tree::leaf<k>(element)); };
        if constexpr (Argument<X>::mapped) {
          f(x.range, leaf);
        } else {
          f(std::span(&x, 1), leaf);
        }
      });
    }
  }
};

}  // namespace duet::tape
