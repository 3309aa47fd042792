// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/pattern.hpp>
#include <duet/tape/call.hpp>
#include <duet/tape/map_reduction.hpp>
#include <duet/tape/map_walk.hpp>

/// A whole loop as one record.
namespace duet::tape {

/// Which leaves of the arguments `A...` come from mapped ranges; the variables first, then the other numbers.
template <class T, class... A>
struct Layout {
  template <class X>
  static constexpr int leaves_of(bool of_variables) {
    using E = element_of<X>;
    if constexpr (varies<T, E>) {
      return of_variables ? tree::leaves<E> : 0;
    } else if constexpr (is_numeric<E>) {
      return of_variables ? 0 : tree::leaves<E>;
    } else {
      return 0;
    }
  }
  static constexpr int leaves(bool of_variables) { return (0 + ... + leaves_of<A>(of_variables)); }

  template <int Count>
  struct Flags {
    bool mapped[Count > 0 ? Count : 1]{};
    constexpr bool operator[](int k) const { return mapped[k]; }
  };
  template <int Count>
  static constexpr Flags<Count> flags(bool of_variables) {
    Flags<Count> result;
    int k = 0;
    const auto add = [&](bool mapped, int leaves) {
      for (int i = 0; i < leaves; ++i) result.mapped[k++] = mapped;
    };
    (add(Argument<A>::mapped, leaves_of<A>(of_variables)), ...);
    return result;
  }
  static constexpr auto variables = flags<leaves(true)>(true);
  static constexpr auto numbers = flags<leaves(false)>(false);
};

/// The record of `count` calls as in `C`, or of what `Reduction` makes of them. Its row holds, for each leaf of the
/// variables, its stretches; its numbers are the parameters, all elements of one after those of another, and what the
/// function captured.
template <class T, class C, class Reduction, class... A>
struct MapRecord {
  static constexpr bool reduces = Reduction::reduces;
  using B = Lanes<T>;
  using Batch = typename B::type;
  using reduction = typename Reduction::template Of<T>;
  static constexpr int n = C::variables, m = C::outputs, p = C::parameters;

  struct L : Layout<T, A...> {
    /// Whether parameter `k` is mapped; those after the arguments were captured.
    static constexpr bool is_mapped(int k) { return k < Layout<T, A...>::leaves(false) && Layout<T, A...>::numbers[k]; }
  };
  /// Which variables each result of a call has derivatives by.
  struct CallPattern {
    static constexpr graph::Pattern make() { return graph::jacobian_pattern(C::Primal::graph, n); }
  };
  using Walk = MapWalk<T, L, n, p>;
  using Place = typename Walk::Place;

  /// Where the parameters are; a mapped one is the first of `count`.
  struct Parameters {
    const T* at[p > 0 ? p : 1]{};

    Parameters() = default;
    /// Those of a record.
    Parameters(const T* numbers, std::size_t count) {
      for (int k = 0; k < p; ++k) {
        at[k] = numbers;
        numbers += L::is_mapped(k) ? count : 1;
      }
    }
  };

  /// Writes the values of all elements, or what they are reduced to, to `to`.
  static void evaluate(const T* values, const Key* row, const Parameters& parameters, std::size_t count, T* to) {
    Walk x(values, row, parameters.at, count);
    reduction sums[m];
    const bool is_short = count < B::size;
    T few[m * B::size];
    T* const out = is_short ? few : to;
    const std::size_t distance = is_short ? B::size : count;
    x(
        [&](const Place& place, const auto& v, const auto& q) __attribute__((always_inline)) {
          expr::run<typename C::Recording>(
              [&](const auto& y) __attribute__((always_inline)) {
                tree::for_each_index<m>([&](auto k) __attribute__((always_inline)) {
                  const Batch value(y.template get<k>());
                  if constexpr (reduces) {
                    sums[k].add(value, place.counted);
                  } else {
                    B::store(out + static_cast<std::size_t>(k) * distance + place.element(), value);
                  }
                });
                return 0;
              },
              v, q);
        },
        [](std::size_t) {}, [](std::size_t, std::size_t) { return true; });
    for (int k = 0; k < m; ++k) {
      if constexpr (reduces) {
        to[k] = sums[k].result();
      } else if (is_short) {
        std::copy_n(few + static_cast<std::size_t>(k) * B::size, count, to + static_cast<std::size_t>(k) * count);
      }
    }
  }

