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

/// An argument that contains variables, `X` if they are not expressions, kept as a structure of their numbers. A row
/// of variables is kept as a vector.
template <class T, class X>
struct Input {
  using Numbers = tree::rebind<X, T>;
  Numbers numbers;

  const Numbers& plain() const { return numbers; }
  auto passive() const { return tree::map_leaves<Var<T>>(numbers, ToVariable<T>{}); }
  /// As variables of a tape, the ones after the others.
  X variables(DynamicTape<T>& tape) const {
    if constexpr (std::same_as<X, Variables<T>>) {
      return tape.variables(numbers);
    } else {
      return tree::map_to<X>(numbers, [&](const T& x) { return tape.variable(x); });
    }
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
  const X& variables(DynamicTape<T>&) const { return value; }
  static constexpr std::size_t size() { return 0; }
  std::size_t memory() const { return bytes_of(value); }
};

/// An argument as an `Input`, whether it contains variables or not.
template <class T, class X>
auto input(const X& x) {
  return Input<T, tree::rebind<X, Var<T>>>{tree::map_leaves<T>(x, ToNumber<T>{})};
}

template <class T, class X>
auto keep(const X& x) {
  if constexpr (varies<T, X>) {
    return input<T>(x);
  } else {
    return Constant<T, X>{x};
  }
}

/// Appends what is in `x` to `row`.
template <class T, class X>
void append_inputs(Inputs<T>& row, const X& x) {
  if constexpr (std::same_as<X, Variables<T>>) {
    row.append(x);
  } else {
    tree::for_each_leaf(x, [&](const auto& leaf) { row.append(Var<T>(leaf)); });
  }
}

/// The inputs among some arguments in a row, after those that are given first.
template <class T, class... X>
Inputs<T> inputs_in(Inputs<T> row, const X&... x) {
  [[maybe_unused]] const auto append = [&](const auto& one) {
    if constexpr (varies<T, std::remove_cvref_t<decltype(one)>>) append_inputs(row, one);
  };
  (append(x), ...);
  return row;
}

/// What `f` gives for the numbers of kept arguments. A function that takes variables only, or that holds some, is run
/// on passive ones, or if it only takes rows, on variables; a tape of its own sees to it that none that it holds goes
/// unnoticed.
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
    DynamicTape<T> own;
    const auto numbers_of = [&](const auto& y) {
      return tree::map_leaves<T>(y, [&](const auto& leaf) {
        const Var<T> result(leaf);
        own.index_of(result);  // throws if it is of another tape
        return result.primal();
      });
    };
    if constexpr (std::invocable<const F&, decltype(a.passive())...>) {
      return numbers_of(f(a.passive()...));
    } else {
      const std::tuple<decltype(a.variables(own))...> variables{a.variables(own)...};  // in braces: the order counts
      return numbers_of(std::apply(f, variables));
    }
  }
}

/// The tape that a function was run on again, with its inputs and outputs.
template <class T>
struct Replay {
  DynamicTape<T> tape;
  Key first_input = 0;
  std::size_t inputs = 0;
  Variables<T> outputs;

  /// Runs `f` on kept arguments.
  template <class F, class... A>
  auto run(const F& f, const A&... a) {
    tape.clear();
    outputs = {};
    first_input = tape.next();
    const std::tuple<decltype(a.variables(tape))...> arguments{a.variables(tape)...};  // in braces: the order counts
    inputs = tape.next() - first_input;
    auto y = std::apply(f, arguments);
    append_outputs(y);
    return y;
  }

  template <class Y>
  void append_outputs(const Y& y) {
    if constexpr (std::same_as<Y, Variables<T>>) {
      outputs.append(y);
    } else {
      tree::for_each_leaf(y, [&](const auto& leaf) {
        const Var<T> result(leaf);
        outputs.append(result.is_recorded() ? result.key() : tape.make(result.primal()), 1);
      });
    }
  }

  /// The derivatives of the sum of the outputs, weighted by `w`, with respect to the inputs; until the next sweep or
  /// run.
  std::span<const T> pull(std::span<const T> w) {
    if (w.size() != outputs.size()) {
      throw Error(
          "duet: a function gave another number of results when it was run again; what it does must depend on its "
          "arguments only" +
          (" (" + std::to_string(outputs.size())) + " instead of " + std::to_string(w.size()) + ")");
    }
    tape.zero_grad();
    tape.backward(outputs, w);
    return {tape.adjoints() + index_of(first_input), inputs};
  }
};

/// The structure `Y` of variables with the numbers `y`, made of `inputs` by one record; see `record_external`.
template <class Y, class T, class N, class Pull>
Y record_structure(const Inputs<T>& inputs, const N& y, Pull pull) {
  const auto values = [&]() -> decltype(auto) {
    if constexpr (std::same_as<N, std::vector<T>>) {
      return (y);
    } else {
      return tree::leaves_as<T>(y);
    }
  };
  const auto& numbers = values();
  Key next = record_external<T>(inputs, numbers, std::move(pull));
  if constexpr (std::same_as<Y, Variables<T>>) {
    if (next != 0) return Y(next, numbers.size());
  }
  return tree::map_to<Y>(y, [&](const T& value) { return next == 0 ? Var<T>(value) : Var<T>(value, next++); });
}

}  // namespace duet::tape
