// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/call.hpp>
#include <duet/tape/each.hpp>

/// A whole loop as one record.
namespace duet::tape {

/// Which leaves of the arguments `A...` come from mapped ranges; the variables first, then the other numbers.
template <class... A>
struct Layout {
  template <class X>
  static constexpr int leaves_of(bool of_variables) {
    using E = element_of<X>;
    if constexpr (has_vars<E>) {
      return of_variables ? tree::leaves<E> : 0;
    } else if constexpr (transform::is_numeric<E>) {
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

/// The record of `count` calls as in `C`, or of their sum. Its row holds, for each leaf of the variables, its stretches;
/// its numbers are the parameters, all elements of one after those of another, and what the function captured.
template <class T, class C, bool Sum, class... A>
struct MapRecord {
  using B = Lanes<T>;
  using Batch = typename B::type;
  using L = Layout<A...>;
  static constexpr int n = C::variables, m = C::outputs, p = C::parameters;
  static constexpr int own = L::leaves(false);  // parameters that are arguments; what follows is captured

  /// Where the parameters are; a mapped one is the first of `count`.
  struct Parameters {
    const T* at[p > 0 ? p : 1]{};

    static constexpr bool is_mapped(int k) { return k < own && L::numbers[k]; }

    Parameters() = default;
    /// Those of a record.
    Parameters(const T* numbers, std::size_t count) {
      for (int k = 0; k < p; ++k) {
        at[k] = numbers;
        numbers += is_mapped(k) ? count : 1;
      }
    }
  };

  /// Reads the arguments, a batch of elements at a time. `values` is where offset 0 of the variables lies.
  class Reader {
   public:
    [[gnu::always_inline]] Reader(const T* values, const Key* row, const Parameters& parameters)
        : values_(values), parameters_(parameters) {
      for (int j = 0; j < n; ++j) {
        const Key words = *row++;
        cursors[j] = Cursor<T>(row);
        if (!L::variables[j]) v[j] = Batch(values_[cursors[j].at()]);
        row += words;
      }
      for (int k = 0; k < p; ++k) {
        if (!Parameters::is_mapped(k)) q[k] = Batch(*parameters_.at[k]);
      }
    }

    [[gnu::always_inline]] void load(std::size_t i, std::size_t lanes) {
      for (int j = 0; j < n; ++j) {
        if (L::variables[j]) v[j] = cursors[j].load(values_, lanes);
      }
      for (int k = 0; k < p; ++k) {
        if (Parameters::is_mapped(k)) q[k] = tape::load(parameters_.at[k] + i, lanes);
      }
    }
    [[gnu::always_inline]] void advance(std::size_t lanes) {
      for (int j = 0; j < n; ++j) {
        if (L::variables[j]) cursors[j].advance(lanes);
      }
    }

    Batch v[n > 0 ? n : 1], q[p > 0 ? p : 1];
    Cursor<T> cursors[n > 0 ? n : 1];

   private:
    const T* values_;
    Parameters parameters_;
  };

  /// Writes the values of all elements, or their sums, to `to`.
  static void evaluate(const T* values, const Key* row, const Parameters& parameters, std::size_t count, T* to) {
    Reader x(values, row, parameters);
    Batch sums[m];
    for (int k = 0; k < m; ++k) sums[k] = Batch(T(0));
    for (std::size_t i = 0; i < count; i += B::size) {
      const std::size_t lanes = count - i < B::size ? count - i : B::size;
      x.load(i, lanes);
      x.advance(lanes);
      expr::run<typename C::Recording>(
          [&](const auto& y) __attribute__((always_inline)) {
            tree::for_each_index<m>([&](auto k) __attribute__((always_inline)) {
              if constexpr (Sum) {
                sums[k] = sums[k] + first_lanes<T>(Batch(y.template get<k>()), lanes);
              } else {
                store(to + static_cast<std::size_t>(k) * count + i, lanes, Batch(y.template get<k>()));
              }
            });
            return 0;
          },
          tree::Leaves<Batch, n>{x.v}, tree::Leaves<Batch, p>{x.q});
    }
    for (int k = 0; Sum && k < m; ++k) to[k] = B::sum(sums[k]);
  }

  static void sweep(const Record<T>& r, const Sweeping<T>& s) {
    const std::size_t count = r.size;
    T* const adjoints = s.adjoints + r.made;
    if (Sum && std::all_of(adjoints, adjoints + m, [](const T& w) {
          using op::is_zero;
          return is_zero(w);
        })) {
      return;
    }
    Reader x(s.values + r.made, s.rows + r.frame, Parameters(s.numbers + r.numbers, count));
    Batch w[m], sums[n];
    for (int j = 0; j < n; ++j) sums[j] = Batch(T(0));
    for (std::size_t i = 0; i < count; i += B::size) {
      const std::size_t lanes = count - i < B::size ? count - i : B::size;
      x.load(i, lanes);
      for (int k = 0; k < m; ++k) {
        // lanes that stand for no element count for nothing
        w[k] = Sum ? first_lanes<T>(Batch(adjoints[k]), lanes)
                   : first_lanes<T>(tape::load(adjoints + static_cast<std::size_t>(k) * count + i, lanes), lanes);
      }
      expr::run<typename C::Pullback>(
          [&](const auto& all) __attribute__((always_inline)) {
            tree::for_each_index<n>([&](auto j) __attribute__((always_inline)) {
              if constexpr (L::variables[j]) {
                x.cursors[j].add(adjoints, lanes, Batch(all.template get<j>()));
              } else {
                sums[j] = sums[j] + all.template get<j>();
              }
            });
            return 0;
          },
          tree::Leaves<Batch, n>{x.v}, tree::Leaves<Batch, p>{x.q}, tree::Leaves<Batch, m>{w});
      x.advance(lanes);
    }
    for (int j = 0; j < n; ++j) {
      if (!L::variables[j]) {
        T& adjoint = adjoints[x.cursors[j].at()];
        adjoint = adjoint + B::sum(sums[j]);
      }
    }
  }
  static constexpr Kind<T> kind{Sum ? "map_sum" : "map", &sweep};
};

}  // namespace duet::tape
