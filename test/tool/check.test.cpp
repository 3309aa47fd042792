// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The checks of derivatives: right ones pass, and wrong ones are found and named.
#include <doctest/doctest.h>

#include <array>
#include <boost/hana.hpp>
#include <cmath>
#include <limits>
#include <sstream>
#include <tuple>
#include <vector>

#include <duet/tool/check.hpp>

using duet::operator""_c;

namespace {

using std::abs, std::exp, std::floor, std::log, std::sin, std::sqrt, std::tanh;

template <class T>
struct Spring {
  BOOST_HANA_DEFINE_STRUCT(Spring, (T, stiffness), (T, damping));
};

constexpr auto energy = [](const auto& s) { return exp(s.stiffness) * sin(s.damping); };

constexpr auto polar = [](auto r, auto phi) { return std::array{r * cos(phi), r * sin(phi), log(r)}; };

/// x^2 y with a rule whose slope by y is wrong by `factor`.
auto with_wrong_rule(double factor) {
  return duet::custom_jvp([](auto x, auto y) { return x * x * y; },
                          [factor](auto, const auto& x, const auto& t) {
                            const auto& [a, b] = x;
                            const auto& [s, u] = t;
                            return std::pair(a * a * b, 2 * a * b * s + factor * a * a * u);
                          });
}

}  // namespace

TEST_CASE("right derivatives of all orders pass") {
  CHECK(duet::check_grads([](auto x) { return log(x) * tanh(x) + 1 / x; }, 1.3, 4_c));
  CHECK(duet::check_grads(polar, std::tuple(2.0, 0.7), 3_c));
  CHECK(duet::check_grads(energy, Spring<double>{1.5, 0.3}, 2_c));
  const auto norm = [](const auto& x) {
    auto sum = 0 * x[0];
    for (const auto& one : x) sum += one * one;
    return sqrt(sum);
  };
  CHECK(duet::check_grads(norm, std::array{3.0, -4.0, 12.0}, 2_c));
  CHECK(duet::check_grads<duet::DynamicTape>(norm, std::vector{3.0, -4.0, 12.0}, 2_c));
}

TEST_CASE("all entries are compared if that is asked for") {
  const duet::CheckOptions all{.all_entries = true};
  CHECK(duet::check_jvp(polar, std::tuple(2.0, 0.7), all).comparisons() == 6);
  CHECK(duet::check_vjp(polar, std::tuple(2.0, 0.7), all).comparisons() == 2);
  CHECK(duet::check_hessian(energy, Spring<double>{1.5, 0.3}, all).comparisons() == 4);
  CHECK(duet::check_jvp(polar, std::tuple(2.0, 0.7), {.directions = 5}).comparisons() == 15);
}

TEST_CASE("a wrong rule is found, and the leaf is named") {
  CHECK(duet::check_jvp(with_wrong_rule(1), std::tuple(1.5, 2.5)));
  for (double factor : {1.0001, 0.5, -1.0, 0.0}) {
    const duet::Checked checked = duet::check_jvp(with_wrong_rule(factor), std::tuple(1.5, 2.5));
    REQUIRE(!checked);
    const duet::Disagreement& last = checked.disagreements().back();
    CHECK(last.of == "the result by [1]");
    CHECK(last.derivative == doctest::Approx(2.5 * 1.5 * 1.5 * factor));
    CHECK(last.difference.value == doctest::Approx(2.5 * 1.5 * 1.5));
    CHECK(checked.disagreements().size() == 2);  // a random direction and the one leaf
  }
}

TEST_CASE("a wrong rule is found by reverse mode as well") {
  CHECK(duet::check_vjp<duet::DynamicTape<double>>(with_wrong_rule(1), std::tuple(1.5, 2.5)));
  CHECK(!duet::check_vjp<duet::DynamicTape<double>>(with_wrong_rule(0.99), std::tuple(1.5, 2.5)));
}

TEST_CASE("a report says what was compared with what") {
  std::ostringstream text;
  text << duet::check_jvp(with_wrong_rule(0.5), std::tuple(1.5, 2.0));
  CHECK(text.str().find("2 of 3 derivatives disagree with differences\n") == 0);
  CHECK(text.str().find("the result by [1]") != std::string::npos);
  CHECK(text.str().find("2.25") != std::string::npos);
  CHECK(to_string(duet::check_jvp(polar, std::tuple(2.0, 0.7))) == "3 derivatives agree with differences\n");
}

TEST_CASE("at a kink, a jump and outside the domain there is nothing to agree with") {
  CHECK(!duet::check_jvp([](auto x) { return duet::relu(x); }, 0.0));
  CHECK(!duet::check_jvp([](auto x) { return floor(x); }, 1.0));
  CHECK(!duet::check_jvp([](auto x) { return log(x); }, -1.0));
  CHECK(duet::check_jvp([](auto x) { return abs(x); }, -1.0));
}

TEST_CASE("points of any size, and near the end of the domain, are checked as well") {
  for (double x : {1e-200, 1e-6, 1.0, 1e8, 1e200}) CHECK(duet::check_grads([](auto a) { return log(a); }, x));
  CHECK(duet::check_grads([](auto a, auto b) { return a * b; }, std::tuple(1e-9, 1e9)));
  CHECK(duet::check_grads([](auto a) { return sqrt(1 - a * a); }, 0.9999));
  CHECK(duet::check_grads([](auto a) { return a * a; }, 0.0, 2_c));  // all derivatives of order one vanish
  CHECK(duet::check_grads([](auto a) { return 0 * a; }, 3.0, 2_c));
}

TEST_CASE("complex steps find what differences can't tell") {
  constexpr auto f = [](const auto& x) { return exp(x) / sqrt(x); };
  const duet::ComplexCheckOptions exactly{{.tolerance = 1e-14}};
  CHECK(duet::check_jvp(f, 1.5, exactly));
  CHECK(duet::check_vjp(f, 1.5, exactly));
}

TEST_CASE("differences are as exact as they say") {
  for (double x : {0.3, 1.0, 2.5}) {
    const auto of = [&](double h) { return std::vector{std::sin(x + h), std::exp(x + h), std::pow(x + h, 9.0)}; };
    const double derivatives[] = {std::cos(x), std::exp(x), 9 * std::pow(x, 8.0)};
    const auto differences = duet::check::central_differences(of);
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(std::abs(differences[k].value - derivatives[k]) <= 20 * differences[k].uncertainty + 1e-15);
      CHECK(std::abs(differences[k].value - derivatives[k]) <= 1e-9 * std::abs(derivatives[k]));
    }
  }
}

TEST_CASE("nothing to differentiate is an error") {
  CHECK_THROWS_AS(duet::check_jvp([](const auto&) { return 1.0; }, std::vector<double>()), duet::Error);
}
