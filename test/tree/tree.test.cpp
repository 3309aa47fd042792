// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Structures: their leaves, the same structure on other leaves, and the way to a row of leaves and back.
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include <duet/tree/row.hpp>

namespace {

namespace tree = duet::tree;

using Nested = std::tuple<double, std::array<std::pair<float, std::array<double, 2>>, 3>, std::tuple<>>;

/// The leaves of x as a row; its numbers are doubles.
template <class T>
constexpr tree::Structures<double, T> row(const T& x) {
  return {std::tuple<const T&>(x)};
}

/// A structure whose leaves are 1, 2, 3, ...
template <class T>
constexpr T counted() {
  T x{};
  int next = 0;
  tree::for_each_leaf(x, [&](auto& leaf) { leaf = static_cast<std::remove_reference_t<decltype(leaf)>>(++next); });
  return x;
}

template <class T>
struct Exact : std::is_same<T, double> {};

}  // namespace

TEST_CASE("a structure has the leaves of its parts") {
  static_assert(tree::leaves<double> == 1);
  static_assert(tree::leaves<std::string> == 1);
  static_assert(tree::leaves<std::array<double, 5>> == 5);
  static_assert(tree::leaves<std::array<std::array<float, 3>, 2>> == 6);
  static_assert(tree::leaves<std::tuple<>> == 0);
  static_assert(tree::leaves<std::array<double, 0>> == 0);
  static_assert(tree::leaves<Nested> == 1 + 3 * (1 + 2));
  static_assert(tree::leaves<const Nested&> == tree::leaves<Nested>);
  static_assert(tree::leaves_of_all<double, Nested, std::pair<float, float>> == 13);
  static_assert(tree::leaves_of_all<> == 0);
}

TEST_CASE("leaves are not containers, everything that holds them is") {
  static_assert(!tree::is_container<double>);
  static_assert(!tree::is_container<const float&>);
  static_assert(tree::is_container<std::array<double, 1>>);
  static_assert(tree::is_container<const std::pair<int, int>&>);
  static_assert(tree::is_container<std::tuple<>>);
}

TEST_CASE("rebind replaces every leaf and nothing else") {
  using Other = std::tuple<char, std::array<std::pair<char, std::array<char, 2>>, 3>, std::tuple<>>;
  static_assert(std::is_same_v<tree::rebind<double, char>, char>);
  static_assert(std::is_same_v<tree::rebind<const Nested&, char>, Other>);
  static_assert(std::is_same_v<tree::rebind<tree::rebind<Nested, float>, char>, tree::rebind<Nested, char>>);
}

TEST_CASE_TEMPLATE("taking a structure apart and building it are inverse, in order, also in constant expressions", T,
                   double, std::array<double, 4>, std::array<std::array<double, 2>, 3>,
                   std::tuple<double, std::array<double, 2>, double>, std::pair<std::array<double, 1>, double>,
                   std::tuple<std::tuple<>, std::pair<double, std::tuple<double>>>, std::array<double, 100>) {
  static constexpr T x = counted<T>();
  static constexpr auto leaves = tree::to_array<double>(row(x));
  for (std::size_t i = 0; i < leaves.size(); ++i) CHECK(leaves[i] == double(i + 1));
  constexpr tree::Leaves<double, tree::leaves<T>> from{leaves.data()};
  static_assert(tree::build<T>(from) == x);
  static_assert(tree::build<T>(row(x)) == x);
  T y{};
  tree::fill(y, from);
  CHECK(y == x);
}

TEST_CASE("leaf K is the one that for_each_leaf visits K-th") {
  const Nested x = counted<Nested>();
  tree::for_each_index<10>([&](auto k) { CHECK(tree::leaf<k>(x) == k + 1); });
}

TEST_CASE("leaves_before an element are those of the elements before it") {
  static_assert(tree::leaves_before<Nested, 0> == 0);
  static_assert(tree::leaves_before<Nested, 1> == 1);
  static_assert(tree::leaves_before<Nested, 2> == 10);
  static_assert(tree::leaves_before<std::array<std::pair<double, float>, 4>, 3> == 6);
  static_assert(tree::element_of_leaf<Nested, 0>() == 0);
  static_assert(tree::element_of_leaf<Nested, 1>() == 1);
  static_assert(tree::element_of_leaf<Nested, 9>() == 1);
}

