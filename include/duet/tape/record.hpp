// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/dynamic_tape.hpp>
#include <duet/tape/statement.hpp>

/// How statements become records. There are two ways. A statement of arithmetic writes down only which variables it
/// read: the sweep reads their values and runs the whole statement again, since memory is slower than arithmetic. Any
/// other statement is preaccumulated: it writes down its partial derivatives with respect to its leaves.
///
/// Which variables a statement reads is written as their offsets from the variable that it makes. In a loop these
/// mostly are what they were the last time, and then the record only says where they stand already: with stencils and
/// recurrences a tape is several times smaller and faster. The same goes for passive numbers.
namespace duet::tape {

/// The record of a statement of type `S` that the sweep repeats.
template <class S>
struct Repeated {
  using T = typename S::scalar;

  static const Record<T>* sweep_run(const Record<T>* r, const Record<T>* first, const Sweeping<T>& s) {
    using op::is_zero;
    while (true) {
      T* const adjoints = s.adjoints + r->made;
      const T w = *adjoints;
      if (!is_zero(w)) [[likely]] {
        Reader<T> from{s.rows + r->frame, s.constants + r->numbers, s.values + r->made};
        S::read(from).pull(
            w, [&](const Leaf<T>& leaf, const T& derivative) __attribute__((always_inline)) {
              T& adjoint = adjoints[offset_of(leaf.key())];
              adjoint = adjoint + derivative;
            });
      }
      if (r == first || r[-1].kind != &kind) return r;
      --r;
    }
  }
  static constexpr Kind<T> kind{.name = "statement", .sweep = &sweep_one<T>, .sweep_run = &sweep_run};

  [[gnu::always_inline]] static Var<T> write(DynamicTape<T>& tape, const S& s, Word frame) {
    if constexpr (S::passives == 0) {
      return tape.make(s.primal(), kind, frame, 0);
    } else {
      T passives[S::passives];
      T* p = passives;
      s.write_passives(p);
      return tape.make(s.primal(), kind, frame, tape.frames().place(passives, frame));
    }
  }
};

/// Adds `w` times `size` partial derivatives to those of the variables that a record read.
template <class T>
[[gnu::always_inline]] inline void spread(const Record<T>& r, const Sweeping<T>& s, Word size) {
  using op::is_zero;
  const T w = s.adjoints[r.made];
  if (is_zero(w)) return;
  const Key* const offsets = s.rows + r.frame;
  const T* const partials = s.numbers + r.numbers;
  for (Word k = 0; k < size; ++k) {
    T& adjoint = (s.adjoints + r.made)[offset_of(offsets[k])];
    adjoint = adjoint + w * partials[k];
  }
}

/// The record of `Count` partial derivatives.
template <class T, int Count>
struct Preaccumulated {
  static const Record<T>* sweep_run(const Record<T>* r, const Record<T>* first, const Sweeping<T>& s) {
    while (true) {
      spread(*r, s, Count);
      if (r == first || r[-1].kind != &kind) return r;
      --r;
    }
  }
  static constexpr Kind<T> kind{.name = "statement", .sweep = &sweep_one<T>, .sweep_run = &sweep_run};

  template <class S>
  [[gnu::always_inline]] static Var<T> write(DynamicTape<T>& tape, const S& s, Word frame) {
    auto& numbers = tape.numbers();
    T* partial = numbers.room(Count);
    s.pull(
        One<T>{}, [&](const Leaf<T>&, const T& derivative)
                      __attribute__((always_inline)) { std::construct_at(partial++, derivative); });
    numbers.append(Count);
    return tape.make(s.primal(), kind, frame, static_cast<Word>(numbers.size() - Count));
  }
};

/// The record of any number of partial derivatives.
template <class T>
struct Linear {
  static void sweep(const Record<T>& r, const Sweeping<T>& s) { spread(r, s, r.size); }
  static constexpr Kind<T> kind{"linear", &sweep};

  static Var<T> write(DynamicTape<T>& tape, const T& value, const Key* variables, const T* partials, Word size) {
    auto& numbers = tape.numbers();
    std::uninitialized_copy_n(partials, size, numbers.room(size));
    numbers.append(size);
    const Word frame = tape.frames().write(variables, size, tape.next());
    return tape.make(value, kind, frame, static_cast<Word>(numbers.size() - size), size);
  }
};

/// Records a statement some of whose leaves are passive, from another era, or stand-ins.
template <class S>
[[gnu::noinline]] typename S::variable record_mixed(const S& s) {
  using T = typename S::scalar;
  DynamicTape<T>* const tape = DynamicTape<T>::active();
  Key variables[S::leaves];
  T partials[S::leaves];
  Word count = 0;
  s.for_each_leaf([&](const Leaf<T>& leaf) {
    if (leaf.key() == 0) return;
    if (!tape) throw TapeError(no_active_tape);
    tape->index_of(leaf.variable());  // throws if it is not of the tape
    variables[count++] = leaf.key();
  });
  if (count == 0) return Var<T>(s.primal());
  count = 0;
  s.pull(One<T>{}, [&](const Leaf<T>& leaf, const T& derivative) {
    if (leaf.key() != 0) partials[count++] = derivative;
  });
  return Linear<T>::write(*tape, s.primal(), variables, partials, count);
}

/// The variable that a statement makes. It is recorded if it depends on a variable.
template <class S>
[[gnu::always_inline]] inline typename S::variable record(const S& s) {
  using T = typename S::scalar;
  DynamicTape<T>* const tape = DynamicTape<T>::active();
  if (tape && !s.is_stand_in()) [[likely]] {
    Key leaves[S::leaves];
    Key* p = leaves;
    s.write_leaves(p);
    const Key made = tape->next();
    Word frame = tape->frames().guess(leaves, made);
    if (frame == 0) [[unlikely]] {
      Key copy[S::leaves];  // an array that is passed on lives in memory, so the one above is not
      for (int k = 0; k < S::leaves; ++k) copy[k] = leaves[k];
      frame = tape->frames().find(copy, S::leaves, made, tape->era());
    }
    if (frame != 0) [[likely]] {
      if constexpr (S::cheap) {
        return Repeated<S>::write(*tape, s, frame);
      } else {
        return Preaccumulated<T, S::leaves>::write(*tape, s, frame);
      }
    }
  }
  const S copy(s);  // likewise
  return record_mixed(copy);
}

}  // namespace duet::tape
