// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/call.hpp>

/// A whole function as one record.
namespace duet {

namespace tape {

/// The record of a call as in `Call`. Where the derivatives are expensive and few, they are computed along with the
/// values and stored; else the sweep reads the arguments again and runs the pullback. The graphs tell which is cheaper.
template <class C, class T>
class KernelRecord {
  static constexpr int n = C::variables, m = C::outputs, p = C::parameters;
  using Jacobian = graph::Frozen<typename C::Jacobian>;
  using Pullback = graph::Frozen<typename C::Pullback>;

  /// Whether row `i`, column `j` of the Jacobian is always zero; such elements are not stored.
  static constexpr bool is_zero(int i, int j) {
    const graph::Node& node = Jacobian::graph[Jacobian::graph.outputs[m + i * n + j]];
    return node.op == graph::Node::constant && node.value == 0;
  }
  static constexpr int nonzeros = [] {
    int count = 0;
    for (int i = 0; i < m; ++i) {
      for (int j = 0; j < n; ++j) count += is_zero(i, j) ? 0 : 1;
    }
    return count;
  }();

 public:
  /// Storing a derivative and reading it costs about as much as three additions.
  static constexpr bool stores_jacobian =
      weight(Jacobian::graph) + 3 * nonzeros <= weight(C::Primal::graph) + weight(Pullback::graph) + n;

  /// Writes the record; `row_at` is the row of the variables.
  template <class V, class P, class Captured>
  [[gnu::always_inline]] static auto write(DynamicTape<T>& tape, Word row_at, const V& variables, const P& parameters,
                                           const Captured& captured) {
    constexpr int stored = stores_jacobian ? nonzeros : 0;
    T* const values = tape.reserve(m, stored);  // now, when nothing is in registers yet
    Word numbers = 0;
    if constexpr (!stores_jacobian && p > 0) {
      T plain[p];
      tree::Joined<void, P, Captured> row{{parameters, captured}};
      tree::for_each_index<p>([&](auto k) { plain[k] = T(row.template get<k>()); });
      numbers = static_cast<Word>(tape.input_rows().note(row_at, plain));
    }
    return expr::run<std::conditional_t<stores_jacobian, typename C::Jacobian, typename C::Recording>>(
        [&](const auto& all) __attribute__((always_inline)) {
          if constexpr (stores_jacobian) {
            T* partial = tape.numbers().end();
            tree::for_each_index<m * n>([&](auto k) __attribute__((always_inline)) {
              if constexpr (!is_zero(k / n, k % n)) {
                std::construct_at(partial++, T(all.template get<m + k>()));
                one_by_one();
              }
            });
            numbers = static_cast<Word>(tape.numbers().size());
            tape.numbers().append(stored);
          }
          const Key first = tape.append(m, kind, row_at, numbers);
          Var<T> y[m];
          tree::for_each_index<m>([&](auto k) __attribute__((always_inline)) {
            y[k] = Var<T>(T(all.template get<k>()), first + static_cast<Key>(k));
            std::construct_at(values + k, y[k].primal());
          });
          return tree::build<typename C::Result>(tree::Leaves<Var<T>, m>{y});
        },
        variables, parameters, captured);
  }

 private:
  static const Record<T>* sweep(const Record<T>* r, const Record<T>* first, Sweeping<T> s) {
    while (true) {
      sweep_one(*r, s);
      if (r == first || r[-1].kind != &kind) return r;
      --r;
    }
  }

  [[gnu::always_inline]] static void sweep_one(const Record<T>& r, Sweeping<T> s) {
    T w[m];
    bool nothing = true;
    for (int i = 0; i < m; ++i) {
      using op::is_zero;
      w[i] = s.adjoints[r.made + static_cast<Word>(i)];
      nothing = nothing && is_zero(w[i]);
    }
    if (nothing) return;
    T* const adjoints = s.adjoints + r.made;
    const Key* const offsets = s.rows() + r.row_at;
    if constexpr (stores_jacobian) {
      const T* partial = s.numbers() + r.numbers;
      tree::for_each_index<m * n>([&](auto k) __attribute__((always_inline)) {
        if constexpr (!is_zero(k / n, k % n)) {
          T& adjoint = adjoints[offset_of(offsets[k % n])];
          adjoint = adjoint + w[k / n] * *partial++;
        }
      });
    } else {
      T v[n];
      for (int j = 0; j < n; ++j) v[j] = (s.values() + r.made)[offset_of(offsets[j])];
      expr::run<typename C::Pullback>(
          [&](const auto& all) __attribute__((always_inline)) {
            tree::for_each_index<n>([&](auto j) __attribute__((always_inline)) {
              T& adjoint = adjoints[offset_of(offsets[j])];
              adjoint = adjoint + all.template get<j>();
            });
            return 0;
          },
          tree::Leaves<T, n>{v}, tree::Leaves<T, p>{s.constants() + r.numbers}, tree::Leaves<T, m>{w});
    }
  }

