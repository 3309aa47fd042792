// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/row.hpp>

/// Comparisons and logic. On plain numbers and duals they give `bool`, on batches masks, on recorded numbers nodes.
namespace duet {
namespace op {

struct Less : Predicate<"<"> {
  static constexpr auto value(const auto& a, const auto& b) { return a < b; }
};
struct LessEqual : Predicate<"<="> {
  static constexpr auto value(const auto& a, const auto& b) { return a <= b; }
};
struct Equal : Predicate<"=="> {
  static constexpr bool commutes = true;
  static constexpr auto value(const auto& a, const auto& b) { return a == b; }
};
/// What is not a number differs from everything. For wide registers xsimd 8 asks for numbers that are less or greater,
/// so its `!=` says no.
struct NotEqual : Predicate<"!="> {
  static constexpr bool commutes = true;
  template <class A, class B>
  static constexpr auto value(const A& a, const B& b) {
    if constexpr (batch<A> || batch<B>) {
      return !(a == b);
    } else {
      return a != b;
    }
  }
};
struct And : Predicate<"&&"> {
  static constexpr bool commutes = true;
  static constexpr auto value(const auto& a, const auto& b) { return a && b; }
};
struct Or : Predicate<"||"> {
  static constexpr bool commutes = true;
  static constexpr auto value(const auto& a, const auto& b) { return a || b; }
};
struct Not : Row<"!", 1, Kind::predicate> {
  static constexpr auto value(const auto& a) { return !a; }
};

using ComparisonRows = Rows<Less, LessEqual, Equal, NotEqual, And, Or, Not>;

/// A truth value that an engine records instead of knowing it. It has no `bool`: which way a branch goes can't be known
/// while the function is recorded.
struct Condition : Active {
  template <class B>
  requires std::same_as<B, bool>
  constexpr explicit operator B() const {
    static_assert(!sizeof(B),
                  "duet: this branches on a differentiated value, which a static graph can't record; write "
                  "duet::where(condition, a, b), or differentiate with DynamicTape or Forward");
    return false;
  }
};

template <class T>
concept recorded_condition = std::derived_from<std::remove_cvref_t<T>, Condition>;
template <class T>
concept truth = recorded_condition<T> || std::same_as < std::remove_cvref_t<T>,
bool > ;
template <class A, class B>
concept comparable = active_operands<A, B> && !recorded_condition<A> && !recorded_condition<B>;

}  // namespace op

template <class A, class B>
requires op::comparable<A, B>
[[gnu::always_inline]] constexpr auto operator<(const A& a, const B& b) { return op::apply<op::Less>(a, b); }
template <class A, class B>
requires op::comparable<A, B>
[[gnu::always_inline]] constexpr auto operator>(const A& a, const B& b) { return op::apply<op::Less>(b, a); }
template <class A, class B>
requires op::comparable<A, B>
[[gnu::always_inline]] constexpr auto operator<=(const A& a, const B& b) { return op::apply<op::LessEqual>(a, b); }
template <class A, class B>
requires op::comparable<A, B>
[[gnu::always_inline]] constexpr auto operator>=(const A& a, const B& b) { return op::apply<op::LessEqual>(b, a); }
template <class A, class B>
requires op::comparable<A, B>
[[gnu::always_inline]] constexpr auto operator==(const A& a, const B& b) { return op::apply<op::Equal>(a, b); }
template <class A, class B>
requires op::comparable<A, B>
[[gnu::always_inline]] constexpr auto operator!=(const A& a, const B& b) { return op::apply<op::NotEqual>(a, b); }

template <op::truth A, op::truth B>
requires(op::recorded_condition<A> || op::recorded_condition<B>) constexpr auto operator&&(const A& a, const B& b) {
  return op::apply<op::And>(a, b);
}
template <op::truth A, op::truth B>
requires(op::recorded_condition<A> || op::recorded_condition<B>) constexpr auto operator||(const A& a, const B& b) {
  return op::apply<op::Or>(a, b);
}
template <op::recorded_condition A>
constexpr auto operator!(const A& a) {
  return op::apply<op::Not>(a);
}

}  // namespace duet
