// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Structs as structures: their members, their names, the same struct of other numbers.
#include <doctest/doctest.h>

#include <array>
#include <boost/hana/adapt_struct.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/string.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <duet/duet.hpp>

namespace {

namespace tree = duet::tree;

template <class T>
struct Plain {
  T a, b;
  int count;
  bool operator==(const Plain&) const = default;
};
template <class T>
struct Described {
  BOOST_HANA_DEFINE_STRUCT(Described, (T, x), (std::array<T, 3>, y), (Plain<T>, plain), (std::string, name));
};
template <class T>
struct Reversed {
  T first, second;
};
template <class T, int N>
struct Polynomial {
  std::array<T, N> coefficients;
};
template <class T, std::size_t N>
struct Sized {
  std::array<T, N> elements;
};
template <class A, class B>
struct Two {
  A a;
  B b;
};
template <class T, auto Kind>
struct Tagged {
  T value;
  template <class S>
  using rebind = Tagged<S, Kind>;
};

struct Empty {};
struct WithArray {
  double a;
  double b[3];
};
struct ArrayOfOne {
  double a[1];
};
struct WithBase : Plain<double> {
  double c;
};
struct WithEmptyBase : Empty {
  double c;
};
struct WithReference {
  double& a;
};
struct NoDefault {
  NoDefault(int);
};
struct WithNoDefault {
  double a;
  NoDefault b;
};
struct WithDefaults {
  double a = 1;
  std::string b = "b";
  std::vector<int> c{};
  std::unique_ptr<int> d;
};
struct Private {
  Private();

 private:
  [[maybe_unused]] double a;
};
struct Twenty {
  double a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t;
};
struct TwentyOne {
  Twenty a;
  double b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u;
};
struct TooMany {
  double a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u;
};
struct Adapted {
  double u;
  int v;
};

using Dual = duet::Dual<double, 2>;
using Var = duet::Var<double>;

}  // namespace

BOOST_HANA_ADAPT_STRUCT(Adapted, u, v);

template <class T>
struct boost::hana::accessors_impl<Reversed<T>> {
  static constexpr auto apply() {
    return make_tuple(make_pair(
                          BOOST_HANA_STRING("second"), [](auto&& x) -> auto& { return x.second; }),
                      make_pair(
                          BOOST_HANA_STRING("first"), [](auto&& x) -> auto& { return x.first; }));
  }
};

TEST_CASE("the members of plain structs are counted, whatever they are") {
  static_assert(tree::aggregate::members<Plain<double>>() == 3);
  static_assert(tree::aggregate::members<Plain<Dual>>() == 3);
  static_assert(tree::aggregate::members<Plain<Var>>() == 3);
  static_assert(tree::aggregate::members<Plain<duet::Traced>>() == 3);
  static_assert(tree::aggregate::members<Plain<std::string>>() == 3);
  static_assert(tree::aggregate::members<Two<Plain<double>, std::pair<Var, Dual>>>() == 2);
  static_assert(tree::aggregate::members<WithDefaults>() == 4);
  static_assert(tree::aggregate::members<Twenty>() == 20);
  static_assert(tree::aggregate::members<TwentyOne>() == 0);
}

TEST_CASE("structs whose members can't be told are not looked into") {
  static_assert(tree::aggregate::members<WithArray>() == 0);
  static_assert(tree::aggregate::members<ArrayOfOne>() == 0);
  static_assert(tree::aggregate::members<WithBase>() == 0);
  static_assert(tree::aggregate::members<WithEmptyBase>() == 0);
  static_assert(tree::aggregate::members<WithReference>() == 0);
  static_assert(tree::aggregate::members<WithNoDefault>() == 0);
  static_assert(tree::aggregate::members<Private>() == 0);
  static_assert(tree::aggregate::members<TooMany>() == 0);
  static_assert(tree::aggregate::members<Empty>() == 0);
  static_assert(tree::aggregate::members<double>() == 0);
  static_assert(!tree::is_container<WithArray>);
  static_assert(!tree::differentiable<WithArray>);
}

TEST_CASE("numbers are leaves, even if they are structs") {
  static_assert(!tree::is_container<Dual>);
  static_assert(!tree::is_container<Var>);
  static_assert(!tree::is_container<duet::Traced>);
  static_assert(tree::leaves<Described<Dual>> == 6);
}

