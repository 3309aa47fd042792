// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/rule/arguments.hpp>
#include <duet/series/engine.hpp>

/// Rules on series: y' is what the rule makes of x and x', which are series of one order less; y is its integral.
namespace duet::rule {

/// The path of arguments `X...` some of which are series of the level of `Outer`.
template <class Outer, class... X>
class SeriesPath {
  static constexpr int order = Outer::order;
  template <class S>
  using lower = Series<S, (order > 0 ? order - 1 : 0), typename Outer::tag>;
  using Lower = lower<typename Outer::scalar>;

  template <class Arg>
  using leaf = number_in<Arg>;
  template <class Level, class Leaf>
  using scalar = decltype(level::coefficient<Level>(std::declval<const Leaf&>(), 0));

  template <class Arg>
  static constexpr auto primal(const Arg& x) {
    using S = scalar<Outer, leaf<Arg>>;
    return tree::map_leaves<S>(x, [](const auto& one) { return S(level::coefficient<Outer>(leaf<Arg>(one), 0)); });
  }
  /// The argument without its last coefficient, and its derivative along the path.
  template <class Arg>
  static constexpr auto shortened(const Arg& x) {
    return lowered(x, [](const auto& one, int k) { return level::coefficient<Outer>(one, k); });
  }
  template <class Arg>
  static constexpr auto derivative(const Arg& x) {
    return lowered(x, [](const auto& one, int k) { return (k + 1) * level::coefficient<Outer>(one, k + 1); });
  }
  template <class Arg>
  static constexpr auto lowered(const Arg& x, const auto& coefficient) {
    using S = scalar<Outer, leaf<Arg>>;
    return tree::map_leaves<lower<S>>(x, [&](const auto& one) {
      std::array<S, Lower::order + 1> c{};
      for (int k = 0; k < order; ++k) c[static_cast<std::size_t>(k)] = S(coefficient(leaf<Arg>(one), k));
      return lower<S>(c);
    });
  }

  /// What an argument is replaced by, if it varies.
  template <class Arg>
  static constexpr auto replaced(const Arg& x, const auto& by) {
    if constexpr (varies<Arg>) {
      return by(x);
    } else {
      return x;
    }
  }
  static constexpr auto primals(const X&... x) {
    return packed(replaced(x, [](const auto& one) { return primal(one); })...);
  }
  static constexpr auto shortened_all(const X&... x) {
    return packed(replaced(x, [](const auto& one) { return shortened(one); })...);
  }
  template <class Arg>
  static constexpr auto tangent(const Arg& x) {
    if constexpr (varies<Arg>) {
      return derivative(x);
    } else {
      return NoTangent();
    }
  }

  /// The series with these values and derivatives.
  template <class Value, class Tangent>
  static constexpr auto integral(const Value& value, const Tangent& t) {
    using S = std::common_type_t<number_in<Value>, scalar<Lower, number_in<Tangent>>>;
    using Y = Series<S, order, typename Outer::tag>;
    constexpr std::size_t each = order + 1;
    auto c = numbers<S, Value, each>(tree::count_leaves(value));
    std::size_t i = 0;
    tree::for_each_leaf(t, [&](const auto& one) {
      for (int k = 0; k < order; ++k) {
        c[i * each + static_cast<std::size_t>(k) + 1] =
            S(level::coefficient<Lower>(number_in<Tangent>(one), k)) / (k + 1);
      }
      ++i;
    });
    i = 0;
    return tree::map_leaves<Y>(value, [&](const auto& one) {
      std::array<S, each> coefficients{S(one)};
      for (std::size_t k = 1; k < each; ++k) coefficients[k] = c[i * each + k];
      ++i;
      return Y(coefficients);
    });
  }

 public:
  /// By a rule for tangents, which is called once.
  template <class Self>
  static constexpr auto push(const Self& self, const X&... x) {
    const auto value = std::apply(self, primals(x...));
    if constexpr (order == 0) {
      return integral(value, value);
    } else {
      const auto at = std::apply([](const auto&... p) { return joined(p...); }, shortened_all(x...));
      return integral(value, std::get<1>(call_rule(self.rule, self, at, joined(tangent(x)...))));
    }
  }

  /// By a rule for cotangents, which is called once for each number of the value.
  template <class Self>
  static constexpr auto pull(const Self& self, const X&... x) {
    const auto value = std::apply(self, primals(x...));
    if constexpr (order == 0) {
      return integral(value, value);
    } else {
      const auto at = shortened_all(x...);
      const auto result = std::apply([&](const auto&... p) { return call_forward(self.forward, self, p...); }, at);
      using V = number_in<std::remove_const_t<decltype(value)>>;
      const auto directions = packed(tangent(x)...);
      std::size_t output = 0;
      const auto slope = [&](const auto&) {
        std::size_t k = 0;
        const auto unit = tree::map_leaves<V>(value, [&](const auto&) { return V(k++ == output ? 1 : 0); });
        ++output;
        return along(at, call_backward(self.backward, std::get<1>(result), unit, at), directions);
      };
      using T = decltype(slope(value));
      return integral(value, tree::map_leaves<T>(value, slope));
    }
  }

 private:
  /// The product of cotangents and derivatives, both in the structure of the arguments.
  template <class At, class Cotangents, class Directions>
  static constexpr auto along(const At& at, const Cotangents& c, const Directions& d) {
    using C = typename common_among<At, Cotangents>::type;
    using D = typename common_among<At, Directions>::type;
    using T = decltype(std::declval<C>() * std::declval<D>() + std::declval<C>() * std::declval<D>());
    const auto n = count_varying(at);
    auto factors = numbers<C, At>(n);
    std::size_t i = 0;
    for_each_varying(at, c, [&](const auto& one) { factors[i++] = C(one); });
    i = 0;
    T sum(0);
    for_each_varying(at, d, [&](const auto& one) { sum = sum + factors[i++] * D(one); });
    return sum;
  }

  template <class At, class Parts>
  struct common_among;
  template <class... A, class... P>
  struct common_among<std::tuple<A...>, std::tuple<P...>> {
    template <class Arg, class Part>
    using leaves_of = std::conditional_t<varies<Arg>, all_leaf_types<Part>, std::tuple<>>;
    using type = typename common_kept<decltype(std::tuple_cat(std::declval<leaves_of<A, P>>()...))>::type;
  };

  template <class At>
  static constexpr std::size_t count_varying(const At& at) {
    std::size_t n = 0;
    for_each_varying(at, at, [&](const auto&) { ++n; });
    return n;
  }
};

}  // namespace duet::rule
