// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <duet/graph/step.hpp>
#include <duet/graph/system.hpp>
#include <duet/series/coefficient.hpp>

/// Running a graph on series, order by order.
namespace duet::series {

/// The nodes of system `S` with their coefficients so far, which are numbers of type `T`.
template <class S, class T>
class Run {
  static constexpr int row = S::order + 1;

 public:
  /// `x.template get<I>(k)` is coefficient k of input I.
  template <class X>
  [[gnu::always_inline]] constexpr explicit Run(const X& x) {
    for_each_node<0>([&](auto i) { v_[i][0] = value<i>(x); });
#pragma GCC unroll 16
    for (int k = 1; k <= S::order; ++k) {
      for_each_node<1>([&](auto i) {
        if (k <= S::plan.order[i]) v_[i][k] = next<i>(x, k);
      });
    }
  }

  /// Coefficient k of output number `I`.
  template <int I>
  [[gnu::always_inline]] constexpr T output(int k) const {
    constexpr int i = S::graph.outputs[I];
    if constexpr (S::plan.moves[i]) {
      return v_[i][k];
    } else {
      return k == 0 ? v_[i][0] : T(0);
    }
  }

 private:
  /// Calls f(number) for every node that is needed up to order `Least` at least.
  template <int Least, int First = 0, class F>
  [[gnu::always_inline]] static constexpr void for_each_node(const F& f) {
    constexpr int here = S::nodes - First < graph::block ? S::nodes - First : graph::block;
    if constexpr (here > 0) {
      [&]<int... I>(std::integer_sequence<int, I...>) {
        (call_if<(S::plan.order[First + I] >= Least), First + I>(f), ...);
      }
      (std::make_integer_sequence<int, here>{});
      for_each_node<Least, First + here>(f);
    }
  }
  template <bool Needed, int I, class F>
  [[gnu::always_inline]] static constexpr void call_if(const F& f) {
    if constexpr (Needed) f(std::integral_constant<int, I>{});
  }

  /// The values of the nodes, where a condition asks for them.
  struct Values {
    const T (*v)[row];
    constexpr const T& operator[](int i) const { return v[i][0]; }
  };
  template <int I>
  [[gnu::always_inline]] constexpr auto condition() const {
    return graph::condition<S, I>(Values{v_});
  }

  template <int I>
  [[gnu::always_inline]] constexpr auto operand() const {
    if constexpr (S::plan.moves[I]) {
      return Moving<T>{v_[I]};
    } else {
      return Fixed<T>{v_[I][0]};
    }
  }

  template <int I, class X>
  [[gnu::always_inline]] constexpr T value(const X& x) const {
    constexpr graph::Node n = S::graph.nodes[I];
    if constexpr (n.op == graph::Node::input) {
      return T(x.template get<n.a>(0));
    } else if constexpr (n.op == graph::Node::constant) {
      return T(n.value);
    } else {
      using Op = op::row<n.op>;
      if constexpr (Op::kind == op::Kind::predicate) {
        return T(0);  // worked out where a choice asks for it
      } else if constexpr (std::same_as<Op, op::Where>) {
        return op::apply<Op>(condition<n.a>(), v_[n.b][0], v_[n.c][0]);
      } else if constexpr (Op::arity == 1) {
        return op::apply<Op>(v_[n.a][0]);
      } else if constexpr (Op::arity == 2) {
        return op::apply<Op>(v_[n.a][0], v_[n.b][0]);
      } else {
        return op::apply<Op>(v_[n.a][0], v_[n.b][0], v_[n.c][0]);
      }
    }
  }

  /// Coefficient k > 0 of node `I`, which moves.
  template <int I, class X>
  [[gnu::always_inline]] constexpr T next(const X& x, int k) const {
    constexpr graph::Node n = S::graph.nodes[I];
    if constexpr (n.op == graph::Node::input) {
      return T(x.template get<n.a>(k));
    } else {
      using Op = op::row<n.op>;
      if constexpr (std::same_as<Op, op::Where>) {
        return op::apply<Op>(condition<n.a>(), operand<n.b>().at(k), operand<n.c>().at(k));
      } else if constexpr (!graph::in_ring(n.op)) {
        return by_partials<Op, I>(k, std::make_integer_sequence<int, Op::arity>{});
      } else if constexpr (Op::arity == 1) {
        return coefficient<Op>(v_[I], k, operand<n.a>());
      } else if constexpr (Op::arity == 2) {
        return coefficient<Op>(v_[I], k, operand<n.a>(), operand<n.b>());
      } else {
        return coefficient<Op>(v_[I], k, operand<n.a>(), operand<n.b>(), operand<n.c>());
      }
    }
  }

  template <class Op, int I, int... P>
  [[gnu::always_inline]] constexpr T by_partials(int k, std::integer_sequence<int, P...>) const {
    constexpr graph::Node n = S::graph.nodes[I];
    constexpr int first = S::plan.moves[n.a] ? 0 : S::plan.moves[n.operand(1)] ? 1 : 2;
    const auto term = [&]<int Place>(std::integral_constant<int, Place>) __attribute__((always_inline)) {
      return slope<Op, T>(operand<S::plan.partial[I][Place]>(), operand<n.operand(Place)>(), k);
    };
    T sum = term(std::integral_constant<int, first>{});
    const auto add = [&]<int Place>(std::integral_constant<int, Place> place) __attribute__((always_inline)) {
      if constexpr (Place > first && S::plan.moves[n.operand(Place)]) sum = sum + term(place);
    };
    (add(std::integral_constant<int, P>{}), ...);
    return sum / k;
  }

  T v_[S::nodes][row];
};

}  // namespace duet::series
