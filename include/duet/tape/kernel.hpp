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

  template <class V, class P, class Captured>
  [[gnu::always_inline]] static auto write(DynamicTape<T>& tape, const Key (&leaves)[n], const V& variables,
                                           const P& parameters, const Captured& captured) {
    const Word frame = frame_of(tape, leaves, variables);
    if constexpr (stores_jacobian) {
      return expr::run<typename C::Jacobian>(
          [&](const auto& all) __attribute__((always_inline)) {
            auto& numbers = tape.numbers();
            T* partial = numbers.room(nonzeros);
            tree::for_each_index<m * n>([&](auto k) __attribute__((always_inline)) {
              if constexpr (!is_zero(k / n, k % n)) std::construct_at(partial++, T(all.template get<m + k>()));
            });
            numbers.append(nonzeros);
            return results(tape, all, frame, static_cast<Word>(numbers.size() - nonzeros));
          },
          variables, parameters, captured);
    } else {
      Word constants = 0;
      if constexpr (p > 0) {
        T numbers[p];
        tree::Joined<void, P, Captured> row{{parameters, captured}};
        tree::for_each_index<p>([&](auto k) { numbers[k] = T(row.template get<k>()); });
        constants = tape.frames().place(numbers, frame);
      }
      return expr::run<typename C::Recording>(
          [&](const auto& all) __attribute__((always_inline)) { return results(tape, all, frame, constants); },
          variables, parameters, captured);
    }
  }

 private:
  /// The row of the variables. One that is passive takes part as variable 0 if its value is not needed, else as a
  /// variable of its own.
  template <class V>
  [[gnu::always_inline]] static Word frame_of(DynamicTape<T>& tape, const Key (&leaves)[n], const V& variables) {
    const Word frame = tape.frames().guess(leaves, tape.next());
    if (frame != 0) [[likely]]
      return frame;
    Key copy[n];
    tree::for_each_index<n>([&](auto k) {
      copy[k] = leaves[k];
      if (copy[k] == 0) {
        copy[k] = stores_jacobian ? key(tape.era().now(), 0) : tape.make(T(variables.template get<k>()));
      } else {
        tape.index_of(Var<T>(T(0), copy[k]));  // throws if it is not of the tape
      }
    });
    return tape.frames().find(copy, n, tape.next(), tape.era());
  }

  template <class All>
  [[gnu::always_inline]] static auto results(DynamicTape<T>& tape, const All& all, Word frame, Word numbers) {
    T values[m];
    tree::for_each_index<m>([&](auto k) { values[k] = T(all.template get<k>()); });
    const Key first = tape.make(std::span<const T>(values), kind, frame, numbers);
    Var<T> y[m];
    for (int k = 0; k < m; ++k) y[k] = Var<T>(values[k], first + static_cast<Key>(k));
    return tree::build<typename C::Result>(tree::Leaves<Var<T>, m>{y});
  }

  static void sweep(const Record<T>& r, const Sweeping<T>& s) {
    T w[m];
    bool nothing = true;
    for (int i = 0; i < m; ++i) {
      using op::is_zero;
      w[i] = s.adjoints[r.made + static_cast<Word>(i)];
      nothing = nothing && is_zero(w[i]);
    }
    if (nothing) return;
    T* const adjoints = s.adjoints + r.made;
    const Key* const offsets = s.rows + r.frame;
    if constexpr (stores_jacobian) {
      const T* partial = s.numbers + r.numbers;
      tree::for_each_index<m * n>([&](auto k) __attribute__((always_inline)) {
        if constexpr (!is_zero(k / n, k % n)) {
          T& adjoint = adjoints[offset_of(offsets[k % n])];
          adjoint = adjoint + w[k / n] * *partial++;
        }
      });
    } else {
      T v[n];
      for (int j = 0; j < n; ++j) v[j] = (s.values + r.made)[offset_of(offsets[j])];
      expr::run<typename C::Pullback>(
          [&](const auto& all) __attribute__((always_inline)) {
            tree::for_each_index<n>([&](auto j) __attribute__((always_inline)) {
              T& adjoint = adjoints[offset_of(offsets[j])];
              adjoint = adjoint + all.template get<j>();
            });
            return 0;
          },
          tree::Leaves<T, n>{v}, tree::Leaves<T, p>{s.constants + r.numbers}, tree::Leaves<T, m>{w});
    }
  }

  /// Whether each element of the Jacobian is always zero.
  static constexpr std::array<bool, static_cast<std::size_t>(m* n)> zeros = [] {
    std::array<bool, static_cast<std::size_t>(m * n)> result{};
    for (int k = 0; k < m * n; ++k) result[static_cast<std::size_t>(k)] = is_zero(k / n, k % n);
    return result;
  }();

  static void dependences(const Record<T>& r, const Sweeping<T>& s, Dependences& to) {
    for (std::size_t i = 0; i < m; ++i) {
      Word inputs[n];
      std::size_t count = 0;
      for (std::size_t j = 0; j < n; ++j) {
        if (!zeros[i * n + j]) inputs[count++] = variable_at(r, s.rows[r.frame + j]);
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
    if constexpr (!(has_vars<X> || ...)) {
      return f(x...);
    } else {
      using T =
          typename op::highest<typename op::engine_of<typename tree::common_leaf<X>::type>::type...>::type::scalar;
      return record<T>(x...);
    }
  }

 private:
  template <class T, class... X>
  [[gnu::always_inline]] auto record(const X&... x) const {
    using C = Call<T, F, X...>;
    DynamicTape<T>* const tape = DynamicTape<T>::active();
    Key leaves[C::variables];
    Key* key = leaves;
    (write_keys(x, key), ...);
    return C::with_primals(
        f,
        [&](const auto& variables, const auto& parameters, const auto& captured) __attribute__((always_inline)) {
          if (!tape || passive(leaves)) [[unlikely]]
            return evaluate<T, C>(tape, leaves, variables, parameters, captured);
          return KernelRecord<C, T>::write(*tape, leaves, variables, parameters, captured);
        },
        x...);
  }

  template <class X>
  [[gnu::always_inline]] static void write_keys(const X& x, Key*& key) {
    if constexpr (has_vars<X>) {
      tree::for_each_index<tree::leaves<X>>([&](auto k) { *key++ = tree::leaf<k>(x).key(); });
    }
  }

  template <std::size_t N>
  [[gnu::always_inline]] static bool passive(const Key (&leaves)[N]) {
    Key any = 0;
    for (Key leaf : leaves) any |= leaf;
    return any == 0;
  }

  /// All variables are passive, and so are the results.
  template <class T, class C, std::size_t N>
  [[gnu::noinline]] static auto evaluate(const DynamicTape<T>*, const Key (&leaves)[N], const auto& variables,
                                         const auto& parameters, const auto& captured) {
    if (!passive(leaves)) throw TapeError(no_active_tape);
    return expr::run<typename C::Recording>(
        [&](const auto& all) {
          Var<T> y[C::outputs];
          tree::for_each_index<C::outputs>([&](auto k) { y[k] = Var<T>(T(all.template get<k>())); });
          return tree::build<typename C::Result>(tree::Leaves<Var<T>, C::outputs>{y});
        },
        variables, parameters, captured);
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
