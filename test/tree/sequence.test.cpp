// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Structures whose size is only known at run time.
#include <doctest/doctest.h>

#include <array>
#include <deque>
#include <list>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <duet/transform/dynamic_matrix.hpp>
#include <duet/tree/sequence.hpp>

namespace tree = duet::tree;
using Nested = std::tuple<double, std::vector<std::pair<double, std::vector<double>>>, std::array<double, 2>>;

namespace {
const Nested nested{1, {{2, {3, 4}}, {5, {}}}, {6, 7}};
}

TEST_CASE("what has a size known only at run time says so") {
  static_assert(tree::run_time_sized<std::vector<double>>);
  static_assert(tree::run_time_sized<std::deque<double>>);
  static_assert(tree::run_time_sized<Nested>);
  static_assert(tree::run_time_sized<std::array<std::list<float>, 2>>);
  static_assert(tree::run_time_sized<std::pair<double, std::vector<double>>>);
  static_assert(!tree::run_time_sized<double>);
  static_assert(!tree::run_time_sized<std::tuple<double, std::array<double, 2>, std::pair<int, int>>>);
  static_assert(!tree::run_time_sized<duet::Matrix<double, 2, 2>>);
  static_assert(tree::run_time_sized<duet::DynamicMatrix<double>>);
}

TEST_CASE("rebind replaces the leaves, also of nested sequences") {
  static_assert(std::is_same_v<tree::rebind<std::vector<double>, int>, std::vector<int>>);
  static_assert(std::is_same_v<tree::rebind<Nested, char>,
                               std::tuple<char, std::vector<std::pair<char, std::vector<char>>>, std::array<char, 2>>>);
  static_assert(tree::same_structure<Nested, tree::rebind<Nested, float>>);
  static_assert(!tree::same_structure<std::vector<double>, std::deque<double>>);
  static_assert(std::is_same_v<tree::common_leaf<std::tuple<float, std::vector<double>>>::type, double>);
}

TEST_CASE("leaves are visited in order, and counted") {
  double expected = 0;
  tree::for_each_leaf(nested, [&](double leaf) { CHECK(leaf == ++expected); });
  CHECK(expected == 7);
  CHECK(tree::count_leaves(nested) == 7);
  CHECK(tree::count_leaves(std::vector<double>{}) == 0);
  CHECK(tree::count_leaves(std::array{1.0, 2.0}) == 2);
}

TEST_CASE("map_leaves keeps the structure") {
  const auto doubled = tree::map_leaves<int>(nested, [](double leaf) { return static_cast<int>(2 * leaf); });
  CHECK(doubled == tree::rebind<Nested, int>{2, {{4, {6, 8}}, {10, {}}}, {12, 14}});
  constexpr auto fixed =
      tree::map_leaves<int>(std::pair(1.0, std::array{2.0, 3.0}), [](double leaf) { return leaf > 1; });
  static_assert(fixed == std::pair(0, std::array{1, 1}));
  duet::DynamicMatrix<double> m(2, 3);
  m(1, 2) = 5;
  const auto mapped = tree::map_leaves<float>(m, [](double leaf) { return static_cast<float>(leaf + 1); });
  CHECK(mapped.rows() == 2);
  CHECK(mapped.cols() == 3);
  CHECK(mapped(1, 2) == 6);
  CHECK(mapped(0, 0) == 1);
  const duet::Matrix<double, 1, 2> small{{1, 2}};
  CHECK(tree::map_leaves<double>(small, [](double leaf) { return -leaf; })(0, 1) == -2);
}

TEST_CASE("shapes are the same if all sizes are") {
  CHECK(tree::same_shape(nested, nested));
  CHECK(tree::same_shape(1.0, 2));
  auto other = nested;
  std::get<1>(other)[0].second.pop_back();
  CHECK(!tree::same_shape(nested, other));
  CHECK(!tree::same_shape(std::vector<double>(2), std::vector<int>(3)));
  CHECK(!tree::same_shape(duet::DynamicMatrix<double>(2, 3), duet::DynamicMatrix<int>(3, 2)));
}
