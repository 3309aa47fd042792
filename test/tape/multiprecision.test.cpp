// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// A tape of numbers of fifty digits: any type will do that has arithmetic and functions.
#include <doctest/doctest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <duet/forward/forward.hpp>
#include <duet/tape/record.hpp>

using Real =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float_50::backend_type, boost::multiprecision::et_off>;
template <>
inline constexpr bool duet::is_number<Real> = true;

namespace {

using Number = duet::Var<Real>;

bool close(const Real& a, const Real& b) { return abs(a - b) <= Real("1e-47") * (1 + abs(b)); }

}  // namespace

TEST_CASE("values and gradients have fifty digits") {
  duet::DynamicTape<Real> tape;
  const Number x = tape.variable(2), w = tape.variable(Real(1) / 3);
  const Real factor("1.00000000000000000000000000000000000000001");
  const Number y = log(x) * w + x * x / w - factor * sin(w) + exp(x * w) * 2;
  const Real v = 2, u = Real(1) / 3;
  CHECK(close(y.primal(), log(v) * u + v * v / u - factor * sin(u) + exp(v * u) * 2));
  tape.backward(y);
  CHECK(close(x.grad(), u / v + 2 * v / u + u * exp(v * u) * 2));
  CHECK(close(w.grad(), log(v) - v * v / (u * u) - factor * cos(u) + v * exp(v * u) * 2));
}

TEST_CASE("loops, rewinding and clearing release what numbers own") {
  duet::DynamicTape<Real> tape;
  for (int round = 0; round < 3; ++round) {
    const Number x = tape.variable(1);
    const auto here = tape.position();
    for (int again = 0; again < 3; ++again) {
      Number y = x;
      for (int i = 1; i <= 500; ++i) y = y * x / i * Real(2) + sqrt(y) * 0;
      for (int i = 1; i <= 500; ++i) y = y * i / 2;
      tape.zero_grad();
      tape.backward(y);
      CHECK(close(y.primal(), 1));
      CHECK(close(x.grad(), 501));
      tape.rewind(here);
    }
    tape.clear();
  }
}

TEST_CASE("comparisons and choices") {
  duet::DynamicTape<Real> tape;
  const Number x = tape.variable(Real(1) + Real("1e-40"));
  CHECK(x > 1);
  CHECK(x != 1);
  const Number y = max(x, 1) * 3;
  tape.backward(y);
  CHECK(x.grad() == 3);
}

TEST_CASE("duals of fifty digits, with choices") {
  using D = duet::Dual<Real>;
  const D x = D::variable(Real(1) + Real("1e-40"));
  const D y = where(x > 1, log(x) * x, x) + where(x == 1, x, 3 * x);
  CHECK(close(y.tangent(), log(x.primal()) + 4));
}
