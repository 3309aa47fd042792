// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/dynamic_tape.hpp>
#include <duet/tape/statement.hpp>

/// How statements become records. There are two ways. A statement of arithmetic writes down only which variables it
/// read: the sweep reads their values and runs the whole statement again, since memory is slower than arithmetic. Any
/// other statement is preaccumulated: it writes down its partial derivatives with respect to its leaves.
namespace duet::tape {

/// The record of a statement of type `S` that the sweep repeats: its variables, and where its passive numbers are.
template <class S>
struct Repeated {
  using T = typename S::scalar;
  static constexpr std::size_t count = S::leaves + (S::passives > 0 ? 1 : 0);

  static const Word* sweep(const Word* end, const Sweeping<T>& s) {
    using op::is_zero;
    const Word* const begin = end - trailer - count;
    const T w = s.adjoints[first_output(end)];
    if (is_zero(w)) return begin;
    Reader<T> from{begin, s.numbers, s.values};
    if constexpr (S::passives > 0) from.passive += begin[S::leaves];
    S::read(from).pull(w, [&](const Var<T>& leaf, const T& derivative) __attribute__((always_inline)) {
      T& adjoint = s.adjoints[leaf.index()];
      adjoint = adjoint + derivative;
    });
    return begin;
  }
  static constexpr Kind<T> kind{"statement", &sweep};

  [[gnu::always_inline]] static Var<T> write(DynamicTape<T>& tape, const S& s) {
    Word numbers = 0;
    if constexpr (S::passives > 0) numbers = place_passives(tape, s);
    const Word index = tape.next();
    tape.values().room(1);
    tape.append(kind, count, index, [&](Word* p) __attribute__((always_inline)) {
      s.write_leaves(p);
      if constexpr (S::passives > 0) *p = numbers;
    });
    tape.values().push(s.primal());
    return Var<T>(s.primal(), index, tape.era());
  }

 private:
  /// Where the passive numbers of `s` are. A statement in a loop mostly has the same ones as the last time.
  [[gnu::always_inline]] static Word place_passives(DynamicTape<T>& tape, const S& s) {
    T passives[S::passives];
    T* p = passives;
    s.write_passives(p);
    Word& hint = tape.hint(&kind);
    auto& numbers = tape.numbers();
    if constexpr (std::is_trivially_copyable_v<T>) {
      if (hint + S::passives <= numbers.size() &&
          std::memcmp(numbers.data() + hint, passives, sizeof passives) == 0) {
        return hint;
      }
    }
    hint = static_cast<Word>(numbers.size());
    std::uninitialized_copy_n(passives, S::passives, numbers.room(S::passives));
    numbers.append(S::passives);
    return hint;
  }
};

/// The record of `count` variables and the derivatives of one output with respect to them.
template <class T>
struct Linear {
  /// Words: the variables, where their derivatives are, and their count.
  static const Word* sweep(const Word* end, const Sweeping<T>& s) {
    using op::is_zero;
    const Word* const last = end - trailer - 1;
    const Word count = *last;
    const Word* const begin = last - 1 - count;
    const T w = s.adjoints[first_output(end)];
    if (is_zero(w)) return begin;
    const T* const partials = s.numbers + begin[count];
    for (Word k = 0; k < count; ++k) {
      T& adjoint = s.adjoints[begin[k]];
      adjoint = adjoint + w * partials[k];
    }
    return begin;
  }
  static constexpr Kind<T> kind{"statement", &sweep};

  static Var<T> write(DynamicTape<T>& tape, const T& value, const Word* variables, const T* partials, Word count) {
    auto& numbers = tape.numbers();
    const Word at = static_cast<Word>(numbers.size()), index = tape.next();
    std::uninitialized_copy_n(partials, count, numbers.room(count));
    tape.values().room(1);
    tape.append(kind, count + 2, index, [&](Word* p) {
      for (Word k = 0; k < count; ++k) p[k] = variables[k];
      p[count] = at;
      p[count + 1] = count;
    });
    numbers.append(count);
    tape.values().push(value);
    return Var<T>(value, index, tape.era());
  }
};

/// The record of exactly `Count` variables and derivatives.
template <class T, int Count>
struct Preaccumulated {
  static constexpr std::size_t count = Count + 1;

  static const Word* sweep(const Word* end, const Sweeping<T>& s) {
    using op::is_zero;
    const Word* const begin = end - trailer - count;
    const T w = s.adjoints[first_output(end)];
    if (is_zero(w)) return begin;
    const T* const partials = s.numbers + begin[Count];
    for (int k = 0; k < Count; ++k) {
      T& adjoint = s.adjoints[begin[k]];
      adjoint = adjoint + w * partials[k];
    }
    return begin;
  }
  static constexpr Kind<T> kind{"statement", &sweep};

  template <class S>
  [[gnu::always_inline]] static Var<T> write(DynamicTape<T>& tape, const S& s) {
    auto& numbers = tape.numbers();
    T* partial = numbers.room(Count);
    s.pull(One<T>{}, [&](const Var<T>&, const T& derivative) __attribute__((always_inline)) {
      std::construct_at(partial++, derivative);
    });
    const Word at = static_cast<Word>(numbers.size()), index = tape.next();
    tape.values().room(1);
    tape.append(kind, count, index, [&](Word* p) __attribute__((always_inline)) {
      s.write_leaves(p);
      *p = at;
    });
    numbers.append(Count);
    tape.values().push(s.primal());
    return Var<T>(s.primal(), index, tape.era());
  }
};

/// Records a statement some of whose leaves are passive, from another era, or stand-ins.
template <class S>
[[gnu::noinline]] typename S::variable record_mixed(const S& s) {
  using T = typename S::scalar;
  DynamicTape<T>* const tape = DynamicTape<T>::active();
  bool active = false;
  s.for_each_leaf([&](const Var<T>& leaf) {
    if (!leaf.is_recorded()) return;
    if (!tape) throw TapeError("duet: no tape is active on this thread; variables work while their DynamicTape lives");
    tape->index_of(leaf);
    active = true;
  });
  if (!active) return Var<T>(s.primal());
  T partials[S::leaves];
  Word variables[S::leaves];
  Word count = 0;
  s.template pull<true>(One<T>{}, [&](const Var<T>& leaf, const T& derivative) {
    if (!leaf.is_recorded()) return;
    variables[count] = leaf.index();
    partials[count++] = derivative;
  });
  return Linear<T>::write(*tape, s.primal(), variables, partials, count);
}

/// The variable that a statement makes. It is recorded if it depends on a variable.
template <class S>
[[gnu::always_inline]] inline typename S::variable record(const S& s) {
  using T = typename S::scalar;
  DynamicTape<T>* const tape = DynamicTape<T>::active();
  if (!tape || s.mismatch(tape->era()) != 0) [[unlikely]] return record_mixed(s);
  if constexpr (S::cheap) {
    return Repeated<S>::write(*tape, s);
  } else {
    return Preaccumulated<T, S::leaves>::write(*tape, s);
  }
}

}  // namespace duet::tape
