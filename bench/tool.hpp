// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

/// What a tool may be able to do. A tool is a class with a `name` and some of the members below; an evaluation asks for
/// those that it needs, and leaves out the tools that lack them. Problems are callables that are generic in the number,
/// `problem(const std::vector<T>& x)`; matrices lie row by row in memory that is large enough.
namespace bench {

/// `gradient(problem, x, gradient)` writes the gradient at x and returns the value. Where the tool tells how large its
/// recording was, there is a member `bytes()`.
template <class Tool, class Problem>
concept takes_gradients = requires(Tool& tool, const Problem& problem, const std::vector<double>& x,
                                   std::vector<double>& gradient) {
  { tool.gradient(problem, x, gradient) } -> std::convertible_to<double>;
};

/// `gradient_and_product(problem, x, direction, gradient, product)` writes the gradient at x, and the product of the
/// Hessian and a direction.
template <class Tool, class Problem>
concept multiplies_hessians = requires(Tool& tool, const Problem& problem, const std::vector<double>& x,
                                       std::vector<double>& result) {
  tool.gradient_and_product(problem, x, x, result, result);
};

/// `jacobian(problem, x, jacobian)` writes the Jacobian of a problem that returns a range of numbers (an array, a
/// vector), a row for each; it is asked for where there are fewer of these than inputs.
template <class Tool, class Problem>
concept takes_jacobians = requires(Tool& tool, const Problem& problem, const std::vector<double>& x,
                                   std::span<double> jacobian) {
  tool.jacobian(problem, x, jacobian);
};

/// A direction in the space of inputs for each column: seed(input, direction).
using Seed = double (*)(std::size_t input, std::size_t direction);

/// `pushforward(problem, x, directions, seed, products)` writes the products of the Jacobian and `directions` seeds, a
/// row for each number of the range that the problem returns. `seed` is called as a Seed is, but need not be a pointer.
template <class Tool, class Problem>
concept pushes_forward = requires(Tool& tool, const Problem& problem, const std::vector<double>& x,
                                  std::size_t directions, Seed seed, std::span<double> products) {
  tool.pushforward(problem, x, directions, seed, products);
};

/// A mode that can be used inside functions that are differentiated: `Mode::gradient(f, x, rest...)` is the gradient
/// with respect to x, an array of numbers, of f(x, rest...). The numbers are doubles, or those by which a mode of the
/// tool differentiates a function around; f is generic in the number of x, which is another one than that of the rest.
/// There may be a `Mode::plain(x)`, the plain double that a number of the tool's is, however deeply nested.
template <class Mode>
concept is_mode = requires(double (*f)(const std::array<double, 2>& x, double rest), const std::array<double, 2>& x) {
  { Mode::gradient(f, x, 1.0) } -> std::same_as<std::array<double, 2>>;
};

/// A number, or an array of numbers, as plain doubles: for what only decides which way to go. It stays as it is where
/// the tool has no way to say so.
template <class Mode, class T>
auto plain(const T& x) {
  if constexpr (requires { Mode::plain(x); }) {
    return Mode::plain(x);
  } else {
    return x;
  }
}
template <class Mode, class T, std::size_t N>
auto plain(const std::array<T, N>& x) {
  std::array<decltype(plain<Mode>(x[0])), N> result;
  for (std::size_t i = 0; i < N; ++i) {
    result[i] = plain<Mode>(x[i]);
  }
  return result;
}

/// Tools may have a type `Forward` and a type `Reverse`, modes that can be used inside one another.
template <class Tool>
concept nests_forward = requires {
  requires is_mode<typename Tool::Forward>;
};
template <class Tool>
concept nests_reverse = requires {
  requires is_mode<typename Tool::Reverse>;
};

}  // namespace bench
