// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Every transform on one page.

#include <array>
#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <tuple>

constexpr auto f = [](auto x, auto y) { return x * x * y; };                        // a number
constexpr auto g = [](auto x, auto y) { return std::array{x * y, x + y, x}; };      // three numbers
constexpr auto h = [](const auto& v) { return v[0] * v[0] * v[1] + v[1] * v[2]; };  // of an array
constexpr std::array v{1.0, 2.0, 3.0};

// grad: the structure of the input; several arguments give a tuple
static_assert(duet::grad(f)(3.0, 2.0) == std::tuple(12.0, 9.0));
static_assert(duet::grad(h)(v) == std::array{4.0, 4.0, 2.0});
static_assert(duet::grad(f, duet::wrt<1>)(3.0, 2.0) == 9.0);
static_assert(duet::value_and_grad(f)(3.0, 2.0) == std::pair(18.0, std::tuple(12.0, 9.0)));

// jacobian: a Matrix with a row per output and a column per input
constexpr auto j = duet::jacobian(g)(3.0, 2.0);
static_assert(j.rows() == 3 && j.cols() == 2);
static_assert(j(0, 0) == 2 && j(0, 1) == 3 && j(2, 0) == 1);
static_assert(duet::jacfwd(g)(3.0, 2.0) == j && duet::jacrev(g)(3.0, 2.0) == j);
static_assert(duet::value_and_jacobian(g)(3.0, 2.0).first == std::array{6.0, 5.0, 3.0});

// hessian: symmetric, only one triangle is computed
constexpr auto second = duet::hessian(h)(v);
static_assert(second(0, 0) == 4 && second(0, 1) == 2 && second(1, 2) == 1);

// jvp and vjp: products with the Jacobian, without the matrix
constexpr auto pushed = duet::jvp(g, std::tuple(3.0, 2.0), std::tuple(1.0, 10.0));
static_assert(pushed.first == std::array{6.0, 5.0, 3.0});
static_assert(pushed.second == std::array{32.0, 11.0, 1.0});

constexpr auto pulled = duet::vjp(g, std::tuple(3.0, 2.0));
static_assert(pulled.first == std::array{6.0, 5.0, 3.0});
static_assert(pulled.second(std::array{1.0, 0.0, 0.0}) == std::tuple(2.0, 3.0));
static_assert(pulled.second(std::array{0.0, 1.0, 1.0}) == std::tuple(2.0, 1.0));

// hvp: the Hessian times a direction
static_assert(duet::hvp(h, v, std::array{1.0, 0.0, 0.0}) == std::array{4.0, 2.0, 0.0});
static_assert(duet::vhp(h, v, std::array{1.0, 0.0, 0.0}) == std::array{4.0, 2.0, 0.0});

// derivative: of any order, for a function of one number
static_assert(duet::derivative<2>([](auto x) { return x * x * x; })(2.0) == 12);

// stop_gradient: the value as a constant
static_assert(duet::derivative([](auto x) { return x * duet::stop_gradient(x); })(3.0) == 3);

// Transforms nest: the derivative of a gradient
constexpr auto slope = [](auto x) { return std::get<0>(duet::grad(f)(x, x)); };  // 2 x x
static_assert(duet::derivative(slope)(3.0) == 12);

// ... and levels of differentiation are told apart: d/dx (x d/dy (x + y)) = 1
constexpr auto confusing = [](auto x) {
  return x * duet::derivative<1, duet::Forward>([x](auto y) { return x + y; })(x);
};
static_assert(duet::derivative<1, duet::Forward>(confusing)(1.0) == 1);

// The policy is a template argument: here forward mode, for branches on values.
constexpr auto relu = [](auto x) { return x > 0 ? x : 0 * x; };
static_assert(duet::grad<duet::Forward>(relu)(2.0) == 1);

int main() { std::printf("all of it was checked by the compiler\n"); }
