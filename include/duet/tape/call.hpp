// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/cost.hpp>
#include <duet/tape/flat.hpp>
#include <duet/tape/record.hpp>
#include <duet/tape/recording.hpp>
#include <duet/tape/varying.hpp>

/// What kernels and maps have in common: a call of a function whose arguments are partly variables, as a graph.
namespace duet::tape {

/// The arguments that are made of variables on `T`, as a list of their places; if there are none, place -1.
template <class T, class List, int Next, class... X>
struct places;
template <class T, int... I, int Next>
struct places<T, Wrt<I...>, Next> : std::conditional<sizeof...(I) == 0, Wrt<-1>, Wrt<I...>> {};
template <class T, int... I, int Next, class X, class... Rest>
struct places<T, Wrt<I...>, Next, X, Rest...>
    : places<T, std::conditional_t<varies<T, X>, Wrt<I..., Next>, Wrt<I...>>, Next + 1, Rest...> {};

/// The graphs of a call of `F` with arguments `X...`, some of which are made of `Var<T>`. Their inputs are the leaves
/// of the variable arguments, those of the other arguments, and what the function captured.
template <class T, class F, class... X>
struct Call {
  static_assert(((!varies<T, X> || !tree::run_time_sized<X>)&&...),
                "duet: kernels and maps take variables in structures whose size is known at compile time; go through a "
                "vector or a row of variables with map(f, each(x))");
  using Flat = tape::Flat<F, typename places<T, Wrt<>, 0, X...>::type,
                          std::remove_cvref_t<decltype(primals_of<T>(std::declval<const X&>()))>...>;
  using Recording = recording<Flat, 0>;
  using Result = typename Recording::result;
  using Primal = graph::Frozen<Recording>;
  static constexpr int variables = Flat::variables;
  static constexpr int outputs = Primal::extent.outputs;
  static constexpr int parameters = Primal::extent.inputs - variables;

  struct Jacobian {
    static constexpr graph::Graph make() {
      constexpr Mode mode = outputs <= variables ? Mode::reverse : Mode::forward;
      return graph::with_jacobian(Primal::graph, variables, mode);
    }
  };

  /// The cotangents of the variables alone; those of the outputs come after the other inputs. With guards, cotangents
  /// of zero stay zero; the operations for that are often half of all, and without them they may give NaN (`reverse`).
  template <bool Guarded>
  struct PullbackOf {
    static constexpr graph::Graph make() {
      graph::Recorder r(Primal::graph, 0);
      const graph::List<int> y = graph::outputs_of(Primal::graph);
      const graph::List<int> w = graph::inputs(r, outputs);
      graph::PartialsOf partial(r);
      return graph::extract(r, graph::reverse(partial, graph::first_inputs(variables), y, w, Guarded));
    }
  };
  using Pullback = PullbackOf<true>;

  /// The values of the arguments, as the function that is recorded and as rows of its variables and parameters.
  [[gnu::always_inline]] static constexpr auto with_primals(const F& f, const auto& then, const X&... x) {
    return with(f, then, primals_of<T>(x)...);
  }

 private:
  template <class... P>
  [[gnu::always_inline]] static constexpr auto with(const F& f, const auto& then, const P&... primals) {
    const Flat flat(f, primals...);
    const auto captured = Recording::captured(flat);
    return then(Flat::variables_of(primals...), Flat::parameters_of(primals...), captured);
  }
};

/// About what a graph costs, in additions.
template <class AnyGraph>
constexpr int weight(const AnyGraph& g) {
  const graph::Cost c = graph::count(g);
  return c.additions + c.multiplications + c.choices + 5 * c.divisions + 20 * c.transcendentals;
}

}  // namespace duet::tape
