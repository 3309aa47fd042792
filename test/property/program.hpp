// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <span>
#include <vector>

#include <duet/graph/traced.hpp>
#include <duet/op/table.hpp>

/// Programs that are data, and their interpretation on numbers of any type.
namespace property {

namespace op = duet::op;

/// One step of a program. Programs work on registers, which are zero at first and may be written again; the inputs are
/// in the first of them. A truth value is a register that is one or zero.
struct Instruction {
  enum Kind {
    constant,    ///< to = value
    row,         ///< to = row `code` of registers a, b, c; of an ordered row, value is the order
    with_int,    ///< to = row `code` of register a and a plain int
    with_float,  ///< to = row `code` of a plain float and register b
    update,      ///< to += a, and the like for the other operators
    loop,        ///< runs the next `length` instructions `count` times
    branch,      ///< runs the next `length` instructions if register a is less than b, else `otherwise` after them
  };
  Kind kind = constant;
  op::Code code = -1;
  int to = -1, a = -1, b = -1, c = -1;
  double value = 0;
  int count = 0, length = 0, otherwise = 0;

  constexpr bool is_block() const { return kind == loop || kind == branch; }
  /// The registers that it reads.
  constexpr int* operand(int k) { return k == 0 ? &a : k == 1 ? &b : &c; }
  constexpr int operand(int k) const { return k == 0 ? a : k == 1 ? b : c; }
};
using Code = std::span<const Instruction>;

struct Program {
  int inputs = 0, registers = 0;
  std::vector<Instruction> code;
  std::vector<int> outputs;
};

/// Whether the first operand of a row is an order, which is no variable.
template <class Op>
inline constexpr bool is_ordered = Op::kind == op::Kind::smooth&& Op::arity == 2 && !op::has_partial<Op, 0>;
/// Whether a row may have plain numbers of other types beside active ones.
template <class Op>
inline constexpr bool is_mixed = Op::kind == op::Kind::smooth&& Op::arity == 2 && !is_ordered<Op>;
template <class Op>
inline constexpr bool is_logic = std::same_as<Op, op::And> || std::same_as<Op, op::Or> || std::same_as<Op, op::Not>;

/// How numbers of type `T` carry out a row, and what they need before they are changed in place; types that have a way
/// of their own specialise it.
template <class T>
struct Numbers {
  template <class Op, class... X>
  static constexpr auto apply(const X&... x) {
    return op::apply<Op>(x...);
  }
};

/// What holds of numbers: a `bool`, or what the type records or computes in its place.
template <class T>
constexpr auto truth(const T& x) {
  return Numbers<T>::template apply<op::NotEqual>(x, T(0));
}
/// One or zero.
template <class T, class Condition>
constexpr T number(const Condition& condition) {
  if constexpr (std::same_as<Condition, bool>) {
    return T(condition ? 1 : 0);
  } else {
    return T(Numbers<T>::template apply<op::Where>(condition, T(1), T(0)));
  }
}

/// Row `Op` on numbers of type `T`.
template <class Op, class T>
constexpr T on_numbers(const T& a, const T& b, const T& c, double order) {
  using N = Numbers<T>;
  if constexpr (std::same_as<Op, op::Where>) {
    return T(N::template apply<Op>(truth(a), b, c));
  } else if constexpr (std::same_as<Op, op::Not>) {
    return number<T>(N::template apply<Op>(truth(a)));
  } else if constexpr (is_logic<Op>) {
    return number<T>(N::template apply<Op>(truth(a), truth(b)));
  } else if constexpr (Op::kind == op::Kind::predicate) {
    return number<T>(N::template apply<Op>(a, b));
  } else if constexpr (is_ordered<Op>) {
    return T(N::template apply<Op>(op::like(b, order), b));
  } else if constexpr (Op::arity == 1) {
    return T(N::template apply<Op>(a));
  } else if constexpr (Op::arity == 2) {
    return T(N::template apply<Op>(a, b));
  } else {
    return T(N::template apply<Op>(a, b, c));
  }
}
template <class Op, class T>
constexpr T on_int(const T& a, double value) {
  if constexpr (is_mixed<Op>) {
    if constexpr (duet::active<T>) {
      return T(Numbers<T>::template apply<Op>(a, static_cast<int>(value)));
    } else {
      return T(Numbers<T>::template apply<Op>(a, T(value)));
    }
  } else {
    return T(0);
  }
}
template <class Op, class T>
constexpr T on_float(double value, const T& b) {
  if constexpr (is_mixed<Op>) {
    if constexpr (duet::active<T>) {
      return T(Numbers<T>::template apply<Op>(static_cast<float>(value), b));
    } else {
      return T(Numbers<T>::template apply<Op>(T(value), b));
    }
  } else {
    return T(0);
  }
}

template <class T, class List = op::Table>
struct Rows;
template <class T, class... Ops>
struct Rows<T, op::Rows<Ops...>> {
  static constexpr T (*of_numbers[sizeof...(Ops)])(const T&, const T&, const T&, double) = {&on_numbers<Ops, T>...};
  static constexpr T (*of_int[sizeof...(Ops)])(const T&, double) = {&on_int<Ops, T>...};
  static constexpr T (*of_float[sizeof...(Ops)])(double, const T&) = {&on_float<Ops, T>...};
};

template <class T>
constexpr void update(T& x, op::Code code, const T& y) {
  if (code == op::code<op::Add>) {
    x += y;
  } else if (code == op::code<op::Subtract>) {
    x -= y;
  } else if (code == op::code<op::Multiply>) {
    x *= y;
  } else {
    x /= y;
  }
}

/// One instruction that is no block.
template <class T>
constexpr void step(const Instruction& n, std::vector<T>& v) {
  const auto at = [&](int i) -> const T& { return v[static_cast<std::size_t>(i < 0 ? 0 : i)]; };
  T& to = v[static_cast<std::size_t>(n.to)];
  const auto code = static_cast<std::size_t>(n.code);
  switch (n.kind) {
    case Instruction::constant:
      to = T(n.value);
      break;
    case Instruction::row:
      to = Rows<T>::of_numbers[code](at(n.a), at(n.b), at(n.c), n.value);
      break;
    case Instruction::with_int:
      to = Rows<T>::of_int[code](at(n.a), n.value);
      break;
    case Instruction::with_float:
      to = Rows<T>::of_float[code](n.value, at(n.b));
      break;
    default: {
      const T from = at(n.a);
      if constexpr (requires { Numbers<T>::prepare(to); }) Numbers<T>::prepare(to);
      update(to, n.code, from);
    }
  }
}

/// The registers that some instructions write.
constexpr std::vector<char> written(Code code, std::size_t registers) {
  std::vector<char> result(registers, 0);
  for (const Instruction& n : code) {
    if (!n.is_block()) result[static_cast<std::size_t>(n.to)] = 1;
  }
  return result;
}

/// Runs instructions. Where a comparison gives no `bool`, both ways of a branch are run and their results chosen from.
template <class T>
constexpr void execute(Code code, std::vector<T>& v) {
  for (std::size_t i = 0; i < code.size(); ++i) {
    const Instruction& n = code[i];
    if (!n.is_block()) {
      step(n, v);
      continue;
    }
    const auto length = static_cast<std::size_t>(n.length), otherwise = static_cast<std::size_t>(n.otherwise);
    const Code body = code.subspan(i + 1, length), rest = code.subspan(i + 1 + length, otherwise);
    if (n.kind == Instruction::loop) {
      for (int k = 0; k < n.count; ++k) execute(body, v);
    } else {
      const auto condition =
          Numbers<T>::template apply<op::Less>(v[static_cast<std::size_t>(n.a)], v[static_cast<std::size_t>(n.b)]);
      if constexpr (std::same_as<decltype(condition), const bool>) {
        execute(condition ? body : rest, v);
      } else {
        std::vector<T> other = v;
        execute(body, v);
        execute(rest, other);
        const std::vector<char> changed = written(code.subspan(i + 1, length + otherwise), v.size());
        for (std::size_t r = 0; r < v.size(); ++r) {
          if (changed[r]) v[r] = T(Numbers<T>::template apply<op::Where>(condition, v[r], other[r]));
        }
      }
    }
    i += length + otherwise;
  }
}

/// The outputs of a program.
template <class T>
constexpr std::vector<T> run(const Program& p, std::span<const T> x) {
  std::vector<T> v(static_cast<std::size_t>(p.registers), T(0));
  for (std::size_t i = 0; i < x.size(); ++i) v[i] = x[i];
  execute<T>(p.code, v);
  std::vector<T> y;
  for (int output : p.outputs) y.push_back(v[static_cast<std::size_t>(output)]);
  return y;
}

/// The first output.
template <class T>
constexpr T value(const Program& p, std::span<const T> x) {
  return run(p, x)[0];
}

}  // namespace property
