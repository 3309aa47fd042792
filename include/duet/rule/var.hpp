// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/rule/arguments.hpp>
#include <duet/tape/external.hpp>
#include <duet/tape/record.hpp>

/// Rules on the dynamic tape.
namespace duet::rule {

/// The path of arguments `X...` some of which are made of variables of type `Var<T>`.
template <class T>
class VarPath {
  using V = Var<T>;

  /// An argument whose expressions have been recorded.
  template <class Arg>
  static auto settled(const Arg& x) {
    if constexpr (varies<Arg>) {
      return tree::map_leaves<V>(x, [](const auto& one) { return V(one); });
    } else {
      return x;
    }
  }
  template <class Arg>
  static auto primal(const Arg& x) {
    if constexpr (varies<Arg>) {
      return tree::map_leaves<T>(x, [](const V& one) { return one.primal(); });
    } else {
      return x;
    }
  }
  /// The tangents of an argument: zeros that are known on the tape as its variables. A linear function of them is
  /// recorded with the right derivatives, whatever their values are; thus the tape transposes the rule.
  template <class Arg>
  static auto tangent(const Arg& x) {
    if constexpr (varies<Arg>) {
      return tree::map_leaves<V>(x, [](const V& one) { return V(T(0), one.key()); });
    } else {
      return NoTangent();
    }
  }

  template <class Number>
  static T number_of(const Number& x) {
    if constexpr (std::convertible_to<const Number&, T>) {
      return T(x);
    } else {
      return V(x).primal();
    }
  }

  /// The number `value`, whose derivatives are those of `tangent`.
  static V declared(const T& value, const V& tangent) {
    if (!tangent.is_recorded()) return V(value);
    DynamicTape<T>* const tape = DynamicTape<T>::active();
    if (!tape) throw TapeError(tape::no_active_tape);
    tape->index_of(tangent);  // throws if it is not of the tape
    const tape::Key key = tangent.key();
    const T one(1);
    return tape::Linear<T>::write(*tape, value, &key, &one, 1);
  }

 public:
  /// The value by a rule for tangents, which is called once and records its own transpose.
  template <class Self, class... X>
  static auto push(const Self& self, const X&... x) {
    return [&](const auto&... s) {
      const auto result = call_rule(self.rule, self, joined(primal(s)...), joined(tangent(s)...));
      const auto value = own_value(self, packed(primal(s)...), std::get<0>(result));
      const std::vector<V> tangents = tree::leaves_as<V>(std::get<1>(result));
      auto t = tangents.begin();
      return tree::map_leaves<V>(value, [&](const auto& one) { return declared(number_of(one), *t++); });
    }(settled(x)...);
  }

  /// The value by a rule for cotangents: one record, which keeps the residuals.
  template <class Self, class... X>
  static auto pull(const Self& self, const X&... x) {
    return [&](const auto&... s) {
      auto primals = packed(primal(s)...);
      auto result = std::apply([&](const auto&... p) { return call_forward(self.forward, self, p...); }, primals);
      auto value = tree::map_leaves<T>(own_value(self, primals, std::get<0>(result)),
                                       [](const auto& one) { return number_of(one); });
      std::vector<V> inputs;
      for_each_varying(primals, std::tie(s...), [&](const V& one) { inputs.push_back(one); });
      const std::vector<T> values = tree::leaves_as<T>(value);
      using Pull = Pullback<std::remove_cvref_t<decltype(self.backward)>,
                            std::remove_cvref_t<decltype(std::get<1>(result))>, decltype(value), decltype(primals)>;
      const std::vector<V> outputs = tape::record_external<T>(
          inputs, values, Pull{self.backward, std::move(std::get<1>(result)), value, std::move(primals)});
      auto output = outputs.begin();
      return tree::map_leaves<V>(value, [&](const T&) { return *output++; });
    }(settled(x)...);
  }

 private:
  /// What the record does in a sweep.
  template <class Backward, class Residuals, class Value, class Arguments>
  struct Pullback {
    [[no_unique_address]] Backward backward;
    Residuals residuals;
    Value value;  // for its structure and sizes, as the arguments
    Arguments arguments;

    void operator()(std::span<const T> w, std::span<T> x) const {
      std::size_t k = 0;
      const auto cotangent = tree::map_leaves<T>(value, [&](const T&) { return w[k++]; });
      const auto cotangents = call_backward(backward, residuals, cotangent, arguments);
      k = 0;
      for_each_varying(arguments, cotangents, [&](const auto& one) {
        x[k] = x[k] + number_of(one);
        ++k;
      });
    }
  };
};

}  // namespace duet::rule
