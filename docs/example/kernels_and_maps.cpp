// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Whole functions and whole loops as single records of the dynamic tape.

#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <duet/tape/map.hpp>
#include <duet/tape/map_fold.hpp>
#include <vector>

namespace {

// the force between two points, and how far a step takes them
constexpr auto spring = [](auto x, auto y, auto stiffness) { return stiffness * (y - x) / (1 + square(y - x)); };

double chain() {
  duet::DynamicTape<double> tape;
  const duet::Var<double> stiffness = tape.variable(0.5);
  duet::Var<double> x = tape.variable(0.0), y = tape.variable(1.0);
  const auto force = duet::kernel(spring);
  for (int step = 0; step < 10; ++step) {
    const duet::Var<double> f = force(x, y, stiffness);  // one record, differentiated at compile time
    x += 0.1 * f;
    y -= 0.1 * f;
  }
  tape.backward(y - x);
  return stiffness.grad();
}

double fit() {
  // a line through many points: the derivatives of the sum of squares with respect to slope and offset
  const std::vector<double> xs{0, 1, 2, 3, 4}, ys{1, 3, 5, 7, 10};
  duet::DynamicTape<double> tape;
  const duet::Var<double> slope = tape.variable(2.0), offset = tape.variable(1.0);
  const auto residual = [](auto x, auto y, auto a, auto b) { return square(a * x + b - y); };
  const duet::Var<double> loss = duet::map_sum(residual, duet::each(xs), duet::each(ys), slope, offset);
  tape.backward(loss);  // loss = 1, since only the last point is off the line, by 1
  std::printf("loss %g, derivatives %g and %g\n", loss.primal(), slope.grad(), offset.grad());
  return slope.grad();
}

double diffuse() {
  const std::vector<double> start{0, 0, 1, 0, 0, 0};
  duet::DynamicTape<double> tape;
  const duet::Variables<double> first = tape.variables(start);  // one by one, or all at once
  duet::Variables<double> u = first;
  const auto mean = [](auto west, auto centre, auto east) { return (west + 2 * centre + east) / 4; };
  for (int step = 0; step < 3; ++step) {
    const std::size_t n = u.size();
    const auto inner =
        duet::map(mean, duet::each(u.part(0, n - 2)), duet::each(u.part(1, n - 2)), duet::each(u.part(2, n - 2)));
    u = join(u.part(0, 1), inner, u.part(n - 1, 1));  // the ends stay
  }
  tape.backward(u[2]);
  return first.grad()[2];
}

double polynomial() {
  // how far a polynomial is off at some points: Horner's scheme for each point, along the coefficients
  const std::vector<double> points{-1, -0.5, 0, 0.5, 1}, wanted{1, 0, 0, 0, 1}, guess{0, 0, 1};
  duet::DynamicTape<double> tape;
  const duet::Variables<double> coefficients = tape.variables(guess);
  const auto step = [](auto value, auto coefficient, auto t) { return value * t + coefficient; };
  const duet::Variables<double> values =
      duet::map_fold(step, 0.0, duet::back_along(coefficients), duet::each(points));  // one record
  const auto residual = [](auto value, auto y) { return square(value - y); };
  tape.backward(duet::map_sum(residual, duet::each(values), duet::each(wanted)));
  return coefficients.grad()[0];
}

}  // namespace

int main() {
  // by differences; by hand; by hand, as the steps are linear; by hand
  const bool right = std::abs(chain() + 0.848228440) < 1e-8 && fit() == -8 && diffuse() == 0.3125 && polynomial() == 1;
  return right ? 0 : 1;
}
