// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// A map is the loop that it stands for, as one record.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <vector>

#include <duet/duet.hpp>
#include <duet/tape/map.hpp>

#include "gradients.hpp"

namespace {

using duet::DynamicTape;
using duet::each;
using duet::map;
using duet::map_sum;
using duet::Var;
using duet::Variables;

using gradients::check_close, gradients::gradient, gradients::Row;

constexpr auto f = [](auto x, auto y, auto c, auto a) { return exp(a * x) * c - x * y * y / (1 + square(y)); };

double number(std::size_t i) { return 0.3 + std::fmod(0.37 * static_cast<double>(i), 1.0); }

/// Variables of the tape, read in an order that `index` says.
Row row(const std::vector<Var<double>>& all, std::size_t count, auto index) {
  Row result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(all[index(i)]);
  return result;
}

/// Compares the map and the sum of `f` over two ranges of variables with the loop.
void check_like_loop(const char* what, std::size_t count, auto first, auto second) {
  CAPTURE(what);
  CAPTURE(count);
  DynamicTape<double> tape;
  Row all;
  for (std::size_t i = 0; i < 64; ++i) all.push_back(tape.variable(number(i)));
  const Var<double> a = tape.variable(0.8);
  Row inputs = all;
  inputs.push_back(a);
  const Row x = row(all, count, first), y = row(all, count, second);
  std::vector<double> c;
  for (std::size_t i = 0; i < count; ++i) c.push_back(1 + number(3 * i));

  Var<double> looped = 0, looped_squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Var<double> one = f(x[i], y[i], c[i], a);
    looped += one;
    looped_squares += one * one;
  }
  const auto mapped = map(f, each(x), each(y), each(c), a);
  REQUIRE(mapped.size() == count);
  Var<double> mapped_squares = 0;
  for (const Var<double>& one : mapped) mapped_squares += one * one;
  const Var<double> summed = map_sum(f, each(x), each(y), each(c), a);

  CHECK(summed.primal() == doctest::Approx(looped.primal()).epsilon(1e-13));
  check_close(gradient(tape, summed, inputs), gradient(tape, looped, inputs));
  check_close(gradient(tape, mapped_squares, inputs), gradient(tape, looped_squares, inputs));
}

}  // namespace

TEST_CASE("a map is like the loop, wherever its variables lie, for every length") {
  for (std::size_t count : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 50}) {
    check_like_loop(
        "one after the other", count, [](std::size_t i) { return i; }, [](std::size_t i) { return i + 8; });
    check_like_loop(
        "shifted by one", count, [](std::size_t i) { return i; }, [](std::size_t i) { return i + 1; });
    check_like_loop(
        "the same", count, [](std::size_t i) { return i; }, [](std::size_t i) { return i; });
    check_like_loop(
        "mixed", count, [](std::size_t i) { return 17 * i % 64; }, [](std::size_t i) { return 29 * i % 64; });
    check_like_loop(
        "all one", count, [](std::size_t) { return 5; }, [](std::size_t i) { return i; });
    check_like_loop(
        "with a jump", count, [](std::size_t i) { return i < 9 ? i : i + 10; },
        [](std::size_t i) { return i < 20 ? i + 3 : 63 - i; });
  }
}

TEST_CASE("a map over numbers is the loop over numbers") {
  for (std::size_t count : {0, 1, 3, 4, 5, 8, 13, 64, 100}) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < count; ++i) {
      x.push_back(number(i));
      y.push_back(number(i + 7));
    }
    const double shift = 0.25;
    const auto g = [shift](auto u, auto v, auto a) { return log(u + shift) * v + a; };
    const std::vector<double> mapped = map(g, each(x), each(y), 2.0);
    REQUIRE(mapped.size() == count);
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(mapped[i] == doctest::Approx(g(x[i], y[i], 2.0)).epsilon(1e-14));
      sum += mapped[i];
    }
    CHECK(map_sum(g, each(x), each(y), 2.0) == doctest::Approx(sum).epsilon(1e-13));
  }
}

TEST_CASE("a map is one record; consecutive variables take no memory but their values") {
  DynamicTape<double> tape;
  const std::vector<double> numbers(10000, 0.5);
  const Variables<double> x = tape.variables(numbers);
  const std::size_t records = tape.position().records, bytes = tape.memory();
  const Variables<double> y = map([](auto u) { return u * u * u; }, each(x));
  CHECK(tape.position().records == records + 1);
  CHECK(tape.memory() - bytes <= 8 * 10000 + 200);
  const Var<double> sum = map_sum([](auto u, auto v) { return u * v; }, each(x.part(0, 9999)), each(y.part(1, 9999)));
  CHECK(tape.position().records == records + 2);
  CHECK(tape.memory() - bytes <= 8 * 10000 + 400);
  tape.backward(sum);
  const std::vector<double> g = x.grad();
  CHECK(g[0] == doctest::Approx(0.125));
  CHECK(g[1] == doctest::Approx(0.125 + 0.5 * 3 * 0.25));
  CHECK(g[9999] == doctest::Approx(0.5 * 3 * 0.25));
}