  /// Whether each element of the Jacobian is always zero.
  static constexpr std::array<bool, static_cast<std::size_t>(m* n)> zeros = [] {
    std::array<bool, static_cast<std::size_t>(m * n)> result{};
    for (int k = 0; k < m * n; ++k) result[static_cast<std::size_t>(k)] = is_zero(k / n, k % n);
    return result;
  }();

  static void dependences(const Record<T>& r, Sweeping<T> s, Dependences& to) {
    for (std::size_t i = 0; i < m; ++i) {
      Word inputs[n];
      std::size_t count = 0;
      for (std::size_t j = 0; j < n; ++j) {
        if (!zeros[i * n + j]) inputs[count++] = variable_at(r, s.rows()[r.row_at + j]);
      }
      to.add(r.made + i, std::span(inputs, count));
    }
  }

  static constexpr Kind<T> kind{
      .name = "kernel", .sweep = &sweep, .inputs = n, .outputs = m, .dependences = &dependences};
};

/// A function whose calls with variables are single records.
template <class F>
struct Kernel {
  [[no_unique_address]] F f;

  template <class... X>
  [[gnu::always_inline]] constexpr auto operator()(const X&... x) const {
    if constexpr (!(has_variables<X> || ...)) {
      return f(x...);
    } else {
      using T = scalar_of<X...>;
      return record<T>(recorded<T>(x)...);
    }
  }

 private:
  template <class T, class... X>
  [[gnu::always_inline]] auto record(const X&... x) const {
    using C = Call<T, F, X...>;
    DynamicTape<T>* const tape = DynamicTape<T>::active();
    Key leaves[C::variables];
    Key* key = leaves;
    (write_keys<T>(x, key), ...);
    Word row_at = tape ? tape->input_rows().guess(leaves, tape->next(), 0) : 0;
    if (row_at == 0) [[unlikely]] {
      // what is passed on lives in memory, so the others do not
      Key copies[C::variables];
      for (int k = 0; k < C::variables; ++k) copies[k] = leaves[k];
      row_at = find<T>(copies, X(x)...);
      if (row_at == 0) return evaluate<T, C>(f, X(x)...);
    }
    return C::with_primals(
        f,
        [&](const auto&... rows)
            __attribute__((always_inline)) { return KernelRecord<C, T>::write(*tape, row_at, rows...); },
        x...);
  }

  template <class T, class X>
  [[gnu::always_inline]] static void write_keys(const X& x, Key*& key) {
    if constexpr (varies<T, X>) {
      tree::for_each_index<tree::leaves<X>>([&](auto k) { *key++ = tree::leaf<k>(x).key(); });
    }
  }

  /// The row of the variables; those that are passive become variables. 0 if all are.
  template <class T, int N, class... X>
  [[gnu::noinline]] static Word find(Key (&keys)[N], const X&... x) {
    T values[N];
    T* value = values;
    const auto write = [&](const auto& one) {
      if constexpr (varies<T, std::remove_cvref_t<decltype(one)>>) {
        tree::for_each_leaf(one, [&](const auto& leaf) { *value++ = leaf.primal(); });
      }
    };
    (write(x), ...);
    return find_mixed(keys, values, N);
  }

  /// All variables are passive, and so are the results.
  template <class T, class C, class... X>
  [[gnu::noinline]] static auto evaluate(const F& f, const X&... x) {
    return C::with_primals(
        f,
        [](const auto&... rows) {
          return expr::run<typename C::Recording>(
              [](const auto& all) {
                Var<T> y[C::outputs];
                tree::for_each_index<C::outputs>([&](auto k) { y[k] = Var<T>(T(all.template get<k>())); });
                return tree::build<typename C::Result>(tree::Leaves<Var<T>, C::outputs>{y});
              },
              rows...);
        },
        x...);
  }
};

}  // namespace tape

/// `f` as a kernel: called with numbers it is `f`; called with arguments some of which are made of `Var`s, it is ONE
/// record, whatever it does inside. `f` must be a function that the static tape can record: no branch on its arguments.
///
/// Cost: the compiler differentiates `f` once for each combination of argument types; a call stores the derivatives, or
/// nothing but the passive arguments if running the pullback later is cheaper; and 24 bytes, 8 per argument if they lie
/// otherwise than at the last call, 8 per result.
template <class F>
constexpr tape::Kernel<F> kernel(const F& f) {
  return {f};
}

}  // namespace duet
