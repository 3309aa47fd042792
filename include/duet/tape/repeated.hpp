// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/dynamic_tape.hpp>
#include <duet/tape/statement.hpp>

/// Statements that the sweep runs again, with the values that they read.
///
/// Records that a loop has made read their variables from the same places, seen from what they make, and so do those of
/// a loop that updates two fields in turn, every other record. If these are long statements, the sweep runs several of
/// them at once.
namespace duet::tape {

// What is called with the leaves of a statement, or with the derivatives with respect to them. These are no lambdas,
// since every lambda has a type of its own, and the compiler would have to go through parts that statements share again
// for each of them.

/// Writes derivatives.
template <class T>
struct WriteTo {
  T*& derivatives;
  [[gnu::always_inline]] void operator()(const Leaf<T>&, const T& derivative) const { *derivatives++ = derivative; }
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

/// The same for long statements, in which variables occur several times: what goes to one of them is summed up in a
/// register. Through memory each addition would wait for the one before.
///
/// The offsets are read again, one by one, since they would not fit into registers together.
template <class N, class T>
struct AddRepeatedTo {
  T* adjoints;
  const Key*& offset;
  std::ptrdiff_t repeated;
  N& sum;
  [[gnu::always_inline]] void operator()(const Leaf<N>&, const N& derivative) const {
    const std::ptrdiff_t next = offset_of(*offset++);
    if (next == repeated) {
      sum = sum + derivative;
    } else if constexpr (is_several<N>) {
      derivative.add_to_every_other(adjoints + next);
    } else {
      adjoints[next] = adjoints[next] + derivative;
    }
  }
};

/// A statement, or an operand of one, for several records at once.
template <class E>
struct together;
template <class T>
struct together<Leaf<T>> : std::type_identity<Leaf<Several<T>>> {};
template <class T>
struct together<Passive<T>> : std::type_identity<Passive<Several<T>>> {};
template <class T, auto Value>
struct together<Fixed<T, Value>> : std::type_identity<Fixed<Several<T>, Value>> {};
template <class Op, class T, class... E>
struct together<Statement<Op, T, E...>>
    : std::type_identity<Operation<Op, Several<T>, std::index_sequence_for<E...>, typename together<E>::type...>> {};

/// Records of one kind that name their variables alike, or every other of them does.
template <class T>
struct Alike {
  const Record<T>* first;
  bool together;  ///< whether several of them may be swept at once
};

/// Whether one of `leaves` variables is among the last `count` before the one that is made of them.
inline bool reads_near(const Key* row, int leaves, int count) {
  for (int k = 0; k < leaves; ++k) {
    if (offset_of(row[k]) > -count) return true;
  }
  return false;
}

/// Whether nothing differs between the record before `r` and the one after it but that it made the variable two before.
template <class T>
[[gnu::always_inline]] inline bool alike_around(const Record<T>* r) {
  const Record<T>&a = r[1], &b = r[-1];
  const Word other = (a.row_at ^ b.row_at) | (a.numbers ^ b.numbers) | (a.size ^ b.size) | (a.made - b.made - 2);
  return other == 0 && a.kind == b.kind;
}

/// Those up to `last`, and not before `first`, of which there are at least three, and each of which reads `leaves`
/// variables. To take `count` at once there must be as many, each of which is like the second one after it, and none
/// may read what another one has made.
template <class T>
[[gnu::noinline]] Alike<T> alike_up_to(const Record<T>* last, const Record<T>* first, const Key* rows, int leaves,
                                       int count) {
  if (!alike_around(last - 1) || last[-1].kind != last->kind) return {last, false};
  const Record<T>* r = last;
  if (reads_near(rows + last->row_at, leaves, count)) {
    while (r != first && r[-1].row_at == last->row_at && r[-1].kind == last->kind) --r;
    return {r, false};
  }
  do {
    fetch_before(--r);
  } while (r != first && alike_around(r));
  return {r, last - r >= count - 1 && !reads_near(rows + last[-1].row_at, leaves, count)};
}

/// The record of a statement of type `S` that the sweep repeats.
template <class S>
struct Repeated {
  using T = typename S::scalar;
  /// As many leaves are not worth to know which of them are the same, and whether other records read alike.
  static constexpr int few = 8;
  static constexpr bool taken_together = [] {
    if constexpr (S::leaves > few && chunks::number<T> && !S::gates) return Several<T>::size >= 4;
    return false;
  }();