TEST_CASE("leaves are those of the members") {
  static_assert(tree::leaves<Plain<double>> == 2);
  static_assert(tree::leaves<Described<double>> == 6);
  static_assert(tree::leaves<std::array<Two<double, Plain<float>>, 2>> == 6);
  static_assert(tree::leaves<Adapted> == 1);
  constexpr Plain<double> x{1, 2, 3};
  static_assert(tree::leaf<1>(x) == 2);
  double sum = 0;
  tree::for_each_leaf(x, [&](double leaf) { sum += leaf; });
  CHECK(sum == 3);
}

TEST_CASE("a struct is rebound by its template's arguments, or as it says itself") {
  static_assert(std::is_same_v<tree::rebind<Plain<double>, Var>, Plain<Var>>);
  static_assert(std::is_same_v<tree::rebind<Described<double>, float>, Described<float>>);
  static_assert(std::is_same_v<tree::rebind<Polynomial<double, 3>, Var>, Polynomial<Var, 3>>);
  static_assert(std::is_same_v<tree::rebind<Sized<double, 3>, Var>, Sized<Var, 3>>);
  static_assert(std::is_same_v<tree::rebind<Two<double, std::array<float, 2>>, Var>, Two<Var, std::array<Var, 2>>>);
  static_assert(std::is_same_v<tree::rebind<Two<double, int>, Var>, Two<Var, int>>);
  static_assert(std::is_same_v<tree::rebind<Tagged<double, 'x'>, Var>, Tagged<Var, 'x'>>);
  static_assert(std::is_same_v<tree::rebind<Two<int, bool>, Var>, Two<int, bool>>);
}

TEST_CASE("what can't be rebound is found, with its path") {
  static_assert(tree::rigid<Described<double>>::fits);
  static_assert(tree::rigid<std::tuple<int, Plain<float>>>::fits);
  static_assert(tree::rigid<Two<int, bool>>::fits);
  static_assert(std::is_same_v<tree::rigid<Adapted>, tree::AtPath<"u">>);
  static_assert(std::is_same_v<tree::rigid<std::tuple<int, Two<double, Adapted>>>, tree::AtPath<"[1][1].u">>);
  static_assert(std::is_same_v<tree::rigid<std::vector<Twenty>>, tree::AtPath<"[0][0]">>);
}

TEST_CASE("the first difference of two structures is found, with its path") {
  static_assert(tree::mismatch<Described<double>, Described<float>>::fits);
  static_assert(tree::mismatch<double, int>::fits);
  static_assert(std::is_same_v<tree::mismatch<double, std::array<double, 1>>, tree::AtPath<"(the whole)">>);
  static_assert(std::is_same_v<tree::mismatch<Two<Described<double>, double>, Two<Described<double>, Plain<double>>>,
                               tree::AtPath<"[1]">>);
  static_assert(std::is_same_v<tree::mismatch<Described<Plain<double>>, Described<double>>, tree::AtPath<"x">>);
  static_assert(
      std::is_same_v<tree::mismatch<std::tuple<double, int>, std::tuple<double, double>>, tree::AtPath<"[1]">>);
}

TEST_CASE("members have the names of their description") {
  CHECK(tree::Structure<Described<double>>::name<2>() == std::string_view("plain"));
  CHECK(tree::Structure<Reversed<double>>::name<0>() == std::string_view("second"));
  CHECK(duet::leaf_names(Described<double>{}) ==
        std::vector<std::string>{"x", "y[0]", "y[1]", "y[2]", "plain[0]", "plain[1]"});
}

TEST_CASE("a struct is built by braces only if its description has the order of the members") {
  static_assert(tree::Structure<Plain<double>>::braces);
  static_assert(tree::Structure<Adapted>::braces);
  static_assert(!tree::Structure<Reversed<double>>::braces);
  static constexpr std::array<double, 2> row{1, 2};
  constexpr auto reversed = tree::build<Reversed<float>>(tree::Leaves<double, 2>{row.data()});
  static_assert(reversed.second == 1 && reversed.first == 2);
}

TEST_CASE("elements that are no numbers come from what a structure is like") {
  static constexpr std::array<double, 2> row{1, 2};
  constexpr tree::Leaves<double, 2> leaves{row.data()};
  static_assert(tree::build<Plain<float>>(leaves, Plain<float>{7, 8, 9}) == Plain<double>{1, 2, 9});
  constexpr auto mapped = tree::map_leaves<int>(Plain<double>{1, 2, 3}, [](double x) { return int(10 * x); });
  static_assert(mapped == Plain<int>{10, 20, 3});
  static_assert(tree::of_numbers_only<Two<double, Empty>>);
  static_assert(!tree::of_numbers_only<Plain<double>>);
}
