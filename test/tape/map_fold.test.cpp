// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// A fold is the nest of two loops that it stands for, as one record.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <tuple>
#include <vector>

#include <duet/duet.hpp>
#include <duet/tape/map_fold.hpp>

#include "gradients.hpp"

namespace {

using duet::along;
using duet::back_along;
using duet::DynamicTape;
using duet::each;
using duet::map_fold;
using duet::Var;
using duet::Variables;

using gradients::check_close, gradients::gradient, gradients::Row;

double number(std::size_t i) { return 0.3 + std::fmod(0.37 * static_cast<double>(i), 1.0); }

std::vector<double> numbers(std::size_t count, std::size_t from = 0) {
  std::vector<double> result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(number(from + i));
  return result;
}

Row variables(DynamicTape<double>& tape, std::size_t count, std::size_t from = 0) {
  Row result;
  for (double x : numbers(count, from)) result.push_back(tape.variable(x));
  return result;
}

constexpr auto step = [](auto state, auto item, auto x, auto a) { return sin(state * a) * x + item * state / (2 + x); };
constexpr auto horner = [](auto value, auto coefficient, auto t) { return value * t + coefficient; };

/// The sum of squares, so that each element has a derivative of its own.
Var<double> squares(const auto& row) {
  Var<double> sum = 0;
  for (const Var<double>& one : row) sum += one * one;
  return sum;
}

}  // namespace

TEST_CASE("a fold is like the loops, for every number of elements and items, in both directions") {
  for (std::size_t count : {1, 2, 4, 7, 15, 16, 17, 32, 33}) {
    for (std::size_t steps : {0, 1, 2, 5}) {
      CAPTURE(count);
      CAPTURE(steps);
      DynamicTape<double> tape;
      const Row x = variables(tape, count), start = variables(tape, count, 7), items = variables(tape, steps, 20);
      const Var<double> a = tape.variable(0.8);
      Row inputs = x;
      inputs.insert(inputs.end(), start.begin(), start.end());
      inputs.insert(inputs.end(), items.begin(), items.end());
      inputs.push_back(a);
      for (const bool back : {false, true}) {
        const Variables<double> folded = back ? map_fold(step, each(start), back_along(items), each(x), a)
                                              : map_fold(step, each(start), along(items), each(x), a);
        Row looped;
        for (std::size_t i = 0; i < count; ++i) {
          Var<double> state = start[i];
          for (std::size_t k = 0; k < steps; ++k) state = step(state, items[back ? steps - 1 - k : k], x[i], a);
          looped.push_back(state);
        }
        for (std::size_t i = 0; i < count; ++i) {
          CHECK(folded[i].primal() == doctest::Approx(looped[i].primal()).epsilon(1e-13));
        }
        check_close(gradient(tape, squares(folded), inputs), gradient(tape, squares(looped), inputs));
      }
    }
  }
}

TEST_CASE("states, items and elements may be plain or variables, shared or not, wherever they lie") {
  const std::size_t count = 21, steps = 6;
  DynamicTape<double> tape;
  const Row all = variables(tape, 64);
  Row scattered, items;
  for (std::size_t i = 0; i < count; ++i) scattered.push_back(all[29 * i % 64]);
  for (std::size_t k = 0; k < steps; ++k) items.push_back(all[17 * k % 64]);
  const std::vector<double> plain = numbers(count, 3), plain_items = numbers(steps, 5);
  const Var<double> a = all[40], start = all[41];
  const auto check = [&](const auto& folded, const auto& start_of, const auto& item, const auto& x, const auto& with) {
    Row looped;
    for (std::size_t i = 0; i < count; ++i) {
      Var<double> state = start_of(i);
      for (std::size_t k = 0; k < steps; ++k) state = step(state, item(k), x(i), with);
      looped.push_back(state);
    }
    check_close(gradient(tape, squares(folded), all), gradient(tape, squares(looped), all));
  };
  const auto of = [](const auto& range) { return [&](std::size_t i) { return range[i]; }; };
  const auto always = [](const auto& x) { return [=](std::size_t) { return x; }; };
  check(map_fold(step, 0.25, along(items), each(plain), 0.5), always(0.25), of(items), of(plain), 0.5);
  check(map_fold(step, start, along(plain_items), each(plain), a), always(start), of(plain_items), of(plain), a);
  check(map_fold(step, each(plain), along(plain_items), each(scattered), 0.5), of(plain), of(plain_items),
        of(scattered), 0.5);
  check(map_fold(step, start, along(items), each(scattered), a), always(start), of(items), of(scattered), a);
}

TEST_CASE("a state may be a structure, as may items, and a function may have captured numbers") {
  const std::size_t count = 19, steps = 4;
  DynamicTape<double> tape;
  const Row x = variables(tape, count), flat = variables(tape, 2 * steps, 30);
  std::vector<std::array<Var<double>, 2>> items;
  for (std::size_t k = 0; k < steps; ++k) items.push_back({flat[2 * k], flat[2 * k + 1]});
  const double damping = 0.9;
  const auto turn = [damping](const auto& state, const auto& item, auto u) {
    const auto& [p, q] = state;
    const auto& [angle, shear] = item;
    return std::tuple(damping * (p * cos(angle) - q * u), q + shear * p);
  };
  Row inputs = x;
  inputs.insert(inputs.end(), flat.begin(), flat.end());
  const auto [ps, qs] = map_fold(turn, std::tuple(1.0, 0.5), along(items), each(x));
  Var<double> mapped = 0, looped = 0;
  for (std::size_t i = 0; i < count; ++i) {
    mapped += ps[i] * qs[i];
    Var<double> p = 1.0, q = 0.5;
    for (std::size_t k = 0; k < steps; ++k) {
      const Var<double> next = damping * (p * cos(items[k][0]) - q * x[i]);
      q = q + items[k][1] * p;
      p = next;
    }
    looped += p * q;
  }
  CHECK(mapped.primal() == doctest::Approx(looped.primal()).epsilon(1e-13));
  check_close(gradient(tape, mapped, inputs), gradient(tape, looped, inputs));
}

