// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <doctest/doctest.h>

#include <duet/device/cuda/layout.hpp>

namespace {

using duet::Shape;
using duet::device::cuda::Axes;
using duet::device::cuda::Divisor;

TEST_CASE("divisors divide all numbers below 2^31, and larger ones when told so") {
  const std::uint64_t edge = std::uint64_t{1} << 31;
  for (std::uint64_t d : {1, 2, 3, 5, 7, 10, 64, 100, 127, 641, 65535, 65537, 1000003, 2147483647}) {
    const Divisor divisor(d);
    for (std::uint64_t k = 0; k < 3000; ++k) {
      for (std::uint64_t n : {k, k * d % edge, (k * d + d - 1) % edge, k * 715827 % edge, edge - 1 - k}) {
        CHECK(divisor.quotient(n, true) == n / d);
      }
      CHECK(divisor.quotient((k << 40) + k, false) == ((k << 40) + k) / d);
    }
  }
  CHECK(Divisor(edge).quotient(edge - 1, true) == 0);
}

TEST_CASE("axes say where elements lie, and as few of them as there need be") {
  struct Case {
    Shape whole, a, b;
    int axes;
  };
  for (const Case& c : {Case{{4, 5}, {4, 5}, {4, 5}, 1}, Case{{4, 5}, {4, 5}, {}, 1}, Case{{4, 5}, {5}, {4, 5}, 2},
                        Case{{3, 4, 5}, {3, 1, 1}, {4, 5}, 2}, Case{{3, 4, 5}, {3, 1, 5}, {4, 1}, 3},
                        Case{{1, 6, 1}, {6, 1}, {1, 1, 1}, 1}, Case{{}, {}, {1}, 0}}) {
    const auto axes = Axes<2>::of(c.whole, [&](int k) { return k == 0 ? &c.a : &c.b; });
    CHECK(axes.count == c.axes);
    const Shape steps[] = {duet::tensor::steps_of(c.a, c.whole), duet::tensor::steps_of(c.b, c.whole)};
    for (std::size_t e = 0; e < duet::tensor::size_of(c.whole); ++e) {
      std::uint64_t expected[2] = {0, 0}, found[2];
      std::size_t rest = e;
      for (std::size_t axis = c.whole.size(); axis-- > 0;) {
        for (int k = 0; k < 2; ++k) expected[k] += rest % c.whole[axis] * steps[k][axis];
        rest /= c.whole[axis];
      }
      for (bool small : {true, false}) {
        axes.locate(e, small, found);
        for (int k = 0; k < 2; ++k) {
          CHECK(found[k] == expected[k]);
          CHECK(axes.locate(e, small, k) == expected[k]);
        }
      }
    }
  }
}

TEST_CASE("more separate axes than fit are an error") {
  const Shape whole(10, 2);
  Shape every_other(10, 1);
  for (std::size_t axis = 0; axis < 10; axis += 2) every_other[axis] = 2;
  CHECK_THROWS_AS(Axes<2>::of(whole, [&](int k) { return k == 0 ? &whole : &every_other; }), duet::Error);
}

}  // namespace
