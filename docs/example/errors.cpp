// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The ways out of what does not compile.

#include <array>
#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <tuple>

// A branch on a differentiated value: a choice in the graph, ...
constexpr auto ramp = [](auto x) { return duet::where(x > 0, x, 0 * x); };
static_assert(duet::derivative(ramp)(2.0) == 1);

// ... or forward mode, where branches are plain C++.
constexpr auto branching = [](auto x) { return x > 0 ? x : 0 * x; };
static_assert(duet::derivative<1, duet::Forward>(branching)(2.0) == 1);

// What a differentiated function calls says constexpr.
template <class T>
constexpr T area(const T& width, const T& height) {
  return width * height;
}
static_assert(duet::grad([](auto w, auto h) { return area(w, h); })(2.0, 3.0) == std::tuple(3.0, 2.0));

// In-place updates need a stateless callable: what it would capture becomes an argument, left out of the
// differentiation.
constexpr auto horner = [](auto x, const auto& coefficients) {
  auto y = 0 * x;
  for (const auto& c : coefficients) y = y * x + c;
  return y;
};
static_assert(duet::grad(horner, duet::wrt<0>)(2.0, std::array{3.0, 2.0, 1.0}) == 14);

// Integers are no variables: name those that are.
constexpr auto power = [](auto x, int n) { return pow(x, n); };
static_assert(duet::grad(power, duet::wrt<0>)(2.0, 3) == 12);

// Several results: jacobian or vjp instead of grad.
constexpr auto polar = [](auto r, auto phi) { return std::array{r * cos(phi), r * sin(phi)}; };
static_assert(duet::jacobian(polar)(2.0, 0.0)(0, 0) == 1);

// Generic parameters: `auto`, or a template, so that the function can be called with numbers that record.
template <class T>
struct Line {
  T slope;
  template <class X>
  constexpr auto operator()(const X& x) const {
    return slope * x;
  }
};
static_assert(duet::derivative(Line<double>{3})(1.0) == 3);

// A number is part of an expression's type if it is written 2_c; only then can expressions be compared.
using duet::operator""_c;
static_assert(duet::same(2_c * duet::arg<0>, duet::arg<0> + duet::arg<0>));

int main() { std::printf("all of it compiles\n"); }
