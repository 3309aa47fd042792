// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>

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

// What is called with the leaves of a statement, or with the derivatives with respect to them. These are no lambdas,
// since every lambda has a type of its own, and the compiler would have to go through parts that statements share again
// for each of them.

/// Writes the keys of leaves.
struct KeysTo {
  Key*& to;
  void operator()(const auto& leaf) const { *to++ = leaf.key(); }
};

/// Writes derivatives.
template <class T>
struct DerivativesTo {
  T*& to;
  [[gnu::always_inline]] void operator()(const Leaf<T>&, const T& derivative) const {
    std::construct_at(to++, derivative);
  }
};

/// Adds derivatives to those of variables whose offsets from `adjoints` the leaves hold.
template <class T>
struct AddTo {
  T* adjoints;
  [[gnu::always_inline]] void operator()(const Leaf<T>& leaf, const T& derivative) const {
    T& adjoint = adjoints[offset_of(leaf.key())];
    adjoint = adjoint + derivative;
  }
};

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
        S::read(from).pull(w, AddTo<T>{adjoints});
      }
      if (r == first || r[-1].kind != &kind) return r;
      --r;
    }
  }
  static constexpr Kind<T> kind{
      .name = "statement", .sweep = &sweep_one<T>, .inputs = S::leaves, .sweep_run = &sweep_run};

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

/// Adds `w` times `size` partial derivatives to those of the variables that a record read. If the record made a choice
/// (`Gates`), a partial derivative of zero may be that of an operand that was not chosen, which gets nothing of an
/// infinite `w`.
template <bool Gates, class T>
[[gnu::always_inline]] inline void spread(const Record<T>& r, const Sweeping<T>& s, Word size) {
  using op::is_zero;
  const T w = s.adjoints[r.made];
  if (is_zero(w)) return;
  const Key* const offsets = s.rows + r.frame;
  const T* const partials = s.numbers + r.numbers;
  for (Word k = 0; k < size; ++k) {
    if constexpr (Gates) {
      if (is_zero(partials[k])) continue;
    }
    T& adjoint = (s.adjoints + r.made)[offset_of(offsets[k])];
    adjoint = adjoint + w * partials[k];
  }
}

/// The record of `Count` partial derivatives.
template <class T, int Count, bool Gates>
struct Preaccumulated {
  static const Record<T>* sweep_run(const Record<T>* r, const Record<T>* first, const Sweeping<T>& s) {
    while (true) {
      spread<Gates>(*r, s, Count);
      if (r == first || r[-1].kind != &kind) return r;
      --r;
    }
  }
  static constexpr Kind<T> kind{.name = "statement", .sweep = &sweep_one<T>, .inputs = Count, .sweep_run = &sweep_run};

  template <class S>
  [[gnu::always_inline]] static Var<T> write(DynamicTape<T>& tape, const S& s, Word frame) {
    auto& numbers = tape.numbers();
    T* partial = numbers.room(Count);
    s.pull(One<T>{}, DerivativesTo<T>{partial});
    numbers.append(Count);
    return tape.make(s.primal(), kind, frame, static_cast<Word>(numbers.size() - Count));
  }
};

/// The record of any number of partial derivatives.
template <class T>
struct Linear {
  static void sweep(const Record<T>& r, const Sweeping<T>& s) { spread<true>(r, s, r.size); }
  static constexpr Kind<T> kind{"linear", &sweep, Kind<T>::as_size};

  static Var<T> write(DynamicTape<T>& tape, const T& value, const Key* variables, const T* partials, Word size) {
    auto& numbers = tape.numbers();
    std::uninitialized_copy_n(partials, size, numbers.room(size));
    numbers.append(size);
    const Word frame = tape.frames().write(variables, size, tape.next());
    return tape.make(value, kind, frame, static_cast<Word>(numbers.size() - size), size);
  }

