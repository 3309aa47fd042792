// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/fold_record.hpp>
#include <duet/tape/map_arguments.hpp>

/// A recurrence for each element of ranges, in SIMD batches; with variables the whole nest of loops is one record.
namespace duet {

namespace tape {

/// What a recurrence goes along, step by step; `Back` says from the last to the first.
template <class Items, bool Back>
struct Along {
  Items items;
};

/// An argument as a function of variables sees it: with these in place of its numbers.
template <class T, class E>
auto as_variables(const E& x) {
  return tree::map_leaves<Var<T>>(x, ToVariable<T>{});
}

/// The fold of `F` with numbers of type `T`.
template <class T, bool Back, class F, class Initial, class Items, class... A>
class Fold {
  using State = decltype(as_variables<T>(std::declval<const element_of<Initial>&>()));
  using C = Call<T, F, State, element_of<Items>, element_of<A>...>;
  using R = FoldRecord<T, C, Back, Initial, Items, A...>;
  using Arguments = MapArguments<T>;
  static constexpr int m = C::outputs;
  static_assert(m == tree::leaves<State>, "duet: map_fold needs a function that returns what its first argument is");

 public:
  /// Of numbers.
  static auto evaluate(const F& f, const Initial& initial, const Items& items, const A&... a) {
    const std::size_t count = common_count(initial, a...), steps = Argument<Items>::count(items);
    std::vector<T> values(static_cast<std::size_t>(m) * count);
    if (count > 0) {
      with_captured(f, initial, items, a..., [&](const auto& captured) {
        typename R::Numbers numbers;
        const T** at = numbers.at;
        std::list<std::vector<T>> copies;
        Arguments::point(at, copies, initial);
        Arguments::point(at, copies, items);
        (Arguments::point(at, copies, a), ...);
        tree::for_each_index<std::remove_cvref_t<decltype(captured)>::size>(
            [&](auto k) { *at++ = copies.emplace_back(1, T(captured.template get<k>())).data(); });
        R::evaluate(nullptr, nullptr, numbers, count, steps, values.data());
      });
    }
    return built<typename C::Result>([&](std::size_t k) {
      const auto begin = values.begin() + static_cast<std::ptrdiff_t>(k * count);
      return std::vector<T>(begin, begin + static_cast<std::ptrdiff_t>(count));
    });
  }

  /// With variables.
  static auto record(const F& f, const Initial& initial, const Items& items, const A&... a) {
    DynamicTape<T>* const tape = DynamicTape<T>::active();
    if (!tape) throw TapeError(no_active_tape);
    const std::size_t count = common_count(initial, a...);
    const Key first = count == 0 ? 0 : write(*tape, f, count, initial, items, a...);
    return built<typename C::Result>(
        [&](std::size_t k) { return count == 0 ? Variables<T>() : Variables<T>(first + k * count, count); });
  }

 private:
  /// Calls `then` with what the function captured, which its first call would see.
  static void with_captured(const F& f, const Initial& initial, const Items& items, const A&... a, const auto& then) {
    const State state = as_variables<T>(Argument<Initial>::first(initial));
    const element_of<Items> item =
        Argument<Items>::count(items) > 0 ? element_of<Items>(Argument<Items>::first(items)) : element_of<Items>();
    C::with_primals(
        f, [&](const auto&, const auto&, const auto& captured) { then(captured); }, state, item,
        Argument<A>::first(a)...);
  }

  static Key write(DynamicTape<T>& tape, const F& f, std::size_t count, const Initial& initial, const Items& items,
                   const A&... a) {
    const std::size_t steps = Argument<Items>::count(items);
    std::vector<Key>& row = tape.scratch();
    row.clear();
    Arguments::write_stretches(tape, row, initial);
    Arguments::write_stretches(tape, row, items);
    (Arguments::write_stretches(tape, row, a), ...);
    row.resize(Arguments::relative(row, tape.next()).size());
    row.push_back(steps);
    const Word row_at = tape.input_rows().write(row);
    Word at = 0;
    with_captured(f, initial, items, a..., [&](const auto& captured) {
      at = Arguments::keep_numbers(tape, R::kind, captured, initial, items, a...);
    });
    const std::size_t made = static_cast<std::size_t>(m) * count;
    T* const to = tape.room(made);
    R::evaluate(to, tape.input_rows().rows() + row_at, {tape.numbers().data() + at, count, steps}, count, steps, to);
    return tape.make_written(made, R::kind, row_at, at, static_cast<Word>(count));
  }
};

template <bool Back, class F, class Initial, class Items, class... A>
auto map_fold(const F& f, const Initial& initial, const Items& items, const A&... a) {
  constexpr bool starts = has_variables<element_of<Initial>> || is_numeric<element_of<Initial>>;
  static_assert(starts,
                "duet: map_fold starts from floating-point numbers, variables, or structures of these; write 0.0 "
                "instead of 0");
  if constexpr (!starts) {
    return;
  } else if constexpr (has_variables<element_of<Initial>> || has_variables<element_of<Items>> ||
                       (has_variables<element_of<A>> || ...)) {
    using T = scalar_of<element_of<Initial>, element_of<Items>, element_of<A>...>;
    return Fold<T, Back, F, Initial, Items, A...>::record(f, initial, items, a...);
  } else {
    using T = typename tree::common_leaf<element_of<Initial>>::type;
    return Fold<T, Back, F, Initial, Items, A...>::evaluate(f, initial, items, a...);
  }
}

}  // namespace tape

/// Marks what `map_fold` goes along: a range as of `each`, from its first item to its last one.
template <class R>
auto along(const R& range) {
  return tape::Along<decltype(each(range)), false>{each(range)};
}
/// The same from the last item to the first one.
template <class R>
auto back_along(const R& range) {
  return tape::Along<decltype(each(range)), true>{each(range)};
}

/// For each element of ranges a recurrence: for `map_fold(f, initial, along(items), each(xs), a)` the state that is
/// `initial` at first and then, for one item after the other, f(state, item, x, a). It may be a number or a structure,
/// plain or of variables, shared by all elements or an `each(...)`; items and other arguments are those of `map`, as
/// are the results. f must be a function that the static tape can record, and return what the state is.
///
/// Cost: f is computed in SIMD batches, in registers from item to item. With variables all of it is one record, of 8
/// bytes per element and leaf of the state, however many items there are; the sweep computes the states of a few
/// elements at a time again, unless its derivatives don't depend on them.
template <class F, class Initial, class Items, bool Back, class... A>
auto map_fold(const F& f, const Initial& initial, const tape::Along<Items, Back>& items, const A&... a) {
  return tape::map_fold<Back>(f, initial, items.items, a...);
}

}  // namespace duet
