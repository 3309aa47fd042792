// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <tuple>
#include <vector>

#include <duet/tape/external.hpp>
#include <duet/tape/record.hpp>
#include <duet/tape/varying.hpp>

/// Functions that are run on numbers when they are called, and again with variables when they are differentiated.
namespace duet::tape {

/// The bytes of a structure's leaves.
template <class X>
std::size_t bytes_of(const X& x) {
  std::size_t bytes = 0;
  tree::for_each_leaf(x, [&](const auto& leaf) { bytes += sizeof leaf; });
  return bytes;
}

/// An argument that contains variables, kept as a structure `S` of their numbers.
template <class T, class S>
struct Input {
  S numbers;

  const S& plain() const { return numbers; }
  auto passive() const { return tree::map_leaves<Var<T>>(numbers, ToVariable<T>{}); }
  /// As variables of a tape, which are noted in `made`.
  auto variables(DynamicTape<T>& tape, std::vector<Var<T>>& made) const {
    return tree::map_leaves<Var<T>>(numbers, [&](const T& x) { return made.emplace_back(tape.variable(x)); });
  }
  std::size_t size() const { return tree::count_leaves(numbers); }
  std::size_t memory() const { return bytes_of(numbers); }
};

/// Any other argument, kept as it is.
template <class T, class X>
struct Constant {
  X value;

  const X& plain() const { return value; }
  const X& passive() const { return value; }
  const X& variables(DynamicTape<T>&, std::vector<Var<T>>&) const { return value; }
  static constexpr std::size_t size() { return 0; }
  std::size_t memory() const { return bytes_of(value); }
};

/// An argument as an `Input`, whether it contains variables or not.
template <class T, class X>
auto input(const X& x) {
  using S = tree::rebind<X, T>;
  return Input<T, S>{tree::map_leaves<T>(x, ToNumber<T>{})};
}

template <class T, class X>
auto keep(const X& x) {
  if constexpr (varies<T, X>) {
    return input<T>(x);
  } else {
    return Constant<T, X>{x};
  }
}

/// Appends the leaves of `x` to `row`, as variables.
template <class T, class X>
void append_variables(std::vector<Var<T>>& row, const X& x) {
  tree::for_each_leaf(x, [&](const auto& leaf) { row.push_back(Var<T>(leaf)); });
}

/// The inputs among some arguments in a row.
template <class T, class... X>
std::vector<Var<T>> variables_in(const X&... x) {
  std::vector<Var<T>> row;
  [[maybe_unused]] const auto append = [&](const auto& one) {
    if constexpr (varies<T, std::remove_cvref_t<decltype(one)>>) append_variables(row, one);
  };
  (append(x), ...);
  return row;
}

/// The number of inputs among kept arguments.
template <class... A>
std::size_t count(const A&... a) {
  return (std::size_t{0} + ... + a.size());
}

/// What `f` gives for the numbers of kept arguments. A function that takes variables only, or that holds some, is run
/// on passive ones; a tape of its own sees to it that none that it holds goes unnoticed.
template <class T, class F, class... A>
auto evaluate(const F& f, const A&... a) {
  constexpr bool on_numbers = [] {
    if constexpr (std::invocable<const F&, decltype(a.plain())...>) {
      return !varies<T, std::invoke_result_t<const F&, decltype(a.plain())...>>;
    } else {
      return false;
    }
  }();
  if constexpr (on_numbers) {
    using Y = std::invoke_result_t<const F&, decltype(a.plain())...>;
    if constexpr (std::same_as<Y, tree::rebind<Y, T>>) {
      return f(a.plain()...);
    } else {
      return tree::map_leaves<T>(f(a.plain()...), ToNumber<T>{});
    }
  } else {
    DynamicTape<T> none;
    return tree::map_leaves<T>(f(a.passive()...), [&](const auto& y) {
      const Var<T> result(y);
      none.index_of(result);  // throws if it is of another tape
      return result.primal();
    });
  }
}

/// The tape that a function was run on again, with its inputs and outputs.
template <class T>
struct Replay {
  DynamicTape<T> tape;
  std::vector<Var<T>> inputs, outputs;

  /// Runs `f` on kept arguments.
  template <class F, class... A>
  auto run(const F& f, const A&... a) {
    tape.clear();
    inputs.clear();
    outputs.clear();
    // in braces, since the order counts
    const std::tuple<decltype(a.variables(tape, inputs))...> arguments{a.variables(tape, inputs)...};
    auto y = std::apply(f, arguments);
    append_variables(outputs, y);
    return y;
  }

  /// Adds the derivatives of the sum of the outputs, weighted by `w`, to `x`.
  void pull(std::span<const T> w, std::span<T> x) {
    if (w.size() != outputs.size()) {
      throw Error(
          "duet: a function gave another number of results when it was run again; what it does must depend on its "
          "arguments only" +
          (" (" + std::to_string(outputs.size())) + " instead of " + std::to_string(w.size()) + ")");
    }
    tape.zero_grad();
    tape.backward(outputs, w);
    for (std::size_t k = 0; k < inputs.size(); ++k) x[k] = x[k] + tape.grad(inputs[k]);
  }
};

/// The structure of numbers `y` made of `inputs` by one record; see `record_external`.
template <class T, class Y, class Pull>
auto record_structure(const std::vector<Var<T>>& inputs, const Y& y, Pull pull) {
  const std::vector<T> values = tree::leaves_as<T>(y);
  const std::vector<Var<T>> outputs =
      record_external<T>(std::span<const Var<T>>(inputs), std::span<const T>(values), std::move(pull));
  return tree::map_leaves<Var<T>>(y, [next = outputs.begin()](const T&) mutable { return *next++; });
}

}  // namespace duet::tape
