// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/level.hpp>
#include <duet/series/execute.hpp>
#include <duet/series/number.hpp>

/// How a row of the op table acts on series: the ring by its recurrences, everything else by its partial derivatives.
namespace duet {

namespace level {
/// Coefficient `k` of `x` as a series of `Outer`'s level.
template <class Outer, class X>
[[gnu::always_inline]] constexpr auto coefficient(const X& x, int k) {
  if constexpr (at_top<X, Outer>) {
    return x.coefficient(k);
  } else if constexpr (carries<X, Outer>) {
    return x.map([k](const auto& part) { return level::coefficient<Outer>(part, k); });
  } else {
    const auto value = level::primal<Outer>(x);
    return k == 0 ? value : decltype(value)(0);
  }
}
}  // namespace level

namespace series {

/// Row `Op` of the op table as a graph of its operands; the bits of `Moves` are those that move along the path.
template <class Op, unsigned Moves>
struct OneRow {
  static constexpr bool moves(int input) { return (Moves >> input & 1) != 0; }
  static constexpr graph::Graph make() {
    graph::Recorder r;
    int operands[] = {-1, -1, -1};
    for (int k = 0; k < Op::arity; ++k) operands[k] = r.input();
    return graph::extract(r, {r.emit(op::code<Op>, operands[0], operands[1], operands[2])});
  }
};

/// Operands as a row of inputs.
template <class T, class... View>
struct Inputs {
  std::tuple<View...> views;
  template <int I>
  [[gnu::always_inline]] constexpr const T& get(int k) const {
    return std::get<static_cast<std::size_t>(I)>(views)[k];
  }
};

}  // namespace series

/// Carries out operations of which the operand with the highest rank is a series.
struct SeriesEngine : level::Engine<SeriesEngine> {
  template <class Op, class Outer, class Result, std::size_t... P, class... X>
  [[gnu::always_inline]] static constexpr Result propagate(std::index_sequence<P...>, const X&... x) {
    if constexpr (std::same_as<Op, op::Where>) {
      return choose<Outer, Result>(x...);
    } else {
      constexpr bool moves[] = {(level::carries<X, Outer> && op::has_partial<Op, static_cast<int>(P)>)...};
      return along<Op, Result, ((unsigned{moves[P]} << P) | ...)>(operand<Outer, Result, moves[P]>(x)...);
    }
  }

 private:
  template <class Outer, class Result, class C, class A, class B>
  static constexpr Result choose(const C& condition, const A& a, const B& b) {
    using T = typename Result::scalar;
    std::array<T, Result::order + 1> y{};
    for (int k = 0; k <= Result::order; ++k) {
      y[static_cast<std::size_t>(k)] =
          op::apply<op::Where>(condition, T(level::coefficient<Outer>(a, k)), T(level::coefficient<Outer>(b, k)));
    }
    return Result(y);
  }

  /// An operand's coefficients as numbers of type `T`: where they are, if they are such; else a copy.
  template <class Outer, class Result, bool Moves, class X>
  [[gnu::always_inline]] static constexpr decltype(auto) operand(const X& x) {
    using T = typename Result::scalar;
    if constexpr (!Moves) {
      return T(level::primal<Outer>(x));
    } else if constexpr (std::same_as<X, Result>) {
      return (x);
    } else {
      std::array<T, Result::order + 1> c{};
      for (int k = 0; k <= Result::order; ++k) c[static_cast<std::size_t>(k)] = T(level::coefficient<Outer>(x, k));
      return Result(c);
    }
  }
  template <class T, class X>
  [[gnu::always_inline]] static constexpr auto view(const X& x) {
    if constexpr (std::same_as<X, T>) {
      return series::Fixed<T>{x};
    } else {
      return series::Moving<T>{x.coefficients().data()};
    }
  }

  template <class Op, class Result, unsigned Moves, class... X>
  [[gnu::always_inline]] static constexpr Result along(const X&... x) {
    using T = typename Result::scalar;
    std::array<T, Result::order + 1> y{};
    if constexpr (Moves == 0) {
      y[0] = op::apply<Op>(x...);
    } else if constexpr (graph::in_ring(op::code<Op>)) {
      y[0] = op::apply<Op>(view<T>(x)[0]...);
#pragma GCC unroll 16
      for (int k = 1; k <= Result::order; ++k) {
        y[static_cast<std::size_t>(k)] = series::coefficient<Op>(y.data(), k, view<T>(x)...);
      }
    } else {
      using System = graph::System<series::OneRow<Op, Moves>, Result::order>;
      const series::Run<System, T> run(series::Inputs<T, decltype(view<T>(x))...>{{view<T>(x)...}});
#pragma GCC unroll 16
      for (int k = 0; k <= Result::order; ++k) y[static_cast<std::size_t>(k)] = run.template output<0>(k);
    }
    return Result(y);
  }
};

}  // namespace duet
