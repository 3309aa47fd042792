// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/map_arguments.hpp>
#include <duet/tape/map_record.hpp>

/// A function applied to whole ranges, in SIMD batches; with variables the whole loop is one record.
namespace duet {

namespace tape {

/// The map of `F` over arguments `A...` with numbers of type `T`.
template <class T, class Reduction, class F, class... A>
class Map {
  using C = Call<T, F, element_of<A>...>;
  using R = MapRecord<T, C, Reduction, A...>;
  using Arguments = MapArguments<T>;
  static constexpr int m = C::outputs;
  static constexpr bool reduces = Reduction::reduces;

 public:
  static std::size_t outputs_for(std::size_t count) { return static_cast<std::size_t>(m) * (reduces ? 1 : count); }

  /// Of numbers.
  static auto evaluate(const F& f, const A&... a) {
    const std::size_t count = common_count(a...);
    std::vector<T> values(outputs_for(count), T(Reduction::of_nothing));
    if (count > 0) {
      C::with_primals(
          f,
          [&](const auto&, const auto&, const auto& captured) {
            typename R::Parameters parameters;
            const T** at = parameters.at;
            std::list<std::vector<T>> copies;
            (Arguments::point(at, copies, a), ...);
            tree::for_each_index<std::remove_cvref_t<decltype(captured)>::size>(
                [&](auto k) { *at++ = copies.emplace_back(1, T(captured.template get<k>())).data(); });
            R::evaluate(nullptr, nullptr, parameters, count, values.data());
          },
          Argument<A>::first(a)...);
    }
    if constexpr (!reduces && std::same_as<typename C::Result, T>) return values;
    return built<typename C::Result>([&](std::size_t k) {
      if constexpr (reduces) {
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
    return built<typename C::Result>([&](std::size_t k) {
      if constexpr (!reduces) {
        return count == 0 ? Variables<T>() : Variables<T>(first + k * count, count);
      } else {
        return count == 0 ? Var<T>(T(Reduction::of_nothing)) : Var<T>(tape->value(first + k), first + k);
      }
    });
  }

 private:
  static Key write(DynamicTape<T>& tape, const F& f, std::size_t count, const A&... a) {
    std::vector<Key>& row = tape.scratch();
    row.clear();
    (Arguments::write_stretches(tape, row, a), ...);
    const Word row_at = tape.input_rows().write(Arguments::relative(row, tape.next()));
    Word numbers = 0;
    C::with_primals(
        f,
        [&](const auto&, const auto&, const auto& captured) {
          numbers = Arguments::keep_numbers(tape, R::kind, captured, a...);
        },
        Argument<A>::first(a)...);
    T* const to = tape.room(outputs_for(count));
    R::evaluate(to, tape.input_rows().rows() + row_at, {tape.numbers().data() + numbers, count}, count, to);
    return tape.make_written(outputs_for(count), R::kind, row_at, numbers, static_cast<Word>(count));
  }
};

template <class Reduction, class F, class... A>
auto map(const F& f, const A&... a) {
  static_assert(((!Argument<A>::mapped || has_variables<element_of<A>> || is_numeric<element_of<A>>)&&...),
                "duet: map goes through ranges of floating-point numbers, of variables, or of structures of these");
  if constexpr ((has_variables<element_of<A>> || ...)) {
    return Map<scalar_of<element_of<A>...>, Reduction, F, A...>::record(f, a...);
  } else {
    using Leaf =
        typename tree::common_leaf<std::conditional_t<is_numeric<element_of<A>>, element_of<A>, std::tuple<>>...>::type;
    return Map<Leaf, Reduction, F, A...>::evaluate(f, a...);
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
  return tape::map<tape::NoReduction>(f, a...);
}

/// The sum of `map(f, a...)` over the elements, without the elements: one result, and one record of constant size.
template <class F, class... A>
auto map_sum(const F& f, const A&... a) {
  return tape::map<tape::SumReduction>(f, a...);
}

/// The logarithm of the sum of the exponentials of `map(f, a...)`, for numbers of any size: none overflows. One record
/// of constant size, and one pass over the elements; the sweep is another one. Of no elements it is minus infinity.
template <class F, class... A>
auto map_logsumexp(const F& f, const A&... a) {
  return tape::map<tape::LogSumExpReduction>(f, a...);
}

}  // namespace duet
