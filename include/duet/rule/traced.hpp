// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/differentiate.hpp>
#include <duet/rule/arguments.hpp>

/// Rules while a graph is recorded. The rule is recorded on symbols in place of the tangents (or the cotangents), and
/// since it is linear in them, its derivatives with respect to them are the elements of the Jacobian that it stands
/// for. These are attached to the value.
namespace duet::rule {

/// A rule that calls its own function is recorded inside itself, once for each order of derivatives that may be asked
/// for; derivatives of a higher order are NaN.
inline constexpr int greatest_order = 4;

/// What paths on the static tape share: `Path` brings every argument into a form of its own (`settled`) and takes all
/// of them in a tuple (`push_at`, `pull_at`).
template <class Path>
class RecordingPath {
 public:
  /// The value by a rule for tangents.
  template <class Self, class... X>
  static constexpr auto push(const Self& self, const X&... x) {
    return Path::push_at(self, packed(Path::settled(x)...));
  }
  /// The value by a rule for cotangents.
  template <class Self, class... X>
  static constexpr auto pull(const Self& self, const X&... x) {
    return Path::pull_at(self, packed(Path::settled(x)...));
  }

 protected:
  template <class F, class... X>
  static constexpr bool recordable() {
    static_assert(std::invocable<const F&, const X&...>,
                  "duet: a rule that calls its own function can be recorded on the static tape only if the function "
                  "itself can: make it generic, or differentiate with DynamicTape or Forward");
    return true;
  }
};

/// Not a number, in a way that depends on `x`: compilers refuse to compute with the constant.
template <class X>
constexpr auto unknown(const X& x) {
  return sqrt(-1 - square(x));
}

class TracedPath : public RecordingPath<TracedPath> {
  friend RecordingPath;

  template <class Arg>
  static constexpr auto settled(const Arg& x) {
    if constexpr (varies<Arg>) {
      return tree::map_leaves<Traced>(x, [](const auto& one) { return Traced(one); });
    } else {
      return x;
    }
  }

  /// A node that is nothing but itself.
  static constexpr Traced symbol(graph::Recorder& r) {
    return Traced(r, r.emit_as_is(op::code<op::StopGradient>, r.constant(r.size() + 0.5), -1));
  }
  /// The structure of `x` with symbols as its leaves, which are added to `symbols`.
  template <class Arg>
  static constexpr auto symbols_like(graph::Recorder& r, const Arg& x, graph::List<int>& symbols) {
    if constexpr (varies<Arg>) {
      return tree::map_leaves<Traced>(x, [&](const auto&) {
        const Traced t = symbol(r);
        symbols.push_back(t.node(r));
        return t;
      });
    } else {
      return NoTangent();
    }
  }

  template <class... X>
  static constexpr graph::Recorder* recorder_of(const std::tuple<X...>& x) {
    graph::Recorder* r = nullptr;
    for_each_varying(x, x, [&](const Traced& one) { r = r ? r : one.recorder(); });
    return r;
  }
  template <class Y>
  static constexpr graph::List<int> nodes_of(graph::Recorder& r, const Y& y) {
    graph::List<int> nodes;
    tree::for_each_leaf(y, [&](const auto& one) { nodes.push_back(Traced(one).node(r)); });
    return nodes;
  }
  template <class... X, class C>
  static constexpr graph::List<int> nodes_of(graph::Recorder& r, const std::tuple<X...>& arguments, const C& x) {
    graph::List<int> nodes;
    for_each_varying(arguments, x, [&](const auto& one) { nodes.push_back(Traced(one).node(r)); });
    return nodes;
  }

  /// The value with `slopes` attached, those of the first output first.
  template <class Value>
  static constexpr auto attached(graph::Recorder& r, const Value& value, const graph::List<int>& inputs,
                                 const graph::List<int>& slopes) {
    std::size_t k = 0;
    return tree::map_leaves<Traced>(value, [&](const auto& one) {
      int y = r.emit<op::StopGradient>(Traced(one).node(r));
      for (int x : inputs) {
        const int slope = slopes[k++];
        if (slope != graph::none && !r.is_constant(x)) y = r.emit<op::Attach>(y, x, slope);
      }
      return Traced(r, y);
    });
  }

  static constexpr void require_linear(const graph::Recorder& r, const graph::List<int>& symbols,
                                       const graph::List<int>& slopes) {
    if (r.rehearses()) return;
    graph::List<int> nodes;
    for (int slope : slopes) {
      if (slope != graph::none) nodes.push_back(slope);
    }
    const graph::List<char> depends = graph::dependents(r, symbols, nodes);
    for (int node : nodes) {
      if (depends[node]) {
        throw Error("duet: a rule must be linear in the tangents (custom_jvp) or the cotangent (custom_vjp)");
      }
    }
  }