TEST_CASE("elements and results may be structures, and a function may have captured numbers") {
  DynamicTape<double> tape;
  Row all;
  for (std::size_t i = 0; i < 40; ++i) all.push_back(tape.variable(number(i)));
  std::vector<std::array<Var<double>, 2>> points;
  for (std::size_t i = 0; i < 20; ++i) points.push_back({all[i], all[39 - i]});
  const double scale = 1.5;
  const auto g = [scale](const auto& p, auto s) {
    const auto& [u, v] = p;
    return std::tuple(scale * u * v * s, sin(u) - v);
  };
  const Var<double> s = tape.variable(0.9);
  all.push_back(s);
  const auto [products, differences] = map(g, each(points), s);
  Var<double> mapped = 0, looped = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    mapped += products[i] * differences[i];
    const Var<double> product = scale * points[i][0] * points[i][1] * s, difference = sin(points[i][0]) - points[i][1];
    looped += product * difference;
  }
  CHECK(mapped.primal() == doctest::Approx(looped.primal()).epsilon(1e-13));
  check_close(gradient(tape, mapped, all), gradient(tape, looped, all));
  const auto [first, second] = map_sum(g, each(points), s);
  CHECK(first.primal() + second.primal() == doctest::Approx([&] {
                                              double sum = 0;
                                              for (std::size_t i = 0; i < points.size(); ++i)
                                                sum += products[i].primal() + differences[i].primal();
                                              return sum;
                                            }())
                                                .epsilon(1e-13));
}

TEST_CASE("passive elements take part with their values") {
  DynamicTape<double> tape;
  Row x;
  for (std::size_t i = 0; i < 10; ++i) x.push_back(i % 3 == 1 ? Var<double>(number(i)) : tape.variable(number(i)));
  const Var<double> sum = map_sum([](auto u) { return u * u; }, each(x));
  tape.backward(sum);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (i % 3 != 1) CHECK(x[i].grad() == doctest::Approx(2 * number(i)).epsilon(1e-15));
  }
}

TEST_CASE("a shared argument may be an expression") {
  DynamicTape<double> tape;
  const Row x{tape.variable(0.5), tape.variable(1.5), tape.variable(2.5)};
  const Var<double> a = tape.variable(0.8);
  const auto product = [](auto u, auto v) { return u * v * v; };
  const Var<double> sum = map_sum(product, each(x), a * a);
  CHECK(gradient(tape, sum, {x[1], a})[0] == doctest::Approx(std::pow(0.8, 4)).epsilon(1e-14));
  CHECK(a.grad() == doctest::Approx(4.5 * 4 * std::pow(0.8, 3)).epsilon(1e-14));
}

TEST_CASE("rows of variables come apart and together") {
  DynamicTape<double> tape;
  const std::vector<double> numbers{1, 2, 3, 4, 5, 6};
  const Variables<double> x = tape.variables(numbers);
  const Variables<double> turned = join(x.part(4, 2), x.part(0, 2), x.part(2, 2));
  CHECK(turned.size() == 6);
  CHECK(turned[0].primal() == 5);
  CHECK(turned[5].primal() == 4);
  CHECK(join(x.part(0, 2), x.part(2, 4)).runs().size() == 1);
  const Var<double> sum = map_sum([](auto u, auto v) { return u * v; }, each(turned), each(x));
  tape.backward(sum);
  CHECK(x.grad() == std::vector<double>{5 + 3, 6 + 4, 1 + 5, 2 + 6, 3 + 1, 4 + 2});
  CHECK_THROWS_AS(x.part(4, 3), duet::Error);
  CHECK_THROWS_AS(x[6], duet::Error);
  Row row(6);
  turned.copy_to(row);
  CHECK(row[2].primal() == 1);
  CHECK(row[2].key() == x[0].key());
  const Variables<double> alike = tape.variables(50, 0.5);
  CHECK(alike.size() == 50);
  CHECK(alike[49].primal() == 0.5);
  tape.backward(map_sum([](auto u) { return u * u; }, each(alike)));
  CHECK(alike.grad() == std::vector<double>(50, 1.0));
}

TEST_CASE("second derivatives come from maps of nested numbers") {
  using D = duet::Dual<double>;
  DynamicTape<D> tape;
  std::vector<Var<D>> x;
  for (std::size_t i = 0; i < 9; ++i) x.push_back(tape.variable(D(number(i), 1.0)));
  const Var<D> sum = map_sum([](auto u) { return exp(u) * u; }, each(x));
  tape.backward(sum);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double u = number(i);
    CHECK(x[i].grad().primal() == doctest::Approx(std::exp(u) * (u + 1)).epsilon(1e-14));
    CHECK(x[i].grad().tangent() == doctest::Approx(std::exp(u) * (u + 2)).epsilon(1e-14));
  }
}