TEST_CASE("structures are built from the middle of a row, in the row's numbers") {
  static constexpr std::array<int, 6> leaves{0, 1, 2, 3, 4, 5};
  constexpr tree::Leaves<int, 6> from{leaves.data()};
  constexpr auto middle = tree::build<std::pair<double, std::array<double, 2>>, 2>(from);
  static_assert(std::is_same_v<decltype(middle), const std::pair<int, std::array<int, 2>>>);
  static_assert(middle == std::pair(2, std::array{3, 4}));
}

TEST_CASE("parts of joined rows are the leaves in between") {
  const std::array<double, 3> a{1, 2, 3};
  const std::pair<double, double> b{4, 5};
  const auto first = row(a);
  const auto second = row(b);
  const tree::Joined<double, decltype(first), decltype(second)> joined{{first, second}};
  static_assert(decltype(joined)::size == 5);
  CHECK(tree::to_array<double>(joined) == std::array<double, 5>{1, 2, 3, 4, 5});
  CHECK(tree::to_array<float>(tree::part<2, 2>(joined)) == std::array<float, 2>{3, 4});
}

TEST_CASE("a row of leaves of different types keeps their types") {
  const std::tuple<double, std::pair<long double, std::tuple<float, double>>> x{1.5, {2, {3.5f, 4}}};
  static_assert(std::is_same_v<decltype(tree::leaf_tuple(x)), std::tuple<double, long double, float, double>>);
  CHECK(tree::leaf_tuple(x) == std::tuple(1.5, 2, 3.5f, 4));
  const tree::MixedLeaves<double, int, float, char> from{{1.5, 2, 3.5f, 'c'}};
  const auto built = tree::build<std::tuple<double, std::tuple<double, double>>, 1>(from);
  static_assert(std::is_same_v<decltype(built), const std::tuple<int, std::tuple<float, char>>>);
  CHECK(built == std::tuple(2, std::tuple(3.5f, 'c')));
}

TEST_CASE("an array of leaves of different types can be unpacked") {
  const tree::MixedLeaves<int, double, char> leaves{{1, 2.5, 'c'}};
  const auto pack = tree::build<std::array<double, 3>>(leaves);
  const auto [a, b, c] = pack;
  CHECK(a == 1);
  CHECK(b == 2.5);
  CHECK(c == 'c');
  CHECK(std::get<1>(pack) == 2.5);
  const auto floats = tree::build<std::array<double, 3>>(tree::MixedLeaves<float, double, long double>{{1, 2, 3}});
  static_assert(tree::leaves<decltype(floats)> == 3);
  static_assert(tree::same_structure<decltype(floats), std::array<double, 3>>);
}

TEST_CASE("same_structure compares shapes, not leaves") {
  static_assert(tree::same_structure<double, int>);
  static_assert(tree::same_structure<std::array<double, 2>, std::array<float, 2>>);
  static_assert(tree::same_structure<Nested, tree::rebind<Nested, float>>);
  static_assert(!tree::same_structure<std::array<double, 2>, std::array<double, 3>>);
  static_assert(!tree::same_structure<double, std::array<double, 1>>);
  static_assert(!tree::same_structure<std::tuple<double>, double>);
  static_assert(!tree::same_structure<std::tuple<double, double>, std::array<double, 2>>);
  static_assert(!tree::same_structure<std::tuple<double, std::tuple<double>>, std::tuple<double, double>>);
}

TEST_CASE("a question about all leaves is asked of every leaf") {
  static_assert(tree::all_leaves<std::tuple<double, std::array<double, 2>, int>, Exact>::value);
  static_assert(!tree::all_leaves<std::tuple<double, std::array<float, 2>>, Exact>::value);
  static_assert(!tree::all_leaves<std::pair<std::pair<double, float>, double>, Exact>::value);
  static_assert(tree::all_leaves<std::tuple<>, Exact>::value);
}

TEST_CASE("the common leaf is the common type of all leaves") {
  static_assert(std::is_same_v<tree::common_leaf<float, std::array<double, 2>>::type, double>);
  static_assert(std::is_same_v<tree::common_leaf<std::array<float, 2>, std::tuple<>>::type, float>);
  static_assert(std::is_same_v<tree::common_leaf<std::tuple<>, std::pair<float, float>>::type, float>);
  static_assert(std::is_same_v<tree::common_leaf<Nested>::type, double>);
  static_assert(std::is_void_v<tree::common_leaf<std::tuple<>>::type>);
  static_assert(std::is_void_v<tree::common_leaf<>::type>);
}
