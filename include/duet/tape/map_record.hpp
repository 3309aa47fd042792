// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/call.hpp>
#include <duet/tape/each.hpp>

/// A whole loop as one record.
namespace duet::tape {

/// Which leaves of the arguments `A...` come from mapped ranges; the variables first, then the other numbers.
template <class... A>
struct Layout {
  static constexpr int leaves(bool of_variables) {
    return (0 + ... + (has_vars<element_of<A>> == of_variables ? tree::leaves<element_of<A>> : 0));
  }

  template <int Count>
  struct Flags {
    bool mapped[Count > 0 ? Count : 1]{};
    constexpr bool operator[](int k) const { return mapped[k]; }
  };
  template <int Count>
  static constexpr Flags<Count> flags(bool of_variables) {
    Flags<Count> result;
    int k = 0;
    const auto add = [&](bool mapped, bool variables, int leaves) {
      for (int i = 0; variables == of_variables && i < leaves; ++i) result.mapped[k++] = mapped;
    };
    (add(Argument<A>::mapped, has_vars<element_of<A>>, tree::leaves<element_of<A>>), ...);
    return result;
  }
  static constexpr auto variables = flags<leaves(true)>(true);
  static constexpr auto numbers = flags<leaves(false)>(false);
};

/// The record of `count` calls as in `C`, or of their sum. Its row holds, for each leaf of the variables, its stretches
/// (one of no elements if it is shared); its numbers are the parameters, all elements of one after those of another,
/// and what the function captured.
template <class T, class C, bool Sum, class... A>
struct MapRecord {
  using B = Lanes<T>;
  using Batch = typename B::type;
  using L = Layout<A...>;
  static constexpr int n = C::variables, m = C::outputs, p = C::parameters;
  static constexpr int own = L::leaves(false);  // parameters that are arguments; what follows is captured

  /// The parameters of a batch.
  struct Parameters {
    const T* numbers;
    std::size_t count;

    [[gnu::always_inline]] void load(Batch (&to)[p > 0 ? p : 1], std::size_t at, std::size_t lanes) const {
      const T* from = numbers;
      for (int k = 0; k < p; ++k) {
        const bool mapped = k < own && L::numbers[k];
        to[k] = mapped ? tape::load(from + at, lanes) : Batch(*from);
        from += mapped ? count : 1;
      }
    }
  };

  static void sweep(const Record<T>& r, const Sweeping<T>& s) {
    const std::size_t count = r.size;
    const T* const values = s.values + r.made;
    T* const adjoints = s.adjoints + r.made;

    const Key* row = s.rows + r.frame;
    Cursor<T> cursors[n];
    std::ptrdiff_t shared[n]{};
    Batch v[n], sums[n];
    for (int j = 0; j < n; ++j) {
      if (L::variables[j]) {
        const Key stretches = *row++;
        cursors[j] = Cursor<T>(row);
        row += stretches;
      } else {
        shared[j] = Stretch{*row++}.offset();
        v[j] = Batch(values[shared[j]]);
        sums[j] = Batch(T(0));
      }
    }
    const Parameters parameters{s.numbers + r.numbers, count};
    Batch q[p > 0 ? p : 1], w[m];
    for (std::size_t i = 0; i < count; i += B::size) {
      const std::size_t lanes = count - i < B::size ? count - i : B::size;
      for (int k = 0; k < m; ++k) {
        w[k] = Sum ? weights(adjoints[k], lanes) : weights(adjoints + static_cast<std::size_t>(k) * count + i, lanes);
      }
      for (int j = 0; j < n; ++j) {
        if (L::variables[j]) v[j] = cursors[j].load(values, lanes);
      }
      parameters.load(q, i, lanes);
      expr::run<typename C::Pullback>(
          [&](const auto& all) __attribute__((always_inline)) {
            tree::for_each_index<n>([&](auto j) __attribute__((always_inline)) {
              if constexpr (L::variables[j]) {
                cursors[j].add(adjoints, lanes, all.template get<j>());
                cursors[j].advance(lanes);
              } else {
                sums[j] = sums[j] + all.template get<j>();
              }
            });
            return 0;
          },
          tree::Leaves<Batch, n>{v}, tree::Leaves<Batch, p>{q}, tree::Leaves<Batch, m>{w});
    }
    for (int j = 0; j < n; ++j) {
      if (!L::variables[j]) adjoints[shared[j]] = adjoints[shared[j]] + B::sum(sums[j]);
    }
  }
  static constexpr Kind<T> kind{Sum ? "map_sum" : "map", &sweep};

 private:
  /// Derivatives with respect to outputs; the lanes that stand for no element count for nothing.
  [[gnu::always_inline]] static Batch weights(const T* from, std::size_t lanes) {
    if (lanes == B::size) [[likely]] return B::load(from);
    T w[B::size];
    for (std::size_t k = 0; k < B::size; ++k) w[k] = k < lanes ? from[k] : T(0);
    return B::load(w);
  }
  [[gnu::always_inline]] static Batch weights(const T& of_all, std::size_t lanes) {
    if (lanes == B::size) [[likely]] return Batch(of_all);
    T w[B::size];
    for (std::size_t k = 0; k < B::size; ++k) w[k] = k < lanes ? of_all : T(0);
    return B::load(w);
  }
};

}  // namespace duet::tape
