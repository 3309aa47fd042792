// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/rule/custom.hpp>
#include <duet/transform/jacobian.hpp>
#include <duet/transform/product.hpp>

/// Functions that are given by equations: whoever solves these, and however, the derivatives follow from the equations.
namespace duet {

namespace rule {

/// Solves linear systems of the size of a root of several unknowns; defined in <duet/rule/eigen.hpp>.
template <class Structure>
struct SmallSystem;

/// The same numbers as ones of type `S`.
template <class S, class X>
constexpr auto lifted(const X& x) {
  return tree::map_leaves<S>(x, [](const auto& one) { return S(one); });
}

/// The rule of x(p) with f(x, p) = 0: f_x dx = -f_p dp.
template <class F>
struct RootRule {
  [[no_unique_address]] F f;

  template <class Self, class P, class T>
  constexpr auto operator()(const Self& self, const P& p, const T& t) const {
    const auto& arguments = transform::arguments(p);
    const auto x = std::apply(self, arguments);
    // f is called with numbers of one type, whatever varies
    const auto residual = [&]<class Y>(const Y& y) {
      using S = typename tree::common_leaf<Y>::type;
      return std::apply([&](const auto&... q) { return f(y, lifted<S>(q)...); }, arguments);
    };
    const auto at_root = [&]<class... Q>(const Q&... q) {
      using S = typename tree::common_leaf<Q...>::type;
      return f(lifted<S>(x), lifted<S>(q)...);
    };
    const auto along = jvp<Forward>(at_root, p, t).second;
    using X = std::remove_const_t<decltype(x)>;
    if constexpr (!tree::is_container<X>) {
      const auto slope = jvp<Forward>(residual, x, X(1)).second;
      return std::pair(x, -(along / slope));
    } else {
      static_assert(
          requires { sizeof(SmallSystem<X>); },
          "duet: the derivatives of a root of several unknowns take a linear solver; #include "
          "<duet/rule/eigen.hpp>");
      return std::pair(x, SmallSystem<X>::negative_solution(jacobian<Forward>(residual)(x), along));
    }
  }
};

/// g(x, p) - x.
template <class G>
struct Defect {
  [[no_unique_address]] G g;

  template <class X, class... P>
  constexpr auto operator()(const X& x, const P&... p) const {
    const auto y = g(x, p...);
    using Y = std::remove_const_t<decltype(y)>;
    if constexpr (!tree::is_container<Y>) {
      return y - x;
    } else {
      static_assert(tree::mismatch<X, Y>::fits,
                    "duet: the function of a fixed point must return what it is given, in the same structure");
      using S = std::common_type_t<typename op::kept<typename tree::common_leaf<X>::type>::type,
                                   typename op::kept<typename tree::common_leaf<Y>::type>::type>;
      auto points = numbers<S, X>(tree::count_leaves(x));
      std::size_t k = 0;
      tree::for_each_leaf(x, [&](const auto& one) { points[k++] = S(one); });
      k = 0;
      return tree::map_leaves<S>(y, [&](const auto& one) { return S(one - points[k++]); });
    }
  }
};

}  // namespace rule

/// The function p... -> x with f(x, p...) = 0, where x is what `solver(p...)` finds, by any means: it is called with
/// plain numbers (on the static tape, with recorded ones), and its accuracy is that of the result. The derivatives,
/// of any order, are those of the equation. x is a number, or (with <duet/rule/eigen.hpp>) an array or vector, and f
/// returns as much.
///
/// Cost: besides the solver, a derivative of f by x and one along p for each direction of p; for n unknowns the
/// Jacobian by x and the solution of a linear system.
template <class F, class Solver>
constexpr auto root(const F& f, const Solver& solver) {
  return custom_jvp(solver, rule::RootRule<F>{f});
}

/// The function p... -> x with x = g(x, p...), where x is what `solver(p...)` finds; see `root`.
template <class G, class Solver>
constexpr auto fixed_point(const G& g, const Solver& solver) {
  return root(rule::Defect<G>{g}, solver);
}

}  // namespace duet