  static const Record<T>* sweep_run(const Record<T>* r, const Record<T>* first, Sweeping<T> s) {
    while (true) {
      bool swept = false;
      if constexpr (taken_together) {
        swept = r - first >= 2 && r[-2].row_at == r->row_at;
        if (swept) r = sweep_alike(r, first, s);
      }
      if (!swept) {
        fetch_before(r);
        sweep_one(*r, s);
      }
      if (r == first || r[-1].kind != &kind) return r;
      --r;
    }
  }
  static constexpr Kind<T> kind{.name = "statement", .sweep = &sweep_run, .inputs = S::leaves};

  [[gnu::always_inline]] static Var<T> write(DynamicTape<T>& tape, const S& s, Word row_at) {
    if constexpr (S::passives == 0) {
      const Key note = tape.input_rows().note(row_at);
      return tape.make(s.primal(), kind, row_at, static_cast<Word>(note), static_cast<Word>(note >> 32));
    } else {
      T passives[S::passives];
      T* p = passives;
      s.write_passives(p);
      const Key note = tape.input_rows().note(row_at, passives);
      return tape.make(s.primal(), kind, row_at, static_cast<Word>(note), static_cast<Word>(note >> 32));
    }
  }

 private:
  [[gnu::always_inline]] static void sweep_one(const Record<T>& r, Sweeping<T> s) {
    using op::is_zero;
    T* const adjoints = s.adjoints + r.made;
    const T w = *adjoints;
    if (is_zero(w)) [[unlikely]]
      return;
    Reader<T> from{s.rows() + r.row_at, s.constants() + r.numbers, s.values() + r.made};
    if constexpr (S::leaves <= few) {
      S(from).pull(w, AddTo<T>{adjoints});
    } else {
      pull_repeated<S>(from, w, r, adjoints);
    }
  }

  template <class Tree, class N>
  [[gnu::always_inline]] static void pull_repeated(Reader<N> from, const N& w, const Record<T>& r, T* adjoints) {
    const Key* offset = from.offset;
    asm("" : "+r"(offset));  // else compilers keep what they have read through the other pointer
    std::ptrdiff_t repeated = offset_of(r.size);
    asm("" : "+r"(repeated));  // is compared as a whole, since the others are needed as a whole
    N sum = T(0);
    Tree(from).pull(w, AddRepeatedTo<N, T>{adjoints, offset, repeated, sum});
    if constexpr (is_several<N>) {
      sum.add_to_every_other(adjoints + repeated);
    } else {
      adjoints[repeated] = adjoints[repeated] + sum;
    }
  }

  /// Sweeps some records, of which `r` is the last, and returns the first.
  [[gnu::noinline]] static const Record<T>* sweep_alike(const Record<T>* r, const Record<T>* first, Sweeping<T> s) {
    constexpr int both = 2 * Several<T>::size;
    const Alike<T> alike = alike_up_to(r, first, s.rows(), S::leaves, both);
    for (; alike.together && r - alike.first >= both - 1; r -= both) {
      sweep_together(r, s);
      sweep_together(r - 1, s);
    }
    sweep_each(r, r - alike.first + 1, 1, s);
    return alike.first;
  }
  /// Sweeps `count` records one by one: `r` and every `step`th before it.
  [[gnu::noinline]] static void sweep_each(const Record<T>* r, std::ptrdiff_t count, int step, Sweeping<T> s) {
    for (; count > 0; --count, r -= step) sweep_one(*r, s);
  }
  [[gnu::always_inline]] static void sweep_together(const Record<T>* r, Sweeping<T> s) {
    using N = Several<T>;
    const Word made = r->made - (2 * N::size - 2);
    T* const adjoints = s.adjoints + made;
    const N w = N::every_other(adjoints);
    if (w.has_zero()) [[unlikely]] {
      sweep_each(r, N::size, 2, s);
    } else {
      pull_repeated<typename together<S>::type, N>(
          {s.rows() + r->row_at, s.constants() + r->numbers, s.values() + made}, w, *r, adjoints);
    }
  }
};

}  // namespace duet::tape