  static void sweep(const Record<T>& r, Sweeping<T> s) {
    Unset<T> none;
    sweep(r, s, none);
  }
  static Word sweep_unset(const Record<T>& r, Sweeping<T> s, Word set) {
    if (is_unasked(s.adjoints + r.made)) return set;
    const Word from = std::min(lowest(r, s), set);
    Unset<T> unset(s.adjoints + from, s.adjoints + set);
    sweep(r, s, unset);
    return from;
  }

  [[gnu::noinline]] static void sweep(const Record<T>& r, Sweeping<T> s, Unset<T>& unset) {
    const std::size_t count = r.size;
    T* const adjoints = s.adjoints + r.made;
    if (is_unasked(adjoints)) return;
    const Parameters parameters(s.numbers() + r.numbers, count);
    Walk x(s.values() + r.made, s.rows() + r.row_at, parameters.at, count);
    const T* const made = s.values() + r.made;
    MapSums<T, L, n> derivatives;
    Batch w[m], sums[n];
    for (int k = 0; reduces && k < m; ++k) w[k] = Batch(adjoints[k]);
    for (int j = 0; j < n; ++j) sums[j] = Batch(T(0));
    T few[m * B::size];
    const bool is_short = count < B::size;
    if (!reduces && is_short) fill_up(few, adjoints, count);
    const T* const seeds = is_short ? few : adjoints;
    const std::size_t distance = is_short ? B::size : count;
    x(
        [&](const Place& place, const auto& v, const auto& q) __attribute__((always_inline)) {
          for (int k = 0; !reduces && k < m; ++k) {
            w[k] = B::load(seeds + static_cast<std::size_t>(k) * distance + place.element());
          }
          if constexpr (Reduction::reads_values) {
            expr::run<typename C::Recording>(
                [&](const auto& y) __attribute__((always_inline)) {
                  tree::for_each_index<m>([&](auto k) __attribute__((always_inline)) {
                    w[k] = Batch(adjoints[k]) * Reduction::weight(Batch(y.template get<k>()), Batch(made[k]));
                  });
                  return 0;
                },
                v, q);
          }
          pull(
              [&](const auto& all) __attribute__((always_inline)) {
                tree::for_each_index<n>([&](auto j) __attribute__((always_inline)) {
                  const Batch derivative(all.template get<j>());
                  if constexpr (L::variables[j]) {
                    derivatives.put(j, place.at, derivative);
                  } else {
                    sums[j] = sums[j] + B::counted(derivative, place.counted);
                  }
                });
                return 0;
              },
              v, q, tree::Leaves<Batch, m>{w});
        },
        [&](std::size_t size) { derivatives.add(adjoints, unset, x, size); },
        [&](std::size_t block, std::size_t size) { return reduces || any_seed(seeds + block, distance, size); });
    unset.finish();
    for (int j = 0; j < n; ++j) {
      if (!L::variables[j]) {
        T& adjoint = adjoints[x.cursor(j).at()];
        adjoint = adjoint + B::sum(sums[j]);
      }
    }
  }
  /// An element goes into the results of its own call only, a sum is made of all elements.
  static void dependences(const Record<T>& r, Sweeping<T> s, Dependences& to) {
    const auto& pattern = graph::FrozenPattern<CallPattern>::pattern;
    std::vector<Word> inputs;
    for (std::size_t k = 0; k < m; ++k) {
      Cursor cursors[n];
      const Key* row = s.rows() + r.row_at;
      for (Cursor& cursor : cursors) {
        const Key words = *row++;
        cursor = Cursor(row);
        row += words;
      }
      for (std::size_t i = 0; i < r.size; ++i) {
        for (int p = pattern.offsets[k]; p < pattern.offsets[k + 1]; ++p) {
          const int j = pattern.places[static_cast<std::size_t>(p)];
          if (L::variables[j] || !reduces || i == 0) inputs.push_back(r.made + static_cast<Word>(cursors[j].at()));
        }
        for (int j = 0; j < n; ++j) {
          if (L::variables[j]) cursors[j].pass(1, [](std::ptrdiff_t, std::size_t) {});
        }
        if (reduces) continue;
        to.add(r.made + k * r.size + i, inputs);
        inputs.clear();
      }
      if (reduces) to.add(r.made + k, inputs);
      inputs.clear();
    }
  }
  static constexpr Kind<T> kind{.name = Reduction::name,
                                .sweep = &sweep_one<T, &sweep>,
                                .dependences = &dependences,
                                .sweep_unset = &sweep_unset};

