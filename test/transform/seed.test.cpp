// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The statements of seed document 000 about forward and reverse mode.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>

#include <duet/duet.hpp>
#include <duet/transform/describe.hpp>

namespace {

/// Two inputs, three outputs.
constexpr auto f = [](const auto& x) { return std::array{log(x[0]) + x[0] * x[1], sin(x[1]) * x[0], x[0] / x[1]}; };

/// Few inputs and many outputs, and the other way round.
constexpr auto tall = [](const auto& x) {
  std::array<std::remove_cvref_t<decltype(x[0] * x[1])>, 8> y{};
  for (std::size_t i = 0; i < 8; ++i) y[i] = sin(x[0] * (1.0 + static_cast<double>(i))) * exp(x[1]);
  return y;
};
constexpr auto wide = [](const auto& x) {
  auto y = exp(x[0] * x[1]);
  for (std::size_t i = 2; i < 8; ++i) y = sin(y * x[i]) + x[i];
  return y;
};

/// The operations of the Jacobian of `F` in a mode.
template <class F, class X>
int operations(duet::Mode mode) {
  using R = duet::tape::recording<duet::tape::Flat<F, duet::Wrt<>, X>, 0>;
  return duet::graph::count(duet::graph::with_jacobian(R::make(), R::variables, mode)).total();
}
template <class F, class X>
constexpr duet::Mode chosen = duet::tape::Derivatives<duet::tape::recording<duet::tape::Flat<F, duet::Wrt<>, X>, 0>,
                                                      0>::template Jacobian<duet::Mode::automatic, false>::mode();

}  // namespace

TEST_CASE("000-jvp: one forward sweep gives J r, one reverse sweep J' v; columns and rows one by one") {
  const std::array x{2.0, 5.0}, r{0.3, -1.1};
  const std::array v{1.0, -2.0, 0.5};
  const auto j = duet::jacobian(f)(x);
  CHECK(j.rows() == 3);
  CHECK(j.cols() == 2);
  CHECK(j(0, 0) == doctest::Approx(5.5));
  CHECK(j(0, 1) == doctest::Approx(2));
  CHECK(j(1, 0) == doctest::Approx(std::sin(5.0)));
  CHECK(j(1, 1) == doctest::Approx(2 * std::cos(5.0)));
  CHECK(j(2, 0) == doctest::Approx(0.2));
  CHECK(j(2, 1) == doctest::Approx(-0.08));

  const auto pushed = duet::jvp(f, x, r).second;
  const auto pulled = duet::vjp(f, x).second(v);
  for (std::size_t i = 0; i < 3; ++i) CHECK(pushed[i] == doctest::Approx(j(i, 0) * r[0] + j(i, 1) * r[1]));
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(pulled[k] == doctest::Approx(j(0, k) * v[0] + j(1, k) * v[1] + j(2, k) * v[2]));
    std::array<double, 2> unit{};
    unit[k] = 1;
    const auto column = duet::jvp(f, x, unit).second;
    for (std::size_t i = 0; i < 3; ++i) CHECK(column[i] == doctest::Approx(j(i, k)));
  }
  for (std::size_t i = 0; i < 3; ++i) {
    std::array<double, 3> unit{};
    unit[i] = 1;
    const auto row = duet::vjp(f, x).second(unit);
    for (std::size_t k = 0; k < 2; ++k) CHECK(row[k] == doctest::Approx(j(i, k)));
  }
}

TEST_CASE(
    "000-mode: forward mode for many outputs, reverse mode for many inputs; the choice takes the fewest operations") {
  using Few = std::array<double, 2>;
  using Many = std::array<double, 8>;
  using duet::Mode;
  const int tall_forward = operations<decltype(tall), Few>(Mode::forward),
            tall_reverse = operations<decltype(tall), Few>(Mode::reverse);
  const int wide_forward = operations<decltype(wide), Many>(Mode::forward),
            wide_reverse = operations<decltype(wide), Many>(Mode::reverse);
  CHECK(tall_forward <= tall_reverse);
  CHECK(wide_reverse < wide_forward);
  const int tall_chosen = operations<decltype(tall), Few>(chosen<decltype(tall), Few>),
            wide_chosen = operations<decltype(wide), Many>(chosen<decltype(wide), Many>);
  CHECK(tall_chosen <= tall_forward);
  CHECK(wide_chosen <= wide_reverse);
  const std::string report = duet::describe<decltype(wide), Many>();
  CHECK(report.find("Jacobian, reverse") != std::string::npos);
  CHECK(report.find(std::to_string(wide_forward) + " operations") != std::string::npos);
  CHECK(report.find(std::to_string(wide_reverse) + " operations") != std::string::npos);
}
