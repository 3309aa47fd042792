// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <boost/hana/integral_constant.hpp>

#include <duet/op/active.hpp>

/// Numbers that are part of a type.
namespace duet {

/// The integer `V` as a type. Hana's own constants can't be used in its place: their operators accept any right
/// operand.
template <long long V>
struct Constant : std::integral_constant<long long, V> {};

template <long long V>
constexpr Constant<-V> operator-(Constant<V>) {
  return {};
}

/// `2_c`: a number that is part of an expression's type, so that `2_c * x` is an empty class.
template <char... Digits>
constexpr auto operator""_c() {
  return Constant<decltype(boost::hana::literals::operator""_c<Digits...>())::value>{};
}

}  // namespace duet