  /// Whether one of the variables, which may be passive, is recorded. Those that are must be of the active tape.
  [[gnu::noinline]] static bool any_recorded(const Key* variables, std::size_t count) {
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

  /// The record without those that are passive. Destroys the partial derivatives.
  [[gnu::noinline]] static Var<T> write_mixed(const T& value, Key* variables, T* partials, std::size_t count) {
    Word recorded = 0;
    for (std::size_t k = 0; k < count; ++k) {
      if (variables[k] == 0) continue;
      variables[recorded] = variables[k];
      partials[recorded++] = partials[k];
    }
    const Var<T> made = write(*DynamicTape<T>::active(), value, variables, partials, recorded);
    std::destroy_n(partials, count);
    return made;
  }
};

/// What a statement was made of.
template <class S>
struct Parts {
  using T = typename S::scalar;
  Key keys[S::leaves];
  T values[S::leaves], passives[S::passives > 0 ? S::passives : 1];
  T result;

  [[gnu::always_inline]] explicit Parts(const S& s) : result(s.primal()) {
    Key* key = keys;
    T *value = values, *passive = passives;
    s.write_leaves(key);
    s.write_values(value);
    s.write_passives(passive);
  }
};

/// Records a statement with `count` leaves, some of which are passive or from another era; `s()` is the statement.
template <class T, int Most>
[[gnu::always_inline]] inline Var<T> record_mixed(const T& value, Key* keys, std::size_t count, const auto& s) {
  if (!Linear<T>::any_recorded(keys, count)) return Var<T>(value);
  alignas(T) std::byte memory[sizeof(T) * Most];
  T* const partials = reinterpret_cast<T*>(memory);
  T* partial = partials;
  s().pull(One<T>{}, DerivativesTo<T>{partial});
  return Linear<T>::write_mixed(value, keys, partials, count);
}

/// The same, put together again from its parts: so what it computed on the way need not be kept for this rare case
/// where it is recorded.
template <class S>
[[gnu::noinline, gnu::cold]] typename S::variable record_mixed(Parts<S>& parts) {
  using T = typename S::scalar;
  return record_mixed<T, S::leaves>(parts.result, parts.keys, S::leaves, [&] {
    Key offsets[S::leaves];
    for (int k = 0; k < S::leaves; ++k) offsets[k] = static_cast<Key>(k);
    Reader<T> from{offsets, parts.passives, parts.values};
    return S::read(from);
  });
}

/// The same for one that contains stand-ins.
template <class S>
[[gnu::noinline, gnu::cold]] typename S::variable record_stand_in(const S& s) {
  Key keys[S::leaves];
  Key* key = keys;
  s.for_each_leaf(KeysTo{key});
  return record_mixed<typename S::scalar, S::leaves>(s.primal(), keys, static_cast<std::size_t>(key - keys),
                                                     [&]() -> const S& { return s; });
}

/// The variable that a statement makes. It is recorded if it depends on a variable.
template <class S>
[[gnu::always_inline]] inline typename S::variable record(const S& s) {
  using T = typename S::scalar;
  if (s.is_stand_in()) [[unlikely]] {
    const S copy(s);  // what is passed on lives in memory, so the statement itself does not
    return record_stand_in(copy);
  }
  if (DynamicTape<T>* const tape = DynamicTape<T>::active()) [[likely]] {
    Key leaves[S::leaves];
    Key* p = leaves;
    s.write_leaves(p);
    const Key made = tape->next();
    Word frame = tape->frames().guess(leaves, made);
    if (frame == 0) [[unlikely]] {
      Key copy[S::leaves];  // likewise
      for (int k = 0; k < S::leaves; ++k) copy[k] = leaves[k];
      frame = tape->frames().find(copy, S::leaves, made, tape->era());
    }
    if (frame != 0) [[likely]] {
      if constexpr (S::cheap) {
        return Repeated<S>::write(*tape, s, frame);
      } else {
        return Preaccumulated<T, S::leaves, S::gates>::write(*tape, s, frame);
      }
    }
  }
  Parts<S> parts(s);
  return record_mixed(parts);
}

}  // namespace duet::tape
