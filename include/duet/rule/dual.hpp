// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/dual.hpp>
#include <duet/rule/arguments.hpp>

/// Rules on duals: the rule is called with the parts of the arguments, one level of derivatives lower.
namespace duet::rule {

/// The path of arguments `X...` some of which are duals of the level of `Outer`.
template <class Outer, class... X>
class DualPath {
  /// The number that the leaves of an argument are without the tangents of this level.
  template <class Arg>
  using leaf = number_in<Arg>;
  template <class Arg>
  using number = decltype(level::primal<Outer>(std::declval<leaf<Arg>>()));

  template <class Arg>
  static constexpr auto primal(const Arg& x) {
    if constexpr (varies<Arg>) {
      return tree::map_leaves<number<Arg>>(
          x, [](const auto& one) { return number<Arg>(level::primal<Outer>(leaf<Arg>(one))); });
    } else {
      return x;
    }
  }
  template <class Arg>
  static constexpr auto tangent(const Arg& x, int i) {
    if constexpr (varies<Arg>) {
      return tree::map_leaves<number<Arg>>(
          x, [&](const auto& one) { return number<Arg>(level::tangent<Outer>(leaf<Arg>(one), i)); });
    } else {
      return NoTangent();
    }
  }

  template <class Arg>
  static constexpr auto varying_part(const Arg& x) {
    if constexpr (varies<Arg>) {
      return x;
    } else {
      return NoTangent();
    }
  }
  /// What `Arg` contributes to a common type of numbers.
  template <class V, class Arg, class Number>
  struct one_number : std::conditional<varies<Arg>, Number, V> {};

  static constexpr int directions = Outer::directions;

  /// The duals with values and tangents `t`, those of direction 0 first.
  template <class S, class Value, class Tangents>
  static constexpr auto duals(const Value& value, const Tangents& t) {
    using D = Dual<S, directions, typename Outer::tag>;
    const std::size_t count = t.size() / directions;
    std::size_t k = 0;
    return tree::map_leaves<D>(value, [&](const auto& one) {
      std::array<S, directions> tangents{};
      for (std::size_t i = 0; i < directions; ++i) tangents[i] = t[i * count + k];
      ++k;
      return D(S(one), tangents);
    });
  }

 public:
  /// The value and the tangents by a rule for tangents, which is called once for each direction.
  template <class Self>
  static constexpr auto push(const Self& self, const X&... x) {
    const auto primals = packed(primal(x)...);
    const auto at = [&](int i) {
      const auto together = std::apply([](const auto&... p) { return joined(p...); }, primals);
      return call_rule(self.rule, self, together, joined(tangent(x, i)...));
    };
    const auto result = at(0);
    const auto value = own_value(self, primals, std::get<0>(result));
    using Value = std::remove_const_t<decltype(value)>;
    using S = std::common_type_t<number_in<Value>, number_in<std::remove_cvref_t<decltype(std::get<1>(result))>>>;
    auto t = numbers<S, Value, directions>(tree::count_leaves(value));
    std::size_t k = 0;
    const auto put = [&](const auto& one) { t[k++] = S(one); };
    tree::for_each_leaf(std::get<1>(result), put);
    for (int i = 1; i < directions; ++i) {
      const auto other = at(i);
      tree::for_each_leaf(std::get<1>(other), put);
    }
    return duals<S>(value, t);
  }

  /// The same by a rule for cotangents, which is called once for each number of the value.
  template <class Self>
  static constexpr auto pull(const Self& self, const X&... x) {
    const auto primals = packed(primal(x)...);
    const auto result = std::apply([&](const auto&... p) { return call_forward(self.forward, self, p...); }, primals);
    const auto value = own_value(self, primals, std::get<0>(result));
    using Value = std::remove_const_t<decltype(value)>;
    using V = number_in<Value>;
    const std::size_t count = tree::count_leaves(value);
    const auto row = [&](std::size_t output) {
      std::size_t k = 0;
      const auto unit = tree::map_leaves<V>(value, [&](const auto&) { return V(k++ == output ? 1 : 0); });
      return call_backward(self.backward, std::get<1>(result), unit, primals);
    };
    using Row = decltype(row(0));
    using S = typename common<V, Row>::type;

    const auto varying = packed(varying_part(x)...);
    using Varying = std::remove_const_t<decltype(varying)>;
    const std::size_t inputs = tree::count_leaves(varying);
    auto tangents = numbers<S, Varying, directions>(inputs);
    std::size_t k = 0;
    for (int i = 0; i < directions; ++i) {
      tree::for_each_leaf(varying, [&](const auto& one) { tangents[k++] = S(level::tangent<Outer>(one, i)); });
    }
    auto t = numbers<S, Value, directions>(count);
    for (std::size_t output = 0; output < count; ++output) {
      std::size_t input = 0;
      for_each_varying(primals, row(output), [&](const auto& slope) {
        for (std::size_t i = 0; i < directions; ++i) {
          add_product(t[i * count + output], S(slope), tangents[i * inputs + input]);
        }
        ++input;
      });
    }
    return duals<S>(value, t);
  }

 private:
  /// The number for the tangents of values `V`, given the cotangents `Row` of the arguments.
  template <class V, class Row>
  struct common;
  template <class V, class... C>
  struct common<V, std::tuple<C...>> : std::common_type<V, typename one_number<V, X, number<X>>::type...,
                                                        typename one_number<V, X, number_in<C>>::type...> {};

  /// A zero stays zero, whatever it is multiplied by.
  template <class S>
  static constexpr void add_product(S& sum, const S& slope, const S& tangent) {
    using op::is_zero;
    if constexpr (std::same_as<decltype(is_zero(tangent)), bool>) {
      if (is_zero(tangent) || is_zero(slope)) return;
    }
    sum = sum + slope * tangent;
  }
};

}  // namespace duet::rule
