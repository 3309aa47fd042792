// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstring>
#include <functional>
#include <list>
#include <ranges>

#include <duet/tape/map_record.hpp>

/// A function applied to whole ranges, in SIMD batches; with variables the whole loop is one record.
namespace duet {

namespace tape {

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

/// The map of `F` over arguments `A...` with numbers of type `T`.
template <class T, bool Sum, class F, class... A>
class Map {
  using C = Call<T, F, element_of<A>...>;
  using R = MapRecord<T, C, Sum, A...>;
  static constexpr int m = C::outputs;

 public:
  static std::size_t outputs_for(std::size_t count) { return static_cast<std::size_t>(m) * (Sum ? 1 : count); }

  /// Of numbers.
  static auto evaluate(const F& f, const A&... a) {
    const std::size_t count = common_count(a...);
    std::vector<T> values(outputs_for(count));
    if (count > 0) {
      C::with_primals(
          f,
          [&](const auto&, const auto&, const auto& captured) {
            typename R::Parameters parameters;
            const T** at = parameters.at;
            std::list<std::vector<T>> copies;
            (point(at, copies, a), ...);
            tree::for_each_index<std::remove_cvref_t<decltype(captured)>::size>(
                [&](auto k) { *at++ = copies.emplace_back(1, T(captured.template get<k>())).data(); });
            R::evaluate(nullptr, nullptr, parameters, count, values.data());
          },
          Argument<A>::first(a)...);
    }
    return results([&](std::size_t k) {
      if constexpr (Sum) {
        return values[k];
      } else {
        const auto begin = values.begin() + static_cast<std::ptrdiff_t>(k * count);
        return std::vector<T>(begin, begin + static_cast<std::ptrdiff_t>(count));
      }
    });
  }

  /// With variables.
  static auto record(const F& f, const A&... a) {
    DynamicTape<T>* const tape = DynamicTape<T>::active();
    if (!tape) throw TapeError(no_active_tape);
    const std::size_t count = common_count(a...);
    const Key first = count == 0 ? 0 : write(*tape, f, count, a...);
    return results([&](std::size_t k) {
      if constexpr (!Sum) {
        return count == 0 ? Variables<T>() : Variables<T>(first + k * count, count);
      } else {
        return count == 0 ? Var<T>(T(0)) : Var<T>(tape->value(first + k), first + k);
      }
    });
  }

 private:
  /// The structure of the function's result with `leaf(k)` as leaf k.
  static auto results(const auto& leaf) {
    using X = decltype(leaf(0));
    std::array<X, static_cast<std::size_t>(m)> leaves;
    for (std::size_t k = 0; k < leaves.size(); ++k) leaves[k] = leaf(k);
    return tree::build<typename C::Result>(tree::Leaves<X, m>{leaves.data()});
  }

  static Key write(DynamicTape<T>& tape, const F& f, std::size_t count, const A&... a) {
    std::vector<Key>& row = tape.scratch();
    row.clear();
    (write_stretches(tape, row, a), ...);
    const Word row_at = tape.input_rows().write(relative(row, tape.next()));
    Word numbers = 0;
    C::with_primals(
        f, [&](const auto&, const auto&, const auto& captured) { numbers = keep_numbers(tape, captured, a...); },
        Argument<A>::first(a)...);
    T* const to = tape.room(outputs_for(count));
    R::evaluate(to, tape.input_rows().rows() + row_at, {tape.numbers().data() + numbers, count}, count, to);
    return tape.make_written(outputs_for(count), R::kind, row_at, numbers, static_cast<Word>(count));
  }

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

  /// Appends the stretches of an argument's leaves: for each leaf how many words follow, then pairs of the key of the
  /// first variable and a count. Passive numbers become variables.
  template <class X>
  static void write_stretches(DynamicTape<T>& tape, std::vector<Key>& row, const X& x) {
    if constexpr (varies<T, element_of<X>>) {
      tree::for_each_index<tree::leaves<element_of<X>>>([&](auto leaf) {
        const std::size_t head = row.size();
        row.push_back(0);
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
        row[head] = row.size() - head - 1;
      });
    }
  }
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

  /// Makes the stretches relative to the variable that is made next: a word each, and one that ends a leaf's, since it
  /// is looked at when the last of them has been gone through.
  static std::span<const Key> relative(std::vector<Key>& row, Key made) {
    std::size_t to = 0;
    for (std::size_t from = 0; from < row.size();) {
      const std::size_t words = row[from++];
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
  static Word keep_numbers(DynamicTape<T>& tape, const auto& captured, const A&... a) {
    Buffer<T>& numbers = tape.numbers();
    const auto keep = [&](const auto& each) {
      (for_each_number(a, each), ...);
      tree::for_each_index<std::remove_cvref_t<decltype(captured)>::size>(
          [&](auto k) { each(std::views::single(T(captured.template get<k>())), std::identity()); });
    };
    Word& last = tape.numbers_of(R::kind);
    if constexpr (std::is_trivially_copyable_v<T>) {
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

template <bool Sum, class F, class... A>
auto map(const F& f, const A&... a) {
  static_assert(((!Argument<A>::mapped || has_variables<element_of<A>> || is_numeric<element_of<A>>)&&...),
                "duet: map goes through ranges of floating-point numbers, of variables, or of structures of these");
  if constexpr ((has_variables<element_of<A>> || ...)) {
    return Map<scalar_of<element_of<A>...>, Sum, F, A...>::record(f, a...);
  } else {
    using Leaf =
        typename tree::common_leaf<std::conditional_t<is_numeric<element_of<A>>, element_of<A>, std::tuple<>>...>::type;
    return Map<Leaf, Sum, F, A...>::evaluate(f, a...);
  }
}

}  // namespace tape

/// `f` applied to the elements of ranges: f(x[i], y[i], a) for `map(f, each(xs), each(ys), a)`. Arguments without
/// `each` are shared. Of numbers it is a `std::vector`, of variables a `Variables`; where f returns a structure, the
/// structure of these. f must be a function that the static tape can record. Ranges of different lengths are an Error.
///
/// Cost: f is computed in SIMD batches. With variables the loop is one record: 8 bytes per element and result, nothing
/// for variables that lie one after the other (else up to 8 bytes each), and a copy of the ranges of plain numbers; the
/// sweep computes f again along with its derivatives, in batches.
template <class F, class... A>
auto map(const F& f, const A&... a) {
  return tape::map<false>(f, a...);
}

/// The sum of `map(f, a...)` over the elements, without the elements: one result, and one record of constant size.
template <class F, class... A>
auto map_sum(const F& f, const A&... a) {
  return tape::map<true>(f, a...);
}

}  // namespace duet
