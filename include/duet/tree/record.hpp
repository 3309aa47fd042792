// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <boost/hana/accessors.hpp>
#include <boost/hana/at.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/second.hpp>

#include <duet/tree/aggregate.hpp>
#include <duet/tree/structure.hpp>

/// Structs as structures: those that are described to Boost.Hana, whose members have names, and plain ones, whose
/// members have positions.
namespace duet::tree {

/// A struct with a description: BOOST_HANA_DEFINE_STRUCT, BOOST_HANA_ADAPT_STRUCT, or accessors of its own.
template <class T>
concept described = std::is_class_v<T> && !number<T> && boost::hana::Struct<T>::value;

/// A struct without one, whose members can be told nevertheless.
template <class T>
concept plain_struct = !described<T> && !number<T> && aggregate::members<T>() > 0;

template <class T>
concept record = described<T> || plain_struct<T>;

/// The class template that `T` comes from, with `S` in the place of numbers: what `T::rebind<S>` says, if there is such
/// a thing, else the arguments that hold numbers are replaced. A struct that is no template has none.
template <class T, class S>
struct rebound_record {};
template <template <class...> class C, class... A, class S>
requires(differentiable<A> || ...) struct rebound_record<C<A...>, S> : std::type_identity<C<rebind_element<A, S>...>> {
};
template <template <class, int...> class C, class A, int... N, class S>
requires(differentiable<A> && sizeof...(N) > 0) struct rebound_record<C<A, N...>, S>
    : std::type_identity<C<rebind_element<A, S>, N...>> {
};
template <template <class, std::size_t...> class C, class A, std::size_t... N, class S>
requires(differentiable<A> && sizeof...(N) > 0) struct rebound_record<C<A, N...>, S>
    : std::type_identity<C<rebind_element<A, S>, N...>> {
};
template <class T, class S>
requires requires { typename T::template rebind<S>; }
struct rebound_record<T, S> : std::type_identity<typename T::template rebind<S>> {};

/// What records have in common. `Members` has `size` and `at<I>(x)`.
template <class T, class Members>
struct Record : Members {
  static constexpr Kind kind = Kind::product;
  static constexpr bool static_graphs = true;

  template <class>
  struct types;
  template <std::size_t... I>
  struct types<std::index_sequence<I...>> {
    using type = std::tuple<std::remove_cvref_t<decltype(Members::template at<I>(std::declval<T&>()))>...>;
  };
  using elements = typename types<std::make_index_sequence<Members::size>>::type;

  template <class S>
  requires requires { typename rebound_record<T, S>::type; }
  using rebound = typename rebound_record<T, S>::type;
};

template <class T>
struct DescribedMembers;

/// Whether a description has all members in their order, found out on a struct of plain numbers.
template <class T>
constexpr bool lists_members_in_order() {
  using Members = DescribedMembers<T>;
  if constexpr (aggregate::members<T>() != Members::size) {
    return false;
  } else {
    T x{};
    const auto members = aggregate::tie(x);
    const auto same = [](const auto& a, const auto& b) {
      return static_cast<const void*>(&a) == static_cast<const void*>(&b);
    };
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (same(Members::template at<I>(x), std::get<I>(members)) && ...);
    }
    (std::make_index_sequence<Members::size>{});
  }
}
template <class T>
struct plain_numbers : std::type_identity<T> {};
template <class T>
requires requires { typename rebound_record<T, double>::type; }
struct plain_numbers<T> : rebound_record<T, double> {};
template <class T>
inline constexpr bool in_order = false;  // where constant expressions can't tell
template <class T>
requires requires { std::bool_constant<lists_members_in_order<typename plain_numbers<T>::type>()>{}; }
inline constexpr bool in_order<T> = lists_members_in_order<typename plain_numbers<T>::type>();

template <class T>
struct DescribedMembers {
  static constexpr std::size_t size = decltype(boost::hana::length(boost::hana::accessors<T>()))::value;
  static constexpr bool braces = in_order<T>;

  template <std::size_t I>
  [[gnu::always_inline]] static constexpr auto& at(auto& x) {
    return boost::hana::second(boost::hana::at_c<I>(boost::hana::accessors<T>()))(x);
  }
  template <std::size_t I>
  static constexpr const char* name() {
    return boost::hana::first(boost::hana::at_c<I>(boost::hana::accessors<T>())).c_str();
  }
};

/// The members of a plain struct; they have no names.
template <class T>
struct PlainMembers {
  static constexpr std::size_t size = aggregate::members<T>();
  static constexpr bool braces = true;

  template <std::size_t I>
  [[gnu::always_inline]] static constexpr auto& at(auto& x) {
    return std::get<I>(aggregate::tie(x));
  }
};

template <described T>
struct Structure<T> : Record<T, DescribedMembers<T>> {};
template <plain_struct T>
struct Structure<T> : Record<T, PlainMembers<T>> {};

}  // namespace duet::tree
