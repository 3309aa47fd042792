// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Maps over rows of variables that lie in pieces, overlap or are the same are right, for all lengths around those of
// batches and blocks.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <duet/tape/map.hpp>
#include <random>
#include <vector>

namespace {

using Numbers = std::vector<double>;
using Places = std::vector<std::size_t>;

constexpr std::size_t inputs = 1100;
constexpr std::size_t shared = 3;  // the input that all elements share

struct Function {
  constexpr auto operator()(const auto& a, const auto& b, const auto& c, const auto& s) const {
    return a * b * c + s * a - 2.0 * b * c;
  }
};

/// Where the elements of a row of `count` variables come from: pieces of at most `longest`.
Places pieces(std::mt19937& engine, std::size_t count, std::size_t longest) {
  Places places;
  while (places.size() < count) {
    const std::size_t first = engine() % (inputs - longest);
    const std::size_t end = first + std::min(count - places.size(), 1 + engine() % longest);
    for (std::size_t i = first; i < end; ++i) {
      places.push_back(i);
    }
  }
  return places;
}
Places from(std::size_t first, std::size_t count) {
  Places places(count);
  for (std::size_t k = 0; k < count; ++k) {
    places[k] = first + k;
  }
  return places;
}

duet::Variables<double> row(const duet::Variables<double>& x, const Places& places) {
  duet::Variables<double> result;
  for (const std::size_t place : places) {
    result = duet::join(result, x.part(place, 1));
  }
  return result;
}

/// Checks values and derivatives of a map, of one of its results and plain numbers, and of a sum over both.
void check(const Numbers& at, const Places& a, const Places& b, const Places& c) {
  duet::DynamicTape<double> tape;
  const auto x = tape.variables(at);
  const auto row_a = row(x, a), row_b = row(x, b), row_c = row(x, c);
  const duet::Var<double> s = x[shared];
  const Numbers halves(a.size(), 0.5);
  const auto first = duet::map(Function{}, duet::each(row_a), duet::each(row_b), duet::each(row_c), s);
  const auto second = duet::map(Function{}, duet::each(first), duet::each(halves), duet::each(row_a), s);
  const auto sum = duet::map_sum(Function{}, duet::each(second), duet::each(first), duet::each(row_b), s);
  tape.backward(sum);

  const double t = at[shared];
  double total = 0;
  Numbers expected(inputs);
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double xa = at[a[k]], xb = at[b[k]], xc = at[c[k]];
    const double u = Function{}(xa, xb, xc, t), v = Function{}(u, 0.5, xa, t);
    total += Function{}(v, u, xb, t);
    CHECK(first[k].primal() == doctest::Approx(u).epsilon(1e-13));
    CHECK(second[k].primal() == doctest::Approx(v).epsilon(1e-13));
    const double w_v = u * xb + t, w_u = v * xb - 2 * xb + w_v * (0.5 * xa + t);
    expected[shared] += v + w_v * u + w_u * xa;
    expected[a[k]] += w_v * (0.5 * u - 1) + w_u * (xb * xc + t);
    expected[b[k]] += v * u - 2 * u + w_u * (xa * xc - 2 * xc);
    expected[c[k]] += w_u * (xa * xb - 2 * xb);
  }
  CHECK(sum.primal() == doctest::Approx(total).epsilon(1e-12));
  const Numbers found = x.grad();
  for (std::size_t i = 0; i < inputs; ++i) {
    CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-11));
  }
}

TEST_CASE("maps of pieces") {
  std::mt19937 engine(2026);
  std::uniform_real_distribution<double> number(-1, 1);
  Numbers at(inputs);
  std::generate(at.begin(), at.end(), [&] { return number(engine); });
  for (const std::size_t count : {1, 2, 3, 4, 5, 7, 9, 31, 33, 127, 129, 133, 257, 260, 300, 520}) {
    CAPTURE(count);
    for (const std::size_t longest : {1, 3, 200}) {
      check(at, pieces(engine, count, longest), pieces(engine, count, longest), pieces(engine, count, 2));
    }
    check(at, from(6, count), from(5, count), from(4, count));      // neighbours
    check(at, from(50, count), from(50, count), from(50, count));   // the same
    check(at, from(20, count), from(30, count), from(190, count));  // overlapping ones
  }
}

TEST_CASE("a sweep from a row of variables") {
  duet::DynamicTape<double> tape;
  const auto x = tape.variables(Numbers{1, 2, 3});
  const duet::Var<double> s = x[0];
  const auto y = duet::map(Function{}, duet::each(x), duet::each(x), duet::each(x), s);
  tape.backward(duet::join(y, y.part(1, 1)));
  CHECK(x.grad() == Numbers{3 + 1 + 1 - 4 + 2 + 2 + 3, 2 * (12 + 1 - 8), 27 + 1 - 12});
}

}  // namespace
