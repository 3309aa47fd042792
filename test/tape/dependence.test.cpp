// What each kind of record says of which variables depend on which.
#include <doctest/doctest.h>

#include <set>

#include <duet/sparse.hpp>
#include <duet/tape/map.hpp>

namespace {

using duet::DynamicTape, duet::Mode, duet::Var, duet::each;
using Vector = std::vector<double>;
using V = Var<double>;

/// The inputs, numbered from 0, that each of `outputs` depends on.
std::vector<std::set<int>> dependences(const DynamicTape<double>& tape, const std::vector<V>& inputs,
                                       const std::vector<V>& outputs) {
  duet::graph::List<int> from, to;
  for (const V& x : inputs) from.push_back(static_cast<int>(tape.index_of(x)));
  for (const V& y : outputs) to.push_back(y.is_recorded() ? static_cast<int>(tape.index_of(y)) : -1);
  const auto p = duet::graph::pattern_of(duet::tape::dependences(tape), from, to);
  std::vector<std::set<int>> result;
  for (std::size_t i = 0; i < p.rows(); ++i) {
    result.emplace_back(p.places.begin() + p.offsets[i], p.places.begin() + p.offsets[i + 1]);
  }
  return result;
}

using Sets = std::vector<std::set<int>>;

std::vector<V> variables(DynamicTape<double>& tape, std::size_t count) {
  std::vector<V> x;
  for (std::size_t k = 0; k < count; ++k) x.push_back(tape.variable(0.5 + static_cast<double>(k)));
  return x;
}

}  // namespace

TEST_CASE("statements depend on what they read") {
  DynamicTape<double> tape;
  const auto x = variables(tape, 5);
  const V sum = x[0] + 2 * x[1], product = sum * sin(x[2]), passive = 3.0, copy = x[4];
  const V larger = max(x[0], x[3]), chosen = duet::where(x[0] < x[1], x[2], x[3]), rounded = floor(x[0]) + x[1];
  CHECK(dependences(tape, x, {sum, product, passive, copy, larger, chosen, rounded}) ==
        Sets{{0, 1}, {0, 1, 2}, {}, {4}, {0, 3}, {2}, {1}});
}

TEST_CASE("kernels have the pattern of their graph") {
  DynamicTape<double> tape;
  const auto x = variables(tape, 4);
  const auto f = duet::kernel(
      [](const auto& a, const auto& b, const auto& c) { return std::tuple(a * exp(b), b + 1.0, floor(a) * c); });
  const auto [p, q, r] = f(x[0], x[3], x[1]);
  const auto [s, t, u] = f(x[2], V(2.0), x[1]);
  CHECK(dependences(tape, x, {p, q, r, s, u}) == Sets{{0, 3}, {3}, {1}, {2}, {1}});
}

TEST_CASE("maps depend element by element, on shared arguments as a whole, and sums on all elements") {
  for (const std::size_t size : {1, 3, 40}) {
    DynamicTape<double> tape;
    const auto x = variables(tape, 2 * size + 1);
    std::vector<V> a(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(size)), b;
    for (std::size_t k = 0; k < size; ++k) b.push_back(x[2 * size - 1 - k]);  // backwards
    const V& shared = x[2 * size];
    const auto f = [](const auto& u, const auto& v, const auto& w) { return std::tuple(u * v, w * w + u); };
    const auto [first, second] = duet::map(f, each(a), each(b), shared);
    const auto [total, squares] = duet::map_sum(f, each(a), each(b), shared);
    std::vector<V> y(first.begin(), first.end());
    y.insert(y.end(), second.begin(), second.end());
    y.push_back(total);
    y.push_back(squares);
    Sets expected;
    std::set<int> mapped, with_shared{static_cast<int>(2 * size)};
    const auto n = static_cast<int>(size);
    for (int k = 0; k < n; ++k) expected.push_back({k, 2 * n - 1 - k});
    for (int k = 0; k < n; ++k) expected.push_back({k, 2 * n});
    for (int k = 0; k < 2 * n; ++k) mapped.insert(k);
    for (int k = 0; k < n; ++k) with_shared.insert(k);
    expected.push_back(mapped);
    expected.push_back(with_shared);
    CHECK(dependences(tape, x, y) == expected);
  }
}

TEST_CASE("what the tape does not see depends on all that went in") {
  DynamicTape<double> tape;
  const auto x = variables(tape, 5);
  const std::vector<V> some{x[1], V(3.0), x[4]};
  const Vector values{1, 2};
  const auto y = duet::tape::record_external<double>(std::span<const V>(some), std::span<const double>(values),
                                                     [](std::span<const double>, std::span<double>) {});
  const V z = duet::checkpoint([](const auto& a, const auto& b) { return a * a + b; })(x[0], x[2]);
  CHECK(dependences(tape, x, {y[0], y[1], z}) == Sets{{1, 4}, {1, 4}, {0, 2}});
}

TEST_CASE("sparse Jacobians go through kernels, maps and checkpoints") {
  const auto f = [](const auto& x) {
    using T = std::remove_cvref_t<decltype(x[0])>;
    const auto element = [](const auto& a, const auto& b) { return a * a + sin(b); };
    std::vector<T> y;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) y.push_back(duet::kernel(element)(x[i], x[i + 1]));
    const std::size_t half = x.size() / 2;
    const auto mapped = duet::map(element, each(std::span(x).first(half)), each(std::span(x).last(half)));
    for (const auto& value : mapped) y.push_back(value);
    y.push_back(duet::checkpoint([](const auto& a, const auto& b) { return a * b; })(x[0], x[3]));
    return y;
  };
  const Vector x{0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4};
  const auto dense = duet::jacobian<DynamicTape>(f)(x);
  const auto sparse = duet::sparse_jacobian<DynamicTape<double>, Mode::reverse>(f)(x);
  CHECK(sparse.nonzeros() == 7 * 2 + 4 * 2 + 2);
  for (std::size_t i = 0; i < dense.rows(); ++i) {
    for (std::size_t j = 0; j < dense.cols(); ++j) CHECK(sparse.at(i, j) == doctest::Approx(dense(i, j)));
  }
  const auto forwards = duet::sparse_jacobian(f)(x);
  CHECK(forwards.pattern() == sparse.pattern());
  CHECK(forwards.values().size() == sparse.values().size());
  for (std::size_t k = 0; k < sparse.nonzeros(); ++k) {
    CHECK(forwards.values()[k] == doctest::Approx(sparse.values()[k]));
  }
}
