// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Duals are elements of xtensor's containers: lazy expressions, broadcasting and reductions carry the tangents along.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>

#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>

#include <duet/forward/dual.hpp>

namespace {

using D = duet::Dual<double>;
using Row = xt::xtensor<D, 1>;
using Table = xt::xtensor<D, 2>;

/// x_i = values[i] + slopes[i] eps
constexpr std::array values{0.5, 1.25, 2.0, 3.5};
constexpr std::array slopes{1.0, -2.0, 0.0, 0.25};
const Row x{D(0.5, 1.0), D(1.25, -2.0), D(2.0, 0.0), D(3.5, 0.25)};

/// Each element is what the function gives on that element alone.
void check_elementwise(const Row& result, auto f) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    CAPTURE(i);
    const D expected = f(D(values[i], slopes[i]));
    CHECK(result(i).primal() == doctest::Approx(expected.primal()));
    CHECK(result(i).tangent() == doctest::Approx(expected.tangent()));
  }
}

}  // namespace

TEST_CASE("arithmetic of whole arrays is arithmetic of their elements") {
  check_elementwise(x * x + x, [](const D& e) { return e * e + e; });
  check_elementwise(x / (x + x * x) - x, [](const D& e) { return e / (e + e * e) - e; });
  check_elementwise(D(2.0) * x - D(0.5), [](const D& e) { return 2 * e - 0.5; });
  check_elementwise(-x, [](const D& e) { return -e; });
}

TEST_CASE("plain numbers stand beside arrays of duals") {
  check_elementwise(2.0 * x - 0.5, [](const D& e) { return 2 * e - 0.5; });
  check_elementwise(1.0 / x, [](const D& e) { return 1 / e; });
  const xt::xtensor<double, 1> plain{3.0, 3.0, 3.0, 3.0};
  check_elementwise(plain * x, [](const D& e) { return 3 * e; });
}

TEST_CASE("functions of whole arrays are functions of their elements") {
  check_elementwise(xt::exp(x), [](const D& e) { return exp(e); });
  check_elementwise(xt::sin(x) * xt::cos(x), [](const D& e) { return sin(e) * cos(e); });
  check_elementwise(xt::log(xt::sqrt(x)), [](const D& e) { return log(sqrt(e)); });
  check_elementwise(xt::tanh(x), [](const D& e) { return tanh(e); });
  check_elementwise(xt::pow(x, x), [](const D& e) { return pow(e, e); });
  check_elementwise(xt::pow(x, 3.0), [](const D& e) { return pow(e, 3); });
}

TEST_CASE("a sum's tangent is the sum of the tangents, of all or along an axis") {
  const D total = xt::sum(x * x)();
  CHECK(total.primal() == doctest::Approx(0.25 + 1.5625 + 4 + 12.25));
  CHECK(total.tangent() == doctest::Approx(2 * (0.5 - 2.5 + 0.875)));
  const Table table{{D(1, 1), D(2, 10)}, {D(3, 100), D(4, 1000)}};
  const Row rows = xt::sum(table, {1});
  CHECK(rows(0).tangent() == 11);
  CHECK(rows(1).tangent() == 1100);
  CHECK(xt::mean(x)().tangent() == doctest::Approx(-0.1875));
  CHECK(xt::prod(x)().tangent() == doctest::Approx(1.25 * 2 * 3.5 - 2.0 * (0.5 * 2 * 3.5) + 0.25 * 0.5 * 1.25 * 2));
}

TEST_CASE("broadcasting repeats primals and tangents") {
  const Row y{D(1, 1), D(2, 10), D(3, 100)};
  const Table product = xt::view(x, xt::all(), xt::newaxis()) * y;
  REQUIRE(product.shape(0) == 4);
  REQUIRE(product.shape(1) == 3);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      const D expected = x(i) * y(j);
      CHECK(product(i, j).primal() == expected.primal());
      CHECK(product(i, j).tangent() == expected.tangent());
    }
  }
}

TEST_CASE("views write through, in place") {
  Row y = x;
  xt::view(y, xt::range(1, 3)) *= D(2.0, 0.0);
  y += x;
  CHECK(y(0).tangent() == 2);
  CHECK(y(1).tangent() == -6);
  CHECK(y(3).primal() == 7);
}
