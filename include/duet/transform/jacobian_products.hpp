// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/forward.hpp>
#include <duet/transform/kept_arguments.hpp>
#include <duet/transform/reserve.hpp>

/// Products of a Jacobian with several directions at once, again and again.
namespace duet::transform {

/// Evaluates `F` on duals in place of those of its arguments `X...` that `W` selects. The duals are kept from one time
/// to the next.
template <class F, class W, class... X>
class JacobianProducts {
 public:
  using Call = transform::Call<F, W, X...>;
  using T = typename Call::number;

  /// What `f` is evaluated on.
  template <int N>
  using Number = Dual<T, N, FromReserve<Call>>;

  /// How many directions there may be. Three serve tridiagonal matrices, which are frequent; more would cost them time,
  /// and fewer the others. (A number for each count of colours would be compiled for each count.)
  static constexpr int few = 3, many = 8;
  static constexpr int unnamed = -1;

  /// What `f` returns at `x...` on duals with `N` directions; element k of direction l is `direction(k, l)`. The
  /// directions are not asked for again as long as they have the same `name`, unless that is `unnamed`.
  template <int N>
  auto evaluate(const F& f, int name, const auto& direction, const X&... x) {
    using D = Number<N>;
    Evaluation<N>& own = std::get<Evaluation<N>>(evaluations_);
    const auto make = [&](std::size_t k, const T& primal) {
      std::array<T, N> t;
      for (int l = 0; l < N; ++l) t[static_cast<std::size_t>(l)] = direction(k, l);
      return D(primal, t);
    };
    if (name != unnamed && own.name == name) {
      own.arguments.set(
          make, [](D& d, std::size_t, const T& primal) { d = D(primal, d.tangents()); }, x...);
    } else {
      own.name = unnamed;
      own.arguments.set(
          make, [&](D& d, std::size_t k, const T& primal) { d = make(k, primal); }, x...);
      own.name = name;
    }
    return settled(own.arguments.call(f, x...));
  }

  /// Forgets the names of directions.
  void forget_directions() {
    std::apply([](auto&... each) { ((each.name = unnamed), ...); }, evaluations_);
  }

  /// Calls take(i, products) for every output i of what `evaluate` has returned, with the elements of its products.
  template <int N>
  static void for_each_row(const auto& y, const auto& take) {
    int i = 0;
    tree::for_each_leaf(y, [&](const auto& leaf) { take(i++, tangents<Number<N>>(leaf)); });
  }

  template <int N>
  static auto value(const auto& y) {
    return tree::map_leaves<T>(y, [](const auto& leaf) { return T(level::primal<Number<N>>(number(leaf))); });
  }

 private:
  /// The arguments of an evaluation with `N` directions.
  template <int N>
  struct Evaluation {
    KeptArguments<Number<N>, W, X...> arguments;
    int name = unnamed;
  };

  template <class Leaf>
  static auto number(const Leaf& x) -> typename op::kept<Leaf>::type {
    return x;
  }
  template <class D, class Leaf>
  static decltype(auto) tangents(const Leaf& leaf) {
    if constexpr (std::same_as<Leaf, D>) {
      return leaf.tangents();
    } else {
      const auto x = number(leaf);
      std::array<T, D::directions> t;
      for (int l = 0; l < D::directions; ++l) t[static_cast<std::size_t>(l)] = T(level::tangent<D>(x, l));
      return t;
    }
  }

  std::tuple<Evaluation<few>, Evaluation<many>> evaluations_;
};

}  // namespace duet::transform
