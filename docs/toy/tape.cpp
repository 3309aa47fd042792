// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// A run-time tape in a hundred lines, built on the op table: a number that remembers where it came from, a list of what
// happened, and one loop backwards. It has every function of the table, and branches and loops of any kind.

#include <array>
#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace toy {

namespace op = duet::op;

/// What happened: one entry per operation, with its partial derivatives, which are numbers by now.
struct Tape {
  static constexpr int nowhere = -1;
  struct Entry {
    std::array<int, 3> operand;
    std::array<double, 3> partial;
  };
  std::vector<Entry> entries;

  int variable() { return record({{nowhere, nowhere, nowhere}, {}}); }
  int record(const Entry& entry) {
    entries.push_back(entry);
    return static_cast<int>(entries.size()) - 1;
  }

  /// The derivatives of entry `output` with respect to every entry: the chain rule, from the end to the beginning.
  std::vector<double> backward(int output) const {
    std::vector<double> adjoint(entries.size(), 0);
    adjoint[static_cast<std::size_t>(output)] = 1;
    for (std::size_t i = entries.size(); i-- > 0;) {
      if (adjoint[i] == 0) continue;
      for (std::size_t k = 0; k < 3; ++k) {
        const int operand = entries[i].operand[k];
        if (operand != nowhere) adjoint[static_cast<std::size_t>(operand)] += adjoint[i] * entries[i].partial[k];
      }
    }
    return adjoint;
  }
};

struct Engine;

/// A number and its place on a tape. Deriving from `duet::Active` and naming an engine is all that it takes to get
/// every operator and function of the op table.
struct Number : duet::Active {
  using engine = Engine;
  static constexpr int rank = 5;
  double value = 0;
  Tape* tape = nullptr;
  int entry = Tape::nowhere;

  Number(double constant = 0) : value(constant) {}
  Number(double v, Tape& t, int e) : value(v), tape(&t), entry(e) {}
};

template <class X>
auto value_of(const X& x) {
  if constexpr (duet::active<X>) {
    return x.value;
  } else if constexpr (std::is_same_v<X, bool>) {
    return x;
  } else {
    return static_cast<double>(x);
  }
}

/// Carries out a row of the op table: its value, and an entry with its partial derivatives.
struct Engine {
  template <class Op, class... X>
  static auto apply(const X&... x) {
    const auto y = Op::value(value_of(x)...);
    if constexpr (Op::kind == op::Kind::predicate) {
      return y;  // a plain bool: branches are just branches
    } else {
      Tape* tape = nullptr;
      Tape::Entry entry{{Tape::nowhere, Tape::nowhere, Tape::nowhere}, {}};
      [&]<int... K>(std::integer_sequence<int, K...>) { (operand<Op, K>(tape, entry, x, y, value_of(x)...), ...); }
      (std::make_integer_sequence<int, sizeof...(X)>{});
      return tape ? Number(y, *tape, tape->record(entry)) : Number(y);
    }
  }

 private:
  template <class Op, int K, class X, class... V>
  static void operand(Tape*& tape, Tape::Entry& entry, const X& x, double y, const V&... values) {
    if constexpr (duet::active<X> && op::has_partial<Op, K>) {
      if (!x.tape) return;
      tape = x.tape;
      entry.operand[K] = x.entry;
      entry.partial[K] = op::partial<Op, K>(values..., y);
    }
  }
};

}  // namespace toy

/// Any C++, loops that depend on the values included.
constexpr auto f = [](auto x1, auto x2) {
  auto y = log(x1) + x1 * x2 - sin(x2);
  for (int i = 0; y < 100; ++i) y = y * max(x1, i);
  return y;
};

int main() {
  toy::Tape tape;
  const toy::Number x1(2, tape, tape.variable()), x2(5, tape, tape.variable());
  const toy::Number y = f(x1, x2);
  const std::vector<double> dy = tape.backward(y.entry);
  std::printf("f = %g, df = (%g, %g), %zu operations\n", y.value, dy[0], dy[1], tape.entries.size() - 2);

  const auto [d1, d2] = duet::grad<duet::Forward>(f)(2.0, 5.0);
  return std::abs(dy[0] - d1) < 1e-9 && std::abs(dy[1] - d2) < 1e-9 ? 0 : 1;
}
