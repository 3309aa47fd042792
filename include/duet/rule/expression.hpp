// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/evaluate.hpp>
#include <duet/rule/traced.hpp>

/// Rules on expressions: the elements of the Jacobian are the expressions that the rule gives for unit tangents (or
/// cotangents), and are attached to the value.
namespace duet::rule {

class ExpressionPath : public RecordingPath<ExpressionPath> {
  friend RecordingPath;

  template <class... E>
  static constexpr auto expressions(const std::tuple<E...>& leaves) {
    return std::apply([](const auto&... one) { return packed(ExpressionEngine::as_expression(one)...); }, leaves);
  }
  template <class... E>
  static constexpr auto row(const std::tuple<E...>& leaves) {
    return tree::MixedLeaves<E...>{leaves};
  }

  /// An argument whose leaves are expressions.
  template <class Arg>
  static constexpr auto settled(const Arg& x) {
    if constexpr (varies<Arg>) {
      return tree::build<Arg>(row(expressions(tree::leaf_tuple(x))));
    } else {
      return x;
    }
  }

  template <class Arg>
  static constexpr int varying_leaves() {
    if constexpr (varies<Arg>) {
      return tree::leaves<Arg>;
    } else {
      return 0;
    }
  }

  /// `Arg`'s part of the unit vector of leaf `Which`, where its own leaves begin at `First`.
  template <class Arg, int Which, int First>
  static constexpr auto unit() {
    if constexpr (varies<Arg>) {
      return [&]<int... K>(std::integer_sequence<int, K...>) {
        return tree::build<Arg>(row(std::tuple<expr::Literal<(First + K == Which ? 1 : 0)>...>()));
      }
      (std::make_integer_sequence<int, tree::leaves<Arg>>{});
    } else {
      return NoTangent();
    }
  }
  template <int Which, class... X>
  static constexpr auto units(const std::tuple<X...>&) {
    constexpr int counts[] = {varying_leaves<X>()...};
    constexpr auto before = [](const int(&c)[sizeof...(X)], std::size_t k) {
      int sum = 0;
      for (std::size_t i = 0; i < k; ++i) sum += c[i];
      return sum;
    };
    return [&]<std::size_t... K>(std::index_sequence<K...>) { return joined(unit<X, Which, before(counts, K)>()...); }
    (std::index_sequence_for<X...>{});
  }

  /// The leaves of those of `arguments` that vary, or of what stands in their places in `x`.
  template <class... X, class Tuple>
  static constexpr auto leaves_of(const std::tuple<X...>&, const Tuple& x) {
    const auto of_one = []<class Arg>(std::type_identity<Arg>, const auto& one) {
      if constexpr (varies<Arg>) {
        return expressions(tree::leaf_tuple(one));
      } else {
        return std::tuple<>();
      }
    };
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return std::tuple_cat(of_one(std::type_identity<X>(), std::get<K>(x))...);
    }
    (std::index_sequence_for<X...>{});
  }

  /// `y` with the slopes attached that `slope(j)` gives for the inputs from number `J` on.
  template <int J, class Y, class... X, class Slope>
  static constexpr auto attach(const Y& y, const std::tuple<X...>& inputs, const Slope& slope) {
    if constexpr (J == sizeof...(X)) {
      return y;
    } else {
      return attach<J + 1>(
          op::apply<op::Attach>(y, std::get<J>(inputs), slope(std::integral_constant<std::size_t, J>{})), inputs,
          slope);
    }
  }

  /// `y`, leaf `I` of a value, with `slope(I, j)` attached.
  template <std::size_t I, class Y, class... X, class Slope>
  static constexpr auto attached_leaf(const Y& y, const std::tuple<X...>& inputs, const Slope& slope) {
    return attach<0>(op::apply<op::StopGradient>(y), inputs,
                     [&](auto j) { return slope(std::integral_constant<std::size_t, I>{}, j); });
  }

  /// The value with `slope(i, j)` attached to its leaves i.
  template <class Value, class... X, class Slope>
  static constexpr auto attached(const Value& value, const std::tuple<X...>& x, const Slope& slope) {
    const auto inputs = leaves_of(x, x);
    const auto outputs = expressions(tree::leaf_tuple(value));
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return tree::build<Value>(row(packed(attached_leaf<I>(std::get<I>(outputs), inputs, slope)...)));
    }
    (std::make_index_sequence<std::tuple_size_v<std::remove_const_t<decltype(outputs)>>>{});
  }

  template <class F, class... X>
  static constexpr auto exhausted(const F& f, const std::tuple<X...>& x) {
    static_assert(recordable<F, X...>());
    const auto inputs = leaves_of(x, x);
    return attached(std::apply(f, x), x, [&](auto, auto j) { return unknown(std::get<j>(inputs)); });
  }

  template <class Self, class... X>
  static constexpr auto push_at(const Self& self, const std::tuple<X...>& x) {
    if constexpr (Self::depth == greatest_order) {
      return exhausted(self.f, x);
    } else {
      const auto primals = std::apply([](const auto&... one) { return joined(one...); }, x);
      constexpr std::size_t inputs = (std::size_t{0} + ... + static_cast<std::size_t>(varying_leaves<X>()));
      const auto columns = [&]<std::size_t... J>(std::index_sequence<J...>) {
        return packed(call_rule(self.rule, self.deeper(), primals, units<static_cast<int>(J)>(x))...);
      }
      (std::make_index_sequence<inputs>{});
      const auto value = TracedPath::value_of(self.f, x, [&] { return std::get<0>(std::get<0>(columns)); });
      return attached(value, x, [&](auto i, auto j) {
        return std::get<i>(expressions(tree::leaf_tuple(std::get<1>(std::get<j>(columns)))));
      });
    }
  }

  template <class Self, class... X>
  static constexpr auto pull_at(const Self& self, const std::tuple<X...>& x) {
    if constexpr (Self::depth == greatest_order) {
      return exhausted(self.f, x);
    } else {
      const auto result =
          std::apply([&](const auto&... one) { return call_forward(self.forward, self.deeper(), one...); }, x);
      using Value = std::tuple_element_t<0, std::remove_const_t<decltype(result)>>;
      const auto value = TracedPath::value_of(self.f, x, [&] { return std::get<0>(result); });
      const auto rows = [&]<std::size_t... I>(std::index_sequence<I...>) {
        return packed(leaves_of(
            x, call_backward(self.backward, std::get<1>(result), unit<Value, static_cast<int>(I), 0>(), x))...);
      }
      (std::make_index_sequence<static_cast<std::size_t>(tree::leaves<Value>)>{});
      return attached(value, x, [&](auto i, auto j) { return std::get<j>(std::get<i>(rows)); });
    }
  }
};

}  // namespace duet::rule
