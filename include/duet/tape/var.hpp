// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstdint>
#include <iosfwd>
#include <limits>

#include <duet/op/table.hpp>

/// The number of the dynamic tape.
namespace duet {

template <class T>
class DynamicTape;
template <class T>
class Var;
struct VarEngine;

namespace tape {

/// Numbers the variables of a tape, and its eras. Variable 0 and era 0 stand for "not recorded".
using Word = std::uint32_t;

/// A variable's era and number in one, so that both are read and compared at once.
using Key = std::uint64_t;
[[gnu::always_inline]] constexpr Key key(Word era, Word index) { return Key{era} << 32 | index; }
[[gnu::always_inline]] constexpr Word era_of(Key key) { return static_cast<Word>(key >> 32); }
[[gnu::always_inline]] constexpr Word index_of(Key key) { return static_cast<Word>(key); }

/// How far a variable lies from another one, given the difference of their keys.
[[gnu::always_inline]] constexpr std::ptrdiff_t offset_of(Key difference) {
  return static_cast<std::int32_t>(static_cast<Word>(difference));
}

inline constexpr const char* no_active_tape =
    "duet: no tape is active on this thread; variables work while their DynamicTape lives";

/// An expression of variables of type `V` that has not been recorded yet (statement.hpp).
template <class S, class V>
concept statement_of = requires {
  typename S::variable;
}
&&std::same_as<typename S::variable, V> && !std::same_as<S, V>;

template <class S>
[[gnu::always_inline]] inline typename S::variable record(const S& statement);

}  // namespace tape

/// A number whose history is recorded on the active `DynamicTape<T>` of the thread. It is small and freely copied;
/// copies are the same variable. A number that was made from plain numbers alone is passive: nothing of it is recorded.
///
/// Operations on variables give expressions; an expression is recorded, as one statement, when a `Var` is made from it.
/// Comparisons look at the values and give `bool`, so loops, branches and recursion are all fine.
template <class T = double>
class Var : public Active {
 public:
  using engine = VarEngine;
  using scalar = T;
  static constexpr int rank = op::rank_of<T> < 2 ? 2 : op::rank_of<T> + 1;

  constexpr Var() : value_{} {}

  /// A passive number.
  template <class U>
  requires std::convertible_to<U, T> || integral_constant<U>
  constexpr Var(const U& value) : value_(op::lift<T>(value)) {}

  /// Records the expression.
  template <tape::statement_of<Var> S>
  [[gnu::always_inline]] Var(const S& statement) : Var(tape::record(statement)) {}

  /// The value.
  [[gnu::always_inline]] constexpr const T& primal() const { return value_; }

  /// The derivative that the sweeps of its tape have accumulated here; see `DynamicTape::grad`.
  T grad() const { return DynamicTape<T>::tape_of(key_).grad(*this); }

  /// Whether it depends on a variable of a tape.
  [[gnu::always_inline]] constexpr bool is_recorded() const { return key_ != 0; }

  /// Its place on the tape, which is meaningful in this era of the tape only. For those who write records.
  [[gnu::always_inline]] constexpr tape::Key key() const { return key_; }
  [[gnu::always_inline]] constexpr Var(const T& value, tape::Key key) : value_(value), key_(key) {}

 private:
  T value_;
  tape::Key key_ = 0;
};

/// Whether x is a zero that stays zero whatever it is multiplied by, derivatives included.
template <class T>
constexpr bool is_zero(const Var<T>& x) {
  using op::is_zero;
  return !x.is_recorded() && is_zero(x.primal());
}

template <class T>
constexpr bool isfinite(const Var<T>& x) {
  using math::isfinite;
  return isfinite(x.primal());
}
template <class T>
constexpr bool isnan(const Var<T>& x) {
  using math::isnan;
  return isnan(x.primal());
}
template <class T>
constexpr bool isinf(const Var<T>& x) {
  using math::isinf;
  return isinf(x.primal());
}

/// Prints the value.
template <class Char, class Traits, class T>
auto& operator<<(std::basic_ostream<Char, Traits>& out, const Var<T>& x) {
  return out << x.primal();
}

}  // namespace duet

template <class T>
struct std::numeric_limits<duet::Var<T>> : std::numeric_limits<T> {};

template <class T, class U>
requires std::is_arithmetic_v<U>
struct std::common_type<duet::Var<T>, U> {
  using type = duet::Var<T>;
};
template <class T, class U>
requires std::is_arithmetic_v<U>
struct std::common_type<U, duet::Var<T>> {
  using type = duet::Var<T>;
};