TEST_CASE("a fold over numbers is the loops over numbers") {
  for (std::size_t count : {0, 1, 5, 16, 40}) {
    const std::vector<double> t = numbers(count), coefficients = numbers(9, 4);
    const std::vector<double> values = map_fold(horner, 0.0, back_along(coefficients), each(t));
    REQUIRE(values.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
      double expected = 0, power = 1;
      for (double c : coefficients) {
        expected += c * power;
        power *= t[i];
      }
      CHECK(values[i] == doctest::Approx(expected).epsilon(1e-13));
    }
  }
}

TEST_CASE("a fold is one record, of a value for each element, however many steps it has") {
  DynamicTape<double> tape;
  const std::vector<double> coefficients = numbers(500), t(1000, 0.5);
  const Variables<double> c = tape.variables(coefficients);
  const std::size_t records = tape.position().records, bytes = tape.memory();
  const Variables<double> values = map_fold(horner, 0.0, back_along(c), each(t));
  CHECK(tape.position().records == records + 1);
  CHECK(tape.memory() - bytes <= 2 * 8 * 1000 + 300);  // values and the copy of t
  tape.backward(values);
  const std::vector<double> g = c.grad();
  for (std::size_t k = 0; k < 60; ++k) {
    CHECK(g[k] == doctest::Approx(1000 * std::pow(0.5, static_cast<double>(k))).epsilon(1e-13));
  }
}

TEST_CASE("what is not asked for stays zero where a derivative is infinite, as far as the states go") {
  const auto root = [](auto state, auto item, auto x) { return state + item * sqrt(x); };
  for (std::size_t count = 2; count < 36; count += 3) {
    CAPTURE(count);
    DynamicTape<double> tape;
    Row x;
    for (std::size_t i = 0; i < count; ++i) x.push_back(tape.variable(i % 2 == 1 ? 0 : number(i)));
    const Row items = variables(tape, 3);
    const Variables<double> folded = map_fold(root, 0.0, along(items), each(x));
    tape.backward(folded[0]);
    for (std::size_t i = 1; i < count; ++i) CHECK(x[i].grad() == 0);
    for (const Var<double>& item : items) CHECK(item.grad() == doctest::Approx(std::sqrt(number(0))));
  }
}

TEST_CASE("second derivatives come from folds of nested numbers") {
  using D = duet::Dual<double>;
  DynamicTape<D> tape;
  std::vector<Var<D>> x, c;
  for (std::size_t i = 0; i < 6; ++i) x.push_back(tape.variable(D(number(i), 1.0)));
  for (std::size_t k = 0; k < 4; ++k) c.push_back(tape.variable(D(number(k + 9))));
  tape.backward(map_fold(horner, 0.0, back_along(c), each(x)));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double u = number(i), b = number(10), d = number(11), e = number(12);
    CHECK(x[i].grad().primal() == doctest::Approx(b + u * (2 * d + 3 * u * e)).epsilon(1e-14));
    CHECK(x[i].grad().tangent() == doctest::Approx(2 * d + 6 * u * e).epsilon(1e-14));
  }
}

TEST_CASE("a result is made of its own element and of all items") {
  DynamicTape<double> tape;
  const Row x = variables(tape, 20), c = variables(tape, 3);
  const Variables<double> folded = map_fold(horner, 0.0, along(c), each(x));
  struct Seen : duet::tape::Dependences {
    std::vector<std::vector<duet::tape::Word>> of;
    void add(std::size_t, std::span<const duet::tape::Word> inputs) override {
      of.emplace_back(inputs.begin(), inputs.end());
    }
  } seen;
  const auto& record = tape.records().back();
  record.kind->dependences(record, {&tape, nullptr}, seen);
  REQUIRE(seen.of.size() == 20);
  for (std::size_t i = 0; i < 20; ++i) {
    std::vector<duet::tape::Word> expected;
    for (const Var<double>& one : c) expected.push_back(tape.index_of(one));
    expected.push_back(tape.index_of(x[i]));
    CHECK(seen.of[i] == expected);
  }
  CHECK(folded.size() == 20);
}

TEST_CASE("ranges of different lengths, and variables of no tape, are refused") {
  const std::vector<double> t(3), start(4), c(2);
  CHECK_THROWS_AS(map_fold(horner, each(start), along(c), each(t)), duet::Error);
  Row stale;
  {
    DynamicTape<double> tape;
    stale = variables(tape, 5);
  }
  CHECK_THROWS_AS(map_fold(horner, 0.0, along(stale), each(t)), duet::TapeError);
  DynamicTape<double> tape;
  CHECK_THROWS_AS(map_fold(horner, 0.0, along(stale), each(t)), duet::TapeError);
  const Row fine = variables(tape, 2);
  tape.backward(map_fold(horner, 0.0, along(fine), each(t)));
  CHECK(fine[1].grad() == 3);
}