TEST_CASE("what is not asked for stays zero where a derivative is infinite, in any lane") {
  const auto root = [](auto x, auto a) { return a * sqrt(x); };
  const auto both = [=](auto x, auto a) { return std::tuple(root(x, a), x * a); };
  for (std::size_t count = 1; count < 20; ++count) {
    CAPTURE(count);
    DynamicTape<double> tape;
    Row x;
    for (std::size_t i = 0; i < count; ++i) x.push_back(tape.variable(i % 3 == 1 ? 0 : number(i)));
    const Var<double> a = tape.variable(0.8);
    Row inputs = x;
    inputs.push_back(a);
    const auto [roots, products] = map(both, each(x), a);
    Var<double> mapped = 0, looped = 0;
    for (std::size_t i = 0; i < count; ++i) {
      mapped += products[i];
      looped += x[i] * a;
      if (x[i].primal() == 0) continue;
      mapped += roots[i];
      looped += root(x[i], a);
    }
    check_close(gradient(tape, mapped, inputs), gradient(tape, looped, inputs));
  }
}

TEST_CASE("of a long map with neighbours, one result's gradient is that of its own element, wherever it is") {
  const auto f = [](auto west, auto x, auto a) { return a * sqrt(west) * x; };
  const std::size_t count = 1000;
  DynamicTape<double> tape;
  std::vector<double> values(count + 1);
  for (std::size_t i = 0; i <= count; ++i) values[i] = number(i);
  const Variables<double> x = tape.variables(values);
  const Var<double> a = tape.variable(0.8);
  const Variables<double> mapped = map(f, each(x.part(0, count)), each(x.part(1, count)), a);
  for (std::size_t i : {0u, 1u, 127u, 131u, 132u, 500u, 998u, 999u}) {
    CAPTURE(i);
    tape.zero_grad();
    tape.backward(mapped[i]);
    const std::vector<double> g = x.grad();
    for (std::size_t k = 0; k <= count; ++k) {
      const double root = std::sqrt(values[i]);
      const double expected = k == i ? 0.4 * values[i + 1] / root : k == i + 1 ? 0.8 * root : 0;
      CHECK(g[k] == doctest::Approx(expected).epsilon(1e-14));
    }
    CHECK(a.grad() == doctest::Approx(std::sqrt(values[i]) * values[i + 1]).epsilon(1e-14));
  }
}

TEST_CASE("what is infinite or not a number is so in its own element, and in what all share") {
  const auto root = [](auto x, auto a) { return a * sqrt(x); };
  for (const double wrong : {0.0, -1.0}) {
    for (std::size_t count = 2; count < 20; ++count) {
      DynamicTape<double> tape;
      Row x;
      for (std::size_t i = 0; i < count; ++i) x.push_back(tape.variable(i == 1 ? wrong : number(i)));
      const Var<double> a = tape.variable(0.8);
      tape.backward(map_sum(root, each(x), a));
      for (std::size_t i = 0; i < count; ++i) CHECK(std::isfinite(x[i].grad()) == (i != 1));
      CHECK(std::isnan(x[1].grad()) == (wrong < 0));
      CHECK(std::isnan(a.grad()) == (wrong < 0));
    }
  }
}

TEST_CASE("sine and cosine of the same number are those of the loop, however large it is") {
  const auto wave = [](auto x) { return 2 * sin(x) + x * cos(x) + sin(2 * x); };
  DynamicTape<double> tape;
  Row x;
  for (std::size_t i = 0; i < 21; ++i) x.push_back(tape.variable(number(i) * std::pow(-3.0, static_cast<double>(i))));
  const Variables<double> mapped = map(wave, each(x));
  for (std::size_t i = 0; i < x.size(); ++i) {
    CAPTURE(i);
    const double at = x[i].primal(), scale = 1 + std::abs(at);
    const double slope = 3 * std::cos(at) - at * std::sin(at) + 2 * std::cos(2 * at);
    CHECK(std::abs(mapped[i].primal() - wave(at)) <= 1e-14 * scale);
    CHECK(std::abs(gradient(tape, mapped[i], {x[i]})[0] - slope) <= 1e-14 * scale);
  }
}

TEST_CASE("floats are mapped as floats") {
  DynamicTape<float> tape;
  const std::vector<float> numbers(21, 0.5f);
  const Variables<float> x = tape.variables(numbers);
  const Var<float> sum = map_sum([](auto u) { return u * u; }, each(x));
  tape.backward(sum);
  CHECK(sum.primal() == 5.25f);
  for (float g : x.grad()) CHECK(g == 1.0f);
}

TEST_CASE("ranges of different lengths, and variables of no tape, are refused") {
  const std::vector<double> x(3), y(4);
  CHECK_THROWS_AS(map([](auto u, auto v) { return u + v; }, each(x), each(y)), duet::Error);
  Row stale;
  {
    DynamicTape<double> tape;
    for (int i = 0; i < 5; ++i) stale.push_back(tape.variable(i));
  }
  CHECK_THROWS_AS(map_sum([](auto u) { return u * u; }, each(stale)), duet::TapeError);
  DynamicTape<double> tape;
  CHECK_THROWS_AS(map([](auto u) { return u * u; }, each(stale)), duet::TapeError);
  Row fine{tape.variable(2.0)};
  tape.backward(map_sum([](auto u) { return u * u; }, each(fine)));
  CHECK(fine[0].grad() == 4);
}
