// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>

#include <duet/tape/repeated.hpp>

/// How statements become records. There are two ways. A statement of arithmetic writes down only which variables it
/// read: the sweep reads their values and runs the whole statement again, since memory is slower than arithmetic. Any
/// other statement is preaccumulated: it writes down its partial derivatives with respect to its leaves.
///
/// Which variables a statement reads is written as their offsets from the variable that it makes. In a loop these
/// mostly are what they were the last time, and then the record only says where they stand already: with stencils and
/// recurrences a tape is several times smaller and faster. The same goes for passive numbers.
namespace duet::tape {

/// Adds `w` times `size` partial derivatives to those of the variables that a record read. If the record made a choice
/// (`Gates`), a partial derivative of zero may be that of an operand that was not chosen, which gets nothing of an
/// infinite `w`.
template <bool Gates, class T>
[[gnu::always_inline]] inline void spread(const Record<T>& r, Sweeping<T> s, Word size) {
  using op::is_zero;
  const T w = s.adjoints[r.made];
  if (is_zero(w)) return;
  const Key* const offsets = s.rows() + r.row_at;
  const T* const partials = s.numbers() + r.numbers;
  for (Word k = 0; k < size; ++k) {
    if constexpr (Gates) {
      if (is_zero(partials[k])) continue;
    }
    T& adjoint = (s.adjoints + r.made)[offset_of(offsets[k])];
    adjoint = adjoint + w * partials[k];
  }
}

/// The record of any number of partial derivatives.
template <class T>
struct Linear {
  static void sweep(const Record<T>& r, Sweeping<T> s) { spread<true>(r, s, r.size); }
  static constexpr Kind<T> kind{"linear", &sweep_one<T, &sweep>, Kind<T>::as_size};

  static Var<T> write(DynamicTape<T>& tape, const T& value, const Key* variables, const T* partials, Word size) {
    auto& numbers = tape.numbers();
    std::uninitialized_copy_n(partials, size, numbers.room(size));
    numbers.append(size);
    const Word row_at = tape.input_rows().write(variables, size, tape.next());
    return tape.make(value, kind, row_at, static_cast<Word>(numbers.size() - size), size);
  }

  /// Whether one of the variables, which may be passive, is recorded. Those that are must be of the active tape.
  static bool any_recorded(const Key* variables, std::size_t count) {
    const DynamicTape<T>* const tape = DynamicTape<T>::active();
    bool any = false;
    for (std::size_t k = 0; k < count; ++k) {
      if (variables[k] == 0) continue;
      if (!tape) throw TapeError(no_active_tape);
      tape->index_of(Var<T>(T(0), variables[k]));  // throws if it is not of the tape
      any = true;
    }
    return any;
  }

  /// The record without those that are passive.
  [[gnu::noinline, gnu::cold]] static Var<T> write_mixed(const T& value, const Key* variables, const T* partials,
                                                         std::size_t count) {
    if (!any_recorded(variables, count)) return Var<T>(value);
    std::vector<Key> recorded;
    std::vector<T> derivatives;
    for (std::size_t k = 0; k < count; ++k) {
      if (variables[k] == 0) continue;
      recorded.push_back(variables[k]);
      derivatives.push_back(partials[k]);
    }
    return write(*DynamicTape<T>::active(), value, recorded.data(), derivatives.data(),
                 static_cast<Word>(recorded.size()));
  }
};

/// The record of `Count` partial derivatives.
template <class T, int Count, bool Gates>
struct Preaccumulated {
  static const Record<T>* sweep_run(const Record<T>* r, const Record<T>* first, Sweeping<T> s) {
    while (true) {
      spread<Gates>(*r, s, Count);
      if (r == first || r[-1].kind != &kind) return r;
      --r;
    }
  }
  static constexpr Kind<T> kind{.name = "statement", .sweep = &sweep_run, .inputs = Count};

