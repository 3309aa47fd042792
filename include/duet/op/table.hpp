// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>

#include <duet/op/arithmetic.hpp>
#include <duet/op/attach.hpp>
#include <duet/op/comparison.hpp>
#include <duet/op/constant.hpp>
#include <duet/op/exponential.hpp>
#include <duet/op/hyperbolic.hpp>
#include <duet/op/piecewise.hpp>
#include <duet/op/power.hpp>
#include <duet/op/special.hpp>
#include <duet/op/trigonometric.hpp>

/// The op table: every family's rows in one list, numbered by their place in it.
namespace duet::op {

template <class... Lists>
struct joined;
template <class... A>
struct joined<Rows<A...>> {
  using type = Rows<A...>;
};
template <class... A, class... B, class... Rest>
struct joined<Rows<A...>, Rows<B...>, Rest...> : joined<Rows<A..., B...>, Rest...> {};

using Table = joined<ComparisonRows, ArithmeticRows, PiecewiseRows, ExponentialRows, PowerRows, TrigonometricRows,
                     HyperbolicRows, SpecialRows, Rows<Attach>>::type;

/// The number of a row; graphs store it.
using Code = int;

template <int K, class Op>
struct Numbered {};

template <class Numbers, class List>
struct Index;
template <std::size_t... K, class... Ops>
struct Index<std::index_sequence<K...>, Rows<Ops...>> : Numbered<static_cast<int>(K), Ops>... {};
using TableIndex = Index<std::make_index_sequence<Table::size>, Table>;

template <class Op, int K>
constexpr std::integral_constant<Code, K> find_code(Numbered<K, Op>);
template <int K, class Op>
constexpr std::type_identity<Op> find_row(Numbered<K, Op>);

/// The number of row `Op`.
template <class Op>
inline constexpr Code code = decltype(find_code<Op>(TableIndex{}))::value;

/// From here on, rows are functions of a library, but for roots and attached derivatives.
inline constexpr Code first_function =
    static_cast<Code>(ComparisonRows::size + ArithmeticRows::size + PiecewiseRows::size);

/// The row with number `K`.
template <Code K>
using row = typename decltype(find_row<K>(TableIndex{}))::type;

template <class... Ops>
constexpr auto as_tuple(Rows<Ops...>) {
  return boost::hana::tuple<boost::hana::type<Ops>...>{};
}
/// The table as a `hana::tuple` of types, for whoever goes through all functions (tests, docs).
template <class T = Table>
inline constexpr auto table = as_tuple(T{});

/// What a pass over a graph needs to know about a row, as plain data.
struct Info {
  const char* name;
  int arity;
  Kind kind;
  bool commutes, singular, gates;
};

template <class... Ops>
struct InfoTable {
  static constexpr Info rows[sizeof...(Ops)] = {
      {Ops::name, Ops::arity, Ops::kind, Ops::commutes, Ops::singular, Ops::gates}...};
};
template <class... Ops>
constexpr InfoTable<Ops...> info_table(Rows<Ops...>);

/// The facts about row number `code`.
constexpr const Info& info(Code code) { return decltype(info_table(Table{}))::rows[code]; }

}  // namespace duet::op