 public:
  /// The value of the function itself where it can be recorded, else that of the rule.
  template <class F, class... X, class Otherwise>
  static constexpr auto value_of(const F& f, const std::tuple<X...>& x, const Otherwise& otherwise) {
    if constexpr (std::invocable<const F&, const X&...>) {
      auto value = std::apply(f, x);
      static_assert(tree::mismatch<decltype(value), decltype(otherwise())>::fits,
                    "duet: the value that a rule returns must have the structure of the function's result");
      return value;
    } else {
      return otherwise();
    }
  }

 private:
  /// The end of a rule that calls its own function.
  template <class F, class... X>
  static constexpr auto exhausted(const F& f, const std::tuple<X...>& x) {
    static_assert(recordable<F, X...>());
    const auto value = std::apply(f, x);
    graph::Recorder* const r = recorder_of(x);
    if (!r) return tree::map_leaves<Traced>(value, [](const auto& one) { return Traced(one); });
    const graph::List<int> inputs = nodes_of(*r, x, x);
    graph::List<int> slopes;
    for (int k = 0; k < tree::leaves<decltype(value)>; ++k) {
      for (int x_node : inputs) {
        slopes.push_back(r->is_constant(x_node) ? graph::none : unknown(Traced(*r, x_node)).node(*r));
      }
    }
    return attached(*r, value, inputs, slopes);
  }

  template <class Self, class... X>
  static constexpr auto push_at(const Self& self, const std::tuple<X...>& x) {
    if constexpr (Self::depth == greatest_order) {
      return exhausted(self.f, x);
    } else {
      graph::Recorder constants;
      graph::Recorder* const found = recorder_of(x);
      graph::Recorder& r = found ? *found : constants;
      graph::List<int> symbols;
      const auto tangents = std::apply(
          [&](const auto&... one) {
            return std::tuple<decltype(symbols_like(r, one, symbols))...>{symbols_like(r, one, symbols)...};
          },
          x);
      const auto result =
          call_rule(self.rule, self.deeper(), std::apply([](const auto&... one) { return joined(one...); }, x),
                    std::apply([](const auto&... one) { return joined(one...); }, tangents));
      const auto value = value_of(self.f, x, [&] { return std::get<0>(result); });
      graph::List<int> slopes;
      const int one = r.constant(1);
      const graph::List<int> outputs = nodes_of(r, std::get<1>(result));
      graph::PartialsOf partial(r);
      for (int output : outputs) slopes.append(graph::reverse(partial, symbols, {output}, {one}));
      require_linear(r, symbols, slopes);
      return finished(found, value, x, slopes);
    }
  }

  template <class Self, class... X>
  static constexpr auto pull_at(const Self& self, const std::tuple<X...>& x) {
    if constexpr (Self::depth == greatest_order) {
      return exhausted(self.f, x);
    } else {
      graph::Recorder constants;
      graph::Recorder* const found = recorder_of(x);
      graph::Recorder& r = found ? *found : constants;
      const auto result =
          std::apply([&](const auto&... one) { return call_forward(self.forward, self.deeper(), one...); }, x);
      const auto value = value_of(self.f, x, [&] { return std::get<0>(result); });
      graph::List<int> symbols;
      const auto cotangent = symbols_like(r, std::get<0>(result), symbols);
      const graph::List<int> cotangents =
          nodes_of(r, x, call_backward(self.backward, std::get<1>(result), cotangent, x));
      graph::List<int> slopes;
      const int one = r.constant(1);
      graph::PartialsOf partial(r);
      for (int symbol : symbols) slopes.append(graph::forward(partial, {symbol}, {one}, cotangents));
      require_linear(r, symbols, slopes);
      return finished(found, value, x, slopes);
    }
  }

  /// Without a recorder there were constants only, which no derivative can be asked of.
  template <class Value, class... X>
  static constexpr auto finished(graph::Recorder* r, const Value& value, const std::tuple<X...>& x,
                                 const graph::List<int>& slopes) {
    if (!r) return constants_of(value);
    return attached(*r, value, nodes_of(*r, x, x), slopes);
  }
  template <class Value>
  static constexpr auto constants_of(const Value& value) {
    return tree::map_leaves<Traced>(value, [](const auto& one) {
      const Traced t(one);
      return t.recorder() ? Traced((*t.recorder())[t.node(*t.recorder())].value) : t;
    });
  }
};

}  // namespace duet::rule