  [[gnu::always_inline]] static Var<T> write(DynamicTape<T>& tape, const T& value, Word row_at,
                                             const T (&partials)[Count]) {
    auto& numbers = tape.numbers();
    T* const to = numbers.room(Count);
    for (int k = 0; k < Count; ++k) {
      std::construct_at(to + k, partials[k]);
      one_by_one();
    }
    numbers.append(Count);
    return tape.make(value, kind, row_at, static_cast<Word>(numbers.size() - Count));
  }
};

/// Records a value and its derivatives with respect to variables whose row could not be guessed.
template <class T, int Count, bool Gates>
[[gnu::noinline]] Var<T> record_unexpected(const T& value, const Key (&variables)[Count], const T (&partials)[Count]) {
  DynamicTape<T>* const tape = DynamicTape<T>::active();
  const Word row_at = tape ? tape->input_rows().find(*tape, variables, Count) : 0;
  if (row_at == 0) [[unlikely]]
    return Linear<T>::write_mixed(value, variables, partials, Count);
  return Preaccumulated<T, Count, Gates>::write(*tape, value, row_at, partials);
}

/// Records a value and its derivatives. All statements with as many leaves share this function: what is compiled for
/// each of them is just what they compute.
template <class T, int Count, bool Gates>
[[gnu::noinline]] Var<T> record_derivatives(const T& value, const Key (&variables)[Count], const T (&partials)[Count]) {
  DynamicTape<T>* const tape = DynamicTape<T>::active();
  const Word row_at = tape ? tape->input_rows().guess(variables, tape->next(), 0) : 0;
  if (row_at == 0) [[unlikely]]
    return record_unexpected<T, Count, Gates>(value, variables, partials);
  return Preaccumulated<T, Count, Gates>::write(*tape, value, row_at, partials);
}

/// `X` for each index of a pack.
template <std::size_t, class X>
using Indexed = X;

/// The same with all that is passed in registers, which is as much as there are on the usual machines: through memory
/// it would have to wait for itself, since it is stored one by one and read several at a time.
template <class T, bool Gates, std::size_t... K>
[[gnu::noinline]] Var<T> record_in_registers(T value, Indexed<K, Key>... variables, Indexed<K, T>... partials) {
  constexpr int count = static_cast<int>(sizeof...(K));
  DynamicTape<T>* const tape = DynamicTape<T>::active();
  const Key keys[] = {variables...};
  const T derivatives[] = {partials...};
  if (tape) [[likely]] {
    if (const Word row_at = tape->input_rows().guess(keys, tape->next(), 0)) [[likely]] {
      return Preaccumulated<T, count, Gates>::write(*tape, value, row_at, derivatives);
    }
  }
  const T again[] = {partials...};  // these have addresses, so the ones above need not
  const Key those[] = {variables...};
  return record_unexpected<T, count, Gates>(value, those, again);
}
template <class T>
inline constexpr int most_in_registers = std::floating_point<T> ? 5 : 0;

template <class T, bool Gates, int Count, std::size_t... K>
[[gnu::always_inline]] inline Var<T> record_in_registers(const T& value, const Key (&variables)[Count],
                                                         const T (&partials)[Count], std::index_sequence<K...>) {
  return record_in_registers<T, Gates, K...>(value, variables[K]..., partials[K]...);
}

/// The row of variables some of which are passive; these become variables with the values that they have. 0 if all are.
template <class T>
[[gnu::noinline, gnu::cold]] Word find_mixed(Key* keys, const T* values, std::size_t count) {
  if (!Linear<T>::any_recorded(keys, count)) return 0;
  DynamicTape<T>& tape = *DynamicTape<T>::active();
  for (std::size_t k = 0; k < count; ++k) keys[k] = keys[k] == 0 ? tape.make(values[k]) : keys[k];
  return tape.input_rows().find(tape, keys, count);
}

/// Records a statement that parts stand in for variables in.
template <class S>
[[gnu::noinline, gnu::cold]] typename S::variable settle(const S& s) {
  return s.settle();
}

/// The variable that a statement makes. It is recorded if it depends on a variable.
template <class S>
inline typename S::variable record(const S& s) {
  using T = typename S::scalar;
  constexpr int count = S::leaves;
  if (s.has_stand_in()) [[unlikely]] {
    const S copy(s);  // what is passed on lives in memory, so the one above does not
    return settle(copy);
  }
  Key keys[count];
  Key* key = keys;
  s.write_keys(key);
  if constexpr (S::cheap) {
    DynamicTape<T>* const tape = DynamicTape<T>::active();
    const Key repeats = repeats_among(keys);
    Word row_at = tape ? tape->input_rows().guess(keys, tape->next(), repeats) : 0;
    if (row_at == 0) [[unlikely]] {
      Key copy[count];  // likewise
      for (int k = 0; k < count; ++k) {
        asm("" : "+r"(keys[k]));  // else compilers gather them in vectors, before it is known that these are needed
        copy[k] = keys[k];
      }
      if (tape) row_at = tape->input_rows().find(*tape, copy, count, repeats);
      if (row_at == 0) {
        T values[count];
        T* value = values;
        s.write_values(value);
        row_at = find_mixed(copy, values, count);
        if (row_at == 0) return Var<T>(s.primal());
      }
    }
    return Repeated<S>::write(*tape, s, row_at);
  } else {
    T partials[count];
    T* partial = partials;
    s.pull(One<T>{}, WriteTo<T>{partial});
    if constexpr (count <= most_in_registers<T>) {
      return record_in_registers<T, S::gates>(s.primal(), keys, partials, std::make_index_sequence<count>{});
    } else {
      return record_derivatives<T, count, S::gates>(s.primal(), keys, partials);
    }
  }
}

}  // namespace duet::tape
