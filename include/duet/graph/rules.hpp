// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/recorder.hpp>

/// The algebraic rewrites: every rule is one line of the table below, can be switched off by its name, and serves the
/// recording of functions and of their derivatives alike. Rules shorten graphs or remove singularities; all are exact
/// but for rounding and the sign of a zero.
namespace duet::graph::rules {

/// Gives the node that replaces `op(a, b, c)`, or -1 where the rule does not apply.
using Rewrite = int (*)(Recorder&, int a, int b, int c);

/// A rule for row `op`; it can only apply where the first or second operand is of row `operand` (or `any`).
struct Rule {
  const char* name;
  op::Code op;
  op::Code operand;
  Rewrite rewrite;
};
inline constexpr op::Code any = -3;
/// Stands for the operand in rules that wait until all nodes are known: `extract` applies them.
inline constexpr op::Code at_the_end = -4;
/// Stands for the operand in rules on the terms of derivatives, which differentiate.hpp applies.
inline constexpr op::Code in_derivatives = -4;

inline constexpr int no = -1;

template <class Op>
constexpr int inner(const Recorder& r, int i) {
  return r.is<Op>(i) ? r[i].a : no;
}

constexpr bool is_negative(const Recorder& r, int i) { return r.is_constant(i) && r[i].value < 0; }

/// Whether `i` is a number times something.
constexpr bool is_scaled(const Recorder& r, int i) { return r.is<op::Multiply>(i) && r.is_constant(r[i].a); }

/// Whether a factor is a power of two, with which every product is exact.
constexpr bool is_exact_scale(double c) {
  return (std::bit_cast<std::uint64_t>(c) & 0x000F'FFFF'FFFF'FFFFu) == 0 && c != 0 && math::isfinite(c);
}
constexpr bool share_scale(const Recorder& r, int a, int b) {
  return is_scaled(r, a) && is_scaled(r, b) && r[a].a == r[b].a && is_exact_scale(r[r[a].a].value);
}

/// The node of u v, if it has been computed.
constexpr int known_product(const Recorder& r, int u, int v) {
  return u == v ? r.known(op::code<op::Square>, u) : r.known(op::code<op::Multiply>, u, v);
}

/// u (v w) as a product with `u v` or `u w`, if one of them has been computed.
constexpr int regroup(Recorder& r, int u, int product) {
  constexpr op::Code multiply = op::code<op::Multiply>;
  const Node& n = r[product];
  if (n.op != multiply || r.is_constant(u) || r.is_constant(n.a)) return no;
  const int v = n.a, w = n.b;
  const int first = known_product(r, u, v);
  if (first >= 0) return r.emit_as_is(multiply, first, w);
  const int second = known_product(r, u, w);
  return second >= 0 ? r.emit_as_is(multiply, second, v) : no;
}

/// Whether a product can be drawn into `i` at no cost: numbers and choices among numbers.
constexpr bool is_choice_of_numbers(const Recorder& r, int i, int depth = 0) {
  if (r.is_constant(i)) return depth > 0;
  return depth < 4 && r.is<op::Where>(i) && is_choice_of_numbers(r, r[i].b, depth + 1) &&
         is_choice_of_numbers(r, r[i].c, depth + 1);
}
/// u times a choice of numbers; a side that is zero stays zero whatever u is there.
constexpr int multiply_choice(Recorder& r, int u, int choice) {
  if (r.is_constant(choice)) return r.is_constant(choice, 0) ? choice : r.emit<op::Multiply>(u, choice);
  const int condition = r[choice].a, other = r[choice].c;
  const int b = multiply_choice(r, u, r[choice].b);
  return r.emit<op::Where>(condition, b, multiply_choice(r, u, other));
}

// In a commutative operation constants come first.
inline constexpr Rule table[] =
    {
        {"c && c -> c", op::code<op::And>, any, [](Recorder&, int a, int b, int) { return a == b ? a : no; }},
        {"c || c -> c", op::code<op::Or>, any, [](Recorder&, int a, int b, int) { return a == b ? a : no; }},
        {"!!c -> c", op::code<op::Not>, op::code<op::Not>,
         [](Recorder& r, int a, int, int) { return inner<op::Not>(r, a); }},

        {"0 + u -> u", op::code<op::Add>, Node::constant,
         [](Recorder& r, int a, int b, int) { return r.is_constant(a, 0) ? b : no; }},
        {"-1 + exp(u) -> expm1(u)", op::code<op::Add>, op::code<op::Exp>,
         [](Recorder& r, int a, int b, int) {
           return r.is_constant(a, -1) && r.is<op::Exp>(b) ? r.emit<op::Expm1>(r[b].a) : no;
         }},
        {"-c + u -> u - c", op::code<op::Add>, Node::constant,
         [](Recorder& r, int a, int b, int) {
           return is_negative(r, a) ? r.emit<op::Subtract>(b, r.constant(-r[a].value)) : no;
         }},
        {"u + -v -> u - v", op::code<op::Add>, op::code<op::Negate>,
         [](Recorder& r, int a, int b, int) {
           if (r.is<op::Negate>(b)) return r.emit<op::Subtract>(a, r[b].a);
           return r.is<op::Negate>(a) ? r.emit<op::Subtract>(b, r[a].a) : no;
         }},
        {"u + u -> 2 u", op::code<op::Add>, any,
         [](Recorder& r, int a, int b, int) { return a == b ? r.emit<op::Multiply>(r.constant(2), a) : no; }},
        {"2 u + 2 v -> 2 (u + v)", op::code<op::Add>, op::code<op::Multiply>,
         [](Recorder& r, int a, int b, int) {
           if (!share_scale(r, a, b)) return no;
           const int scale = r[a].a;
           return r.emit<op::Multiply>(scale, r.emit<op::Add>(r[a].b, r[b].b));
         }},
        {"c u + d u -> (c + d) u in derivatives", op::code<op::Add>, in_derivatives, nullptr},
        {"u v + u w -> u (v + w) in derivatives", op::code<op::Add>, in_derivatives, nullptr},
        {"(u v, u w, ...) -> u (v, w, ...) in gradients", op::code<op::Multiply>, in_derivatives, nullptr},

        {"u - 0 -> u", op::code<op::Subtract>, Node::constant,
         [](Recorder& r, int a, int b, int) { return r.is_constant(b, 0) ? a : no; }},
        {"0 - u -> -u", op::code<op::Subtract>, Node::constant,
         [](Recorder& r, int a, int b, int) { return r.is_constant(a, 0) ? r.emit<op::Negate>(b) : no; }},
        {"exp(u) - 1 -> expm1(u)", op::code<op::Subtract>, op::code<op::Exp>,
         [](Recorder& r, int a, int b, int) {
           return r.is_constant(b, 1) && r.is<op::Exp>(a) ? r.emit<op::Expm1>(r[a].a) : no;
         }},
        {"u - -v -> u + v", op::code<op::Subtract>, op::code<op::Negate>,
         [](Recorder& r, int a, int b, int) { return r.is<op::Negate>(b) ? r.emit<op::Add>(a, r[b].a) : no; }},
        {"-u - v -> -(u + v)", op::code<op::Subtract>, op::code<op::Negate>,
         [](Recorder& r, int a, int b, int) {
           return r.is<op::Negate>(a) ? r.emit<op::Negate>(r.emit<op::Add>(r[a].a, b)) : no;
         }},
        {"2 u - 2 v -> 2 (u - v)", op::code<op::Subtract>, op::code<op::Multiply>,
         [](Recorder& r, int a, int b, int) {
           if (!share_scale(r, a, b)) return no;
           const int scale = r[a].a;
           return r.emit<op::Multiply>(scale, r.emit<op::Subtract>(r[a].b, r[b].b));
         }},

        {"1 u -> u", op::code<op::Multiply>, Node::constant,
         [](Recorder& r, int a, int b, int) { return r.is_constant(a, 1) ? b : no; }},
        {"-c u -> -(c u)", op::code<op::Multiply>, Node::constant,
         [](Recorder& r, int a, int b, int) {
           return is_negative(r, a) ? r.emit<op::Negate>(r.emit<op::Multiply>(r.constant(-r[a].value), b)) : no;
         }},
        {"c (d u) -> (c d) u", op::code<op::Multiply>, Node::constant,
         [](Recorder& r, int a, int b, int) {
           if (!r.is_constant(a) || !r.is<op::Multiply>(b) || !r.is_constant(r[b].a)) return no;
           const int u = r[b].b;
           return r.emit<op::Multiply>(r.emit<op::Multiply>(a, r[b].a), u);
         }},
        {"-u v -> -(u v)", op::code<op::Multiply>, op::code<op::Negate>,
         [](Recorder& r, int a, int b, int) {
           if (r.is<op::Negate>(b)) return r.emit<op::Negate>(r.emit<op::Multiply>(a, r[b].a));
           return r.is<op::Negate>(a) ? r.emit<op::Negate>(r.emit<op::Multiply>(r[a].a, b)) : no;
         }},
        {"u u -> square(u)", op::code<op::Multiply>, any,
         [](Recorder& r, int a, int b, int) { return a == b ? r.emit<op::Square>(a) : no; }},
        {"(c u) u -> c square(u)", op::code<op::Multiply>, op::code<op::Multiply>,
         [](Recorder& r, int a, int b, int) {
           if (is_scaled(r, a) && r[a].b == b) return r.emit<op::Multiply>(r[a].a, r.emit<op::Square>(b));
           return is_scaled(r, b) && r[b].b == a ? r.emit<op::Multiply>(r[b].a, r.emit<op::Square>(a)) : no;
         }},
        {"u (v w) -> (u v) w where u v is known", op::code<op::Multiply>, op::code<op::Multiply>,
         [](Recorder& r, int a, int b, int) {
           const int regrouped = regroup(r, a, b);
           return regrouped >= 0 ? regrouped : regroup(r, b, a);
         }},
        {"u (c v) -> c (u v) in derivatives", op::code<op::Multiply>, in_derivatives, nullptr},
        {"u where(c, 1, 0) -> where(c, u, 0)", op::code<op::Multiply>, op::code<op::Where>,
         [](Recorder& r, int a, int b, int) {
           if (is_choice_of_numbers(r, b)) return multiply_choice(r, a, b);
           return is_choice_of_numbers(r, a) ? multiply_choice(r, b, a) : no;
         }},

        {"u / 1 -> u", op::code<op::Divide>, Node::constant,
         [](Recorder& r, int a, int b, int) { return r.is_constant(b, 1) ? a : no; }},
        {"u / -1 -> -u", op::code<op::Divide>, Node::constant,
         [](Recorder& r, int a, int b, int) { return r.is_constant(b, -1) ? r.emit<op::Negate>(a) : no; }},
        {"c / u -> c (1 / u) where 1 / u is known", op::code<op::Divide>, Node::constant,
         [](Recorder& r, int a, int b, int) {
           if (!r.is_constant(a) || r.is_constant(a, 1)) return no;
           const int reciprocal = r.known(op::code<op::Divide>, r.constant(1), b);
           return reciprocal >= 0 ? r.emit<op::Multiply>(a, reciprocal) : no;
         }},
        {"1 / (1 + exp(-u)) -> sigmoid(u)", op::code<op::Divide>, op::code<op::Add>,
         [](Recorder& r, int a, int b, int) {
           if (!r.is_constant(a, 1) || !r.is<op::Add>(b) || !r.is_constant(r[b].a, 1) || !r.is<op::Exp>(r[b].b))
             return no;
           const int exponent = r[r[b].b].a;
           return r.is<op::Negate>(exponent) ? r.emit<op::Sigmoid>(r[exponent].a) : no;
         }},
        {"u / v -> u (1 / v) where 1 / v is needed too", op::code<op::Divide>, at_the_end, nullptr},
        {"-u / v -> -(u / v)", op::code<op::Divide>, op::code<op::Negate>,
         [](Recorder& r, int a, int b, int) {
           if (r.is<op::Negate>(a)) return r.emit<op::Negate>(r.emit<op::Divide>(r[a].a, b));
           return r.is<op::Negate>(b) ? r.emit<op::Negate>(r.emit<op::Divide>(a, r[b].a)) : no;
         }},

        {"-(-u) -> u", op::code<op::Negate>, op::code<op::Negate>,
         [](Recorder& r, int a, int, int) { return inner<op::Negate>(r, a); }},
        {"-(u - v) -> v - u", op::code<op::Negate>, op::code<op::Subtract>,
         [](Recorder& r, int a, int, int) {
           return r.is<op::Subtract>(a) ? r.emit<op::Subtract>(r[a].b, r[a].a) : no;
         }},

        {"-(c u) -> (-c) u where c u is used once", op::code<op::Negate>, at_the_end, nullptr},

        {"square(-u) -> square(u)", op::code<op::Square>, op::code<op::Negate>,
         [](Recorder& r, int a, int, int) { return r.is<op::Negate>(a) ? r.emit<op::Square>(r[a].a) : no; }},
        {"square(abs(u)) -> square(u)", op::code<op::Square>, op::code<op::Abs>,
         [](Recorder& r, int a, int, int) { return r.is<op::Abs>(a) ? r.emit<op::Square>(r[a].a) : no; }},

        {"where(c, u, u) -> u", op::code<op::Where>, any, [](Recorder&, int, int b, int c) { return b == c ? b : no; }},
        {"where(c, where(c, u, v), w) -> where(c, u, w)", op::code<op::Where>, op::code<op::Where>,
         [](Recorder& r, int a, int b, int c) {
           return r.is<op::Where>(b) && r[b].a == a ? r.emit<op::Where>(a, r[b].b, c) : no;
         }},
        {"where(true, u, v) -> u", op::code<op::Where>, Node::constant,
         [](Recorder& r, int a, int b, int c) { return r.is_constant(a) ? (r.is_constant(a, 0) ? c : b) : no; }},
        {"where(!c, u, v) -> where(c, v, u)", op::code<op::Where>, op::code<op::Not>,
         [](Recorder& r, int a, int b, int c) { return r.is<op::Not>(a) ? r.emit<op::Where>(r[a].a, c, b) : no; }},

        {"abs(-u) -> abs(u)", op::code<op::Abs>, op::code<op::Negate>,
         [](Recorder& r, int a, int, int) { return r.is<op::Negate>(a) ? r.emit<op::Abs>(r[a].a) : no; }},
        {"abs(u) -> u where u >= 0 by its form", op::code<op::Abs>, any,
         [](Recorder& r, int a, int,
            int) { return r.is<op::Square>(a) || r.is<op::Abs>(a) || r.is<op::Exp>(a) ? a : no; }},

        {"log(exp(u)) -> u", op::code<op::Log>, op::code<op::Exp>,
         [](Recorder& r, int a, int, int) { return inner<op::Exp>(r, a); }},
        {"log(1 + u) -> log1p(u)", op::code<op::Log>, op::code<op::Add>,
         [](Recorder& r, int a, int,
            int) { return r.is<op::Add>(a) && r.is_constant(r[a].a, 1) ? r.emit<op::Log1p>(r[a].b) : no; }},
        {"log(exp(u) + exp(v)) -> logaddexp(u, v)", op::code<op::Log>, op::code<op::Add>,
         [](Recorder& r, int a, int, int) {
           if (!r.is<op::Add>(a) || !r.is<op::Exp>(r[a].a) || !r.is<op::Exp>(r[a].b)) return no;
           return r.emit<op::Logaddexp>(r[r[a].a].a, r[r[a].b].a);
         }},
        {"log2(exp2(u)) -> u", op::code<op::Log2>, op::code<op::Exp2>,
         [](Recorder& r, int a, int, int) { return inner<op::Exp2>(r, a); }},
        {"log1p(exp(u)) -> softplus(u)", op::code<op::Log1p>, op::code<op::Exp>,
         [](Recorder& r, int a, int, int) { return r.is<op::Exp>(a) ? r.emit<op::Softplus>(r[a].a) : no; }},
        {"log1p(expm1(u)) -> u", op::code<op::Log1p>, op::code<op::Expm1>,
         [](Recorder& r, int a, int, int) { return inner<op::Expm1>(r, a); }},

        {"sqrt(square(u)) -> abs(u)", op::code<op::Sqrt>, op::code<op::Square>,
         [](Recorder& r, int a, int, int) { return r.is<op::Square>(a) ? r.emit<op::Abs>(r[a].a) : no; }},

        {"pow(u, 0) -> 1", op::code<op::Pow>, Node::constant,
         [](Recorder& r, int, int b, int) { return r.is_constant(b, 0) ? r.constant(1) : no; }},
        {"pow(u, 1) -> u", op::code<op::Pow>, Node::constant,
         [](Recorder& r, int a, int b, int) { return r.is_constant(b, 1) ? a : no; }},
        {"pow(u, 2) -> square(u)", op::code<op::Pow>, Node::constant,
         [](Recorder& r, int a, int b, int) { return r.is_constant(b, 2) ? r.emit<op::Square>(a) : no; }},
        {"pow(u, 3) -> u square(u)", op::code<op::Pow>, Node::constant,
         [](Recorder& r, int a, int b,
            int) { return r.is_constant(b, 3) ? r.emit<op::Multiply>(a, r.emit<op::Square>(a)) : no; }},
        {"pow(u, 4) -> square(square(u))", op::code<op::Pow>, Node::constant,
         [](Recorder& r, int a, int b,
            int) { return r.is_constant(b, 4) ? r.emit<op::Square>(r.emit<op::Square>(a)) : no; }},
        {"pow(u, -1) -> 1 / u", op::code<op::Pow>, Node::constant,
         [](Recorder& r, int a, int b,
            int) { return r.is_constant(b, -1) ? r.emit<op::Divide>(r.constant(1), a) : no; }},
};
inline constexpr int count = static_cast<int>(sizeof(table) / sizeof(table[0]));
static_assert(count <= 64, "a RuleSet has 64 bits");

/// The rules of each row, and those that ask for each row as an operand, as sets; the codes below zero come first.
struct Index {
  static constexpr int offset = 4;
  RuleSet of_row[op::Table::size + offset]{};
  RuleSet of_operand[op::Table::size + offset]{};
};
inline constexpr Index index = [] {
  Index i;
  for (int k = 0; k < count; ++k) {
    i.of_row[table[k].op + Index::offset] |= RuleSet(1) << k;
    i.of_operand[table[k].operand + Index::offset] |= RuleSet(1) << k;
  }
  return i;
}();

/// The rules that may apply to row `op` on operands of rows `a` and `b`.
constexpr RuleSet candidates(op::Code op, op::Code a, op::Code b) {
  return index.of_row[op + Index::offset] & (index.of_operand[any + Index::offset] |
                                             index.of_operand[a + Index::offset] | index.of_operand[b + Index::offset]);
}

constexpr bool equal(const char* a, const char* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}

/// The set that holds the rule of this name alone, empty if there is none.
constexpr RuleSet named(const char* name) {
  for (int k = 0; k < count; ++k) {
    if (equal(table[k].name, name)) return RuleSet(1) << k;
  }
  return 0;
}

}  // namespace duet::graph::rules

#include <duet/graph/rewriting.hpp>  // rules record what they rewrite to, which applies the rules
