// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

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

/// Reads batches of one leaf of an argument.
template <class T, class A, int K>
struct Source {
  typename Lanes<T>::type value;
  explicit Source(const A& x, const T*) : value(T(primal_of(tree::leaf<K>(x)))) {}
  [[gnu::always_inline]] auto load(std::size_t, std::size_t) { return value; }
};
template <class T, class E, int K>
struct Source<T, Each<E>, K> {
  std::span<const E> range;
  explicit Source(const Each<E>& x, const T*) : range(x.range) {}
  [[gnu::always_inline]] auto load(std::size_t i, std::size_t lanes) {
    if constexpr (std::same_as<E, T>) {
      return tape::load(range.data() + i, lanes);
    } else {
      T numbers[Lanes<T>::size];
      for (std::size_t k = 0; k < Lanes<T>::size; ++k) {
        numbers[k] = T(primal_of(tree::leaf<K>(range[i + (k < lanes ? k : lanes - 1)])));
      }
      return Lanes<T>::load(numbers);
    }
  }
};
template <class T, int K>
struct Source<T, EachVariable<T>, K> {
  const T* values;
  std::vector<Key> stretches;
  Cursor<T> cursor;
  explicit Source(const EachVariable<T>& x, const T* all) : values(all) {
    for (const auto& run : x.range->runs()) stretches.push_back(Stretch::of(run.first, run.count).bits);
    stretches.push_back(0);
    cursor = Cursor<T>(stretches.data());
  }
  [[gnu::always_inline]] auto load(std::size_t, std::size_t lanes) {
    const auto x = cursor.load(values, lanes);
    cursor.advance(lanes);
    return x;
  }
};

/// The map of `F` over arguments `A...` with numbers of type `T`.
template <class T, bool Sum, class F, class... A>
class Map {
  using C = Call<T, F, element_of<A>...>;
  using B = Lanes<T>;
  using Batch = typename B::type;
  static constexpr int n = C::variables, m = C::outputs, p = C::parameters, all = n + p;
  static constexpr bool recorded = (has_vars<element_of<A>> || ...);

 public:
  static auto run(const F& f, const A&... a) {
    static_assert(((!Argument<A>::mapped || transform::is_numeric<primal_type<element_of<A>>>)&&...),
                  "duet: map goes through ranges of floating-point numbers, of variables, or of structures of these");
    const std::size_t count = common_count(a...);
    if constexpr (recorded && !Sum) {
      return record(f, count, a...);
    } else {
      if constexpr (recorded) {
        if ((is_active(a) || ...)) return record(f, count, a...);
      }
      std::vector<T> values(outputs_for(count));
      if (count > 0) evaluate(f, count, nullptr, values.data(), a...);
      return results([&](std::size_t k) {
        if constexpr (recorded) {
          return Var<T>(values[k]);
        } else if constexpr (Sum) {
          return values[k];
        } else {
          const auto begin = values.begin() + static_cast<std::ptrdiff_t>(k * count);
          return std::vector<T>(begin, begin + static_cast<std::ptrdiff_t>(count));
        }
      });
    }
  }

 private:
  static std::size_t outputs_for(std::size_t count) { return static_cast<std::size_t>(m) * (Sum ? 1 : count); }

  template <class X>
  static bool is_active(const X& x) {
    bool any = false;
    if constexpr (is_var<typename tree::common_leaf<element_of<X>>::type>) {
      const auto look = [&](const auto& element) {
        tree::for_each_leaf(element, [&](const auto& leaf) { any = any || leaf.is_recorded(); });
        return any;
      };
      if constexpr (requires { x.range->runs(); }) {
        any = !x.range->empty();
      } else if constexpr (Argument<X>::mapped) {
        std::any_of(x.range.begin(), x.range.end(), look);
      } else {
        look(x);
      }
    }
    return any;
  }

  /// The structure of the function's result with `leaf(k)` as leaf k.
  static auto results(const auto& leaf) {
    using X = decltype(leaf(0));
    std::array<X, static_cast<std::size_t>(m)> leaves;
    for (std::size_t k = 0; k < leaves.size(); ++k) leaves[k] = leaf(k);
    return tree::build<typename C::Result>(tree::Leaves<X, m>{leaves.data()});
  }

  /// Writes the values of all elements, or their sums, to `to`; `known` are the values of all variables.
  static void evaluate(const F& f, std::size_t count, const T* known, T* to, const A&... a) {
    C::with_primals(
        f,
        [&](const auto&, const auto&, const auto& captured) {
          auto sources = std::tuple_cat(sources_of<true>(known, a)..., sources_of<false>(known, a)...);
          Batch x[all > 0 ? all : 1], sums[m];
          for (int k = 0; k < m; ++k) sums[k] = Batch(T(0));
          constexpr int loaded = static_cast<int>(std::tuple_size_v<decltype(sources)>);
          tree::for_each_index<all - loaded>([&](auto k) { x[loaded + k] = Batch(T(captured.template get<k>())); });
          for (std::size_t i = 0; i < count; i += B::size) {
            const std::size_t lanes = count - i < B::size ? count - i : B::size;
            tree::for_each_index<loaded>([&](auto k) { x[k] = std::get<std::size_t(k)>(sources).load(i, lanes); });
            expr::run<typename C::Recording>(
                [&](const auto& y) __attribute__((always_inline)) {
                  tree::for_each_index<m>([&](auto k) __attribute__((always_inline)) {
                    if constexpr (Sum) {
                      sums[k] = sums[k] + first_lanes(y.template get<k>(), lanes);
                    } else {
                      store(to + static_cast<std::size_t>(k) * count + i, lanes, y.template get<k>());
                    }
                  });
                  return 0;
                },
                tree::Leaves<Batch, all>{x});
          }
          for (int k = 0; Sum && k < m; ++k) to[k] = B::sum(sums[k]);
        },
        Argument<A>::first(a)...);
  }