 private:
  /// Whether no derivative of a reduction is asked for.
  static bool is_unasked(const T* adjoints) {
    using op::is_zero;
    return reduces && std::all_of(adjoints, adjoints + m, [](const T& w) { return is_zero(w); });
  }

  /// The lowest variable that it reads, or a lower one where it reads several stretches.
  static Word lowest(const Record<T>& r, Sweeping<T> s) {
    Word result = r.made;
    const Key* row = s.rows() + r.row_at;
    for (int j = 0; j < n; ++j, row += row[0] + 1) {
      result = std::min(result, row[0] > 2 ? Word{0} : variable_at(r, row[1]));
    }
    return result;
  }

  using Guarded = typename C::Pullback;
  using Quick = typename C::template PullbackOf<false>;
  /// Whether zeros need guards that cost something.
  static constexpr bool has_guards = std::floating_point<T> &&
                                     graph::Frozen<Guarded>::graph.size() > graph::Frozen<Quick>::graph.size();

  /// Runs the pullback and returns `then(derivatives)`. Guards are left out until some derivative is NaN.
  [[gnu::always_inline]] static auto pull(const auto& then, const auto&... rows) {
    if constexpr (has_guards) {
      return expr::run<Quick>(
          [&](const auto& all) __attribute__((always_inline)) {
            if (B::has_nan(sum<0, n>(all))) [[unlikely]]
              return then(tree::Leaves<Batch, n>{
                  pull_guarded(to_array<std::remove_cvref_t<decltype(rows)>::size>(rows)...).data()});
            return then(all);
          },
          rows...);
    } else {
      return expr::run<Guarded>(then, rows...);
    }
  }

  /// The sum of `Count` leaves from `First` on, in halves, since each addition waits for its operands.
  template <int First, int Count>
  [[gnu::always_inline]] static Batch sum(const auto& all) {
    if constexpr (Count == 1) {
      return all.template get<First>();
    } else {
      return sum<First, Count / 2>(all) + sum<First + Count / 2, Count - Count / 2>(all);
    }
  }

  /// What is passed on lives in memory, so the rows themselves need not.
  template <int Count, class Row>
  [[gnu::always_inline]] static auto to_array(const Row& row) {
    std::array<Batch, static_cast<std::size_t>(Count)> numbers;
    tree::for_each_index<Count>([&](auto k) { numbers[k] = row.template get<k>(); });
    return numbers;
  }
  template <std::size_t... N>
  [[gnu::noinline, gnu::cold]] static auto pull_guarded(const std::array<Batch, N>&... rows) {
    return expr::run<Guarded>([](const auto& all) { return to_array<n>(all); },
                              tree::Leaves<Batch, static_cast<int>(N)>{rows.data()}...);
  }

  /// Whether some of `size` elements have derivatives. Often only a few do: where one component is asked for, say, or a
  /// row of a Jacobian.
  static bool any_seed(const T* seeds, std::size_t distance, std::size_t size) {
    for (int k = 0; k < m; ++k, seeds += distance) {
      for (std::size_t at = 0; at < size; at += B::size) {
        if (!B::is_zero(B::load(seeds + (at + B::size <= size || size < B::size ? at : size - B::size)))) return true;
      }
    }
    return false;
  }

  /// The derivatives with respect to less elements than a batch has, filled up with zeros.
  static void fill_up(T* to, const T* from, std::size_t count) {
    std::fill_n(to, m * B::size, T(0));
    for (std::size_t k = 0; k < m; ++k) std::copy_n(from + k * count, count, to + k * B::size);
  }
};

}  // namespace duet::tape
