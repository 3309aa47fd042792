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

/// The record of `count` calls as in `C`, or of their sum. Its row holds, for each leaf of the variables, its
/// stretches; its numbers are the parameters, all elements of one after those of another, and what the function
/// captured.
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

  /// Goes through the elements, a batch at a time. `values` is where offset 0 of the variables lies.
  class Walk {
   public:
    Walk(const T* values, const Key* row, const Parameters& parameters, std::size_t count)
        : values_(values), parameters_(parameters), count_(count) {
      for (int j = 0; j < n; ++j) {
        const Key words = *row++;
        cursors_[j] = Cursor<T>(row);
        if (!L::variables[j]) v[j] = Batch(values_[cursors_[j].at()]);
        row += words;
      }
      for (int k = 0; k < p; ++k) {
        if (!Parameters::is_mapped(k)) q[k] = Batch(*parameters_.at[k]);
      }
    }

    /// Calls `each(i, lanes, repeated)` for every batch, with the arguments in `v` and `q`: it begins at element `i`
    /// and has `lanes` elements, of which the first `repeated` were in the batch before. After some batches it calls
    /// `done(lanes)`, where `place(j)` is where the first of their elements is in leaf j, `buffer(j)` what was put
    /// there.
    [[gnu::always_inline]] void operator()(const auto& each, const auto& done) {
      for (std::size_t i = 0; i < count_;) {
        const std::size_t together = std::min(stretch(), count_ - i) / B::size;
        if (together > 0) {
          const std::size_t batches = std::min(together, most);
          for (size_ = 0; size_ < batches; ++size_) {
            load(i + size_ * B::size);
            each(i + size_ * B::size, B::size, std::size_t{0});
          }
          done(batches * B::size);
          move(static_cast<std::ptrdiff_t>(batches * B::size));
          i += batches * B::size;
        } else {
          size_ = 0;
          i += rest(i, each, done);
        }
      }
    }

    /// Keeps a derivative with respect to leaf `j` of the batch.
    [[gnu::always_inline]] void put(int j, const Batch& x) { B::store(buffer_[j] + size_ * B::size, x); }

    /// Adds what was put to `adjoints`.
    [[gnu::always_inline]] void add(T* adjoints, std::size_t lanes) {
      for (int j = 0; j < n; ++j) {
        if (!L::variables[j]) continue;
        if (scattered_ && cursors_[j].left() < lanes) {
          Cursor<T>(cursors_[j]).scatter(adjoints, lanes, B::load(buffer_[j]));
        } else {
          T* const to = adjoints + cursors_[j].at();
          for (std::size_t k = 0; k < lanes; ++k) to[k] = to[k] + buffer_[j][k];
        }
      }
    }

    std::ptrdiff_t shared(int j) const { return cursors_[j].at(); }

    Batch v[n > 0 ? n : 1], q[p > 0 ? p : 1];

   private:
    /// As many batches are computed before their derivatives are added, leaf by leaf. Leaves often are the same
    /// variables a little shifted, and a batch that is read right after one that it overlaps was written has to wait
    /// for it.
    static constexpr std::size_t most = 32;

    /// How many elements lie one after the other, in all leaves.
    std::size_t stretch() const {
      std::size_t least = static_cast<std::size_t>(-1);
      for (int j = 0; j < n; ++j) {
        if (L::variables[j]) least = std::min(least, cursors_[j].left());
      }
      return least;
    }
    void move(std::ptrdiff_t elements) {
      for (int j = 0; j < n; ++j) {
        if (L::variables[j]) cursors_[j].move(elements);
      }
    }

    /// A batch that does not lie together, or is not full; returns the number of its elements. If it is the last one,
    /// it reaches back to be full where that is possible.
    [[gnu::always_inline]] std::size_t rest(std::size_t i, const auto& each, const auto& done) {
      const std::size_t lanes = std::min(B::size, count_ - i), repeated = B::size - lanes;
      bool back = repeated > 0 && i >= repeated && stretch() >= lanes;
      for (int j = 0; j < n; ++j) back = back && (!L::variables[j] || cursors_[j].passed() >= repeated);
      if (back) {
        move(-static_cast<std::ptrdiff_t>(repeated));
        load(i - repeated);
        each(i - repeated, B::size, repeated);
        done(B::size);
        return lanes;
      }
      for (int j = 0; j < n; ++j) {
        if (!L::variables[j]) continue;
        const Cursor<T>& cursor = cursors_[j];
        v[j] = cursor.left() >= B::size ? B::load(values_ + cursor.at()) : cursor.gather(values_, lanes);
      }
      for (int k = 0; k < p; ++k) {
        if (Parameters::is_mapped(k)) q[k] = tape::load(parameters_.at[k] + i, lanes);
      }
      each(i, lanes, std::size_t{0});
      scattered_ = true;
      done(lanes);
      scattered_ = false;
      for (std::size_t k = 0; k < lanes; ++k) move(1);
      return lanes;
    }

    [[gnu::always_inline]] void load(std::size_t i) {
      const std::ptrdiff_t within = static_cast<std::ptrdiff_t>(size_ * B::size);
      for (int j = 0; j < n; ++j) {
        if (L::variables[j]) v[j] = B::load(values_ + cursors_[j].at() + within);
      }
      for (int k = 0; k < p; ++k) {
        if (Parameters::is_mapped(k)) q[k] = B::load(parameters_.at[k] + i);
      }
    }

    const T* values_;
    Parameters parameters_;
    std::size_t count_, size_ = 0;
    bool scattered_ = false;
    Cursor<T> cursors_[n > 0 ? n : 1];
    T buffer_[n > 0 ? n : 1][most * B::size];
  };

  /// Writes the values of all elements, or their sums, to `to`.
  static void evaluate(const T* values, const Key* row, const Parameters& parameters, std::size_t count, T* to) {
    Walk x(values, row, parameters, count);
    Batch sums[m];
    for (int k = 0; k < m; ++k) sums[k] = Batch(T(0));
    x(
        [&](std::size_t i, std::size_t lanes, std::size_t repeated) __attribute__((always_inline)) {
          expr::run<typename C::Recording>(
              [&](const auto& y) __attribute__((always_inline)) {
                tree::for_each_index<m>([&](auto k) __attribute__((always_inline)) {
                  if constexpr (Sum) {
                    sums[k] = sums[k] + counted<T>(Batch(y.template get<k>()), lanes, repeated);
                  } else {
                    store(to + static_cast<std::size_t>(k) * count + i, lanes, Batch(y.template get<k>()));
                  }
                });
                return 0;
              },
              tree::Leaves<Batch, n>{x.v}, tree::Leaves<Batch, p>{x.q});
        },
        [](std::size_t) {});
    for (int k = 0; Sum && k < m; ++k) to[k] = B::sum(sums[k]);
  }

  static void sweep(const Record<T>& r, const Sweeping<T>& s) {
    using op::is_zero;
    const std::size_t count = r.size;
    T* const adjoints = s.adjoints + r.made;
    if (Sum && std::all_of(adjoints, adjoints + m, [](const T& w) { return is_zero(w); })) return;
    Walk x(s.values + r.made, s.rows + r.frame, Parameters(s.numbers + r.numbers, count), count);
    Batch w[m], sums[n];
    for (int j = 0; j < n; ++j) sums[j] = Batch(T(0));
    x(
        [&](std::size_t i, std::size_t lanes, std::size_t repeated) __attribute__((always_inline)) {
          for (int k = 0; k < m; ++k) {
            w[k] = counted<T>(
                Sum ? Batch(adjoints[k]) : tape::load(adjoints + static_cast<std::size_t>(k) * count + i, lanes), lanes,
                repeated);
          }
          expr::run<typename C::Pullback>(
              [&](const auto& all) __attribute__((always_inline)) {
                tree::for_each_index<n>([&](auto j) __attribute__((always_inline)) {
                  if constexpr (L::variables[j]) {
                    x.put(j, Batch(all.template get<j>()));
                  } else {
                    sums[j] = sums[j] + all.template get<j>();
                  }
                });
                return 0;
              },
              tree::Leaves<Batch, n>{x.v}, tree::Leaves<Batch, p>{x.q}, tree::Leaves<Batch, m>{w});
        },
        [&](std::size_t lanes) __attribute__((always_inline)) { x.add(adjoints, lanes); });
    for (int j = 0; j < n; ++j) {
      if (!L::variables[j]) {
        T& adjoint = adjoints[x.shared(j)];
        adjoint = adjoint + B::sum(sums[j]);
      }
    }
  }
  static constexpr Kind<T> kind{Sum ? "map_sum" : "map", &sweep};
};

}  // namespace duet::tape