  /// Sources in the order of the graph's inputs: those of variables, then the others.
  template <bool Variable, class X>
  static auto sources_of(const T* known, const X& x) {
    using E = element_of<X>;
    constexpr bool first = !recorded || has_vars<E>;
    if constexpr (first == Variable && transform::is_numeric<primal_type<E>>) {
      return [&]<int... K>(std::integer_sequence<int, K...>) {
        return std::tuple(Source<T, X, K>(x, known)...);
      }
      (std::make_integer_sequence<int, tree::leaves<E>>{});
    } else {
      return std::tuple<>();
    }
  }
  template <class E>
  using primal_type = std::remove_cvref_t<decltype(primal_of(std::declval<const E&>()))>;

  [[gnu::always_inline]] static Batch first_lanes(const Batch& x, std::size_t lanes) {
    if (lanes == B::size) [[likely]] return x;
    T numbers[B::size];
    B::store(numbers, x);
    for (std::size_t k = lanes; k < B::size; ++k) numbers[k] = T(0);
    return B::load(numbers);
  }

  static auto record(const F& f, std::size_t count, const A&... a) {
    DynamicTape<T>* const tape = DynamicTape<T>::active();
    if (!tape) throw TapeError(no_active_tape);
    Key first = 0;
    if (count > 0) {
      std::vector<Variables<T>> read;
      (take_variables(*tape, read, a), ...);
      const Word numbers = static_cast<Word>(tape->numbers().size());
      C::with_primals(
          f,
          [&](const auto&, const auto&, const auto& captured) {
            (keep_numbers(*tape, a), ...);
            tree::for_each_index<std::remove_cvref_t<decltype(captured)>::size>(
                [&](auto k) { tape->numbers().push(T(captured.template get<k>())); });
          },
          Argument<A>::first(a)...);
      const std::size_t outputs = outputs_for(count);
      T* const to = tape->values().room(outputs);
      evaluate(f, count, tape->values().data(), to, a...);
      const Word frame = tape->frames().write(row_of(read, tape->next()));
      first = tape->make_written(outputs, MapRecord<T, C, Sum, A...>::kind, frame, numbers, static_cast<Word>(count));
    }
    return results([&](std::size_t k) {
      if constexpr (!Sum) {
        return count == 0 ? Variables<T>() : Variables<T>(first + k * count, count);
      } else {
        return count == 0 ? Var<T>(T(0)) : Var<T>(tape->value(first + k), first + k);
      }
    });
  }

  /// The variables that the leaves of an argument are; passive ones become variables.
  template <class X>
  static void take_variables(DynamicTape<T>& tape, std::vector<Variables<T>>& read, const X& x) {
    if constexpr (has_vars<element_of<X>>) {
      const auto key_of = [&](const Var<T>& leaf) {
        if (!leaf.is_recorded()) return tape.make(leaf.primal());
        tape.index_of(leaf);  // throws if it is not of the tape
        return leaf.key();
      };
      tree::for_each_index<tree::leaves<element_of<X>>>([&](auto k) {
        Variables<T>& own = read.emplace_back();
        if constexpr (!Argument<X>::mapped) {
          own.append(key_of(tree::leaf<k>(x)), 1);
        } else if constexpr (requires { x.range->runs(); }) {
          own = *x.range;
          for (const auto& run : own.runs()) tape.index_of(Var<T>(T(0), run.first + run.count - 1));
        } else {
          for (const auto& element : x.range) own.append(key_of(tree::leaf<k>(element)), 1);
        }
      });
    }
  }

  /// The row of a record as in `MapRecord`.
  static std::vector<Key> row_of(const std::vector<Variables<T>>& read, Key made) {
    std::vector<Key> row;
    for (std::size_t j = 0; j < read.size(); ++j) {
      const auto& runs = read[j].runs();
      if (Layout<A...>::variables[static_cast<int>(j)]) {
        row.push_back(runs.size() + 1);
        for (const auto& run : runs) row.push_back(Stretch::of(run.first - made, run.count).bits);
        row.push_back(0);  // which is looked at when the last one ends
      } else {
        row.push_back(Stretch::of(runs[0].first - made, 0).bits);
      }
    }
    return row;
  }

  /// Copies the numbers of an argument that is no variable.
  template <class X>
  static void keep_numbers(DynamicTape<T>& tape, const X& x) {
    using E = element_of<X>;
    if constexpr (!has_vars<E> && transform::is_numeric<E>) {
      tree::for_each_index<tree::leaves<E>>([&](auto k) {
        if constexpr (!Argument<X>::mapped) {
          tape.numbers().push(T(tree::leaf<k>(x)));
        } else {
          for (const auto& element : x.range) tape.numbers().push(T(tree::leaf<k>(element)));
        }
      });
    }
  }
};

template <bool Sum, class F, class... A>
auto map(const F& f, const A&... a) {
  using Leaf = typename tree::common_leaf<element_of<A>...>::type;
  if constexpr (is_var<Leaf>) {
    return Map<typename Leaf::scalar, Sum, F, A...>::run(f, a...);
  } else {
    return Map<Leaf, Sum, F, A...>::run(f, a...);
  }
}

}  // namespace tape

/// `f` applied to the elements of ranges: f(x[i], y[i], a) for `map(f, each(xs), each(ys), a)`. Arguments without `each`
/// are shared. Of numbers it is a `std::vector`, of variables a `Variables`; where f returns a structure, the structure
/// of these. f must be a function that the static tape can record. Ranges of different lengths are an Error.
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
