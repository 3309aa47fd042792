// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The references themselves: what other tests compare with is what fifty digits give, and that is what differences
// say, which know nothing of the rules. And an engine that finds nothing is no good: each rule is broken on purpose.
#include "engine.hpp"
#include "fifty_digits.hpp"

namespace property {

struct BrokenTag {};
using Broken = duet::Dual<double, 4, BrokenTag>;
/// The row whose derivatives are wrong on these duals, by a thousandth.
inline op::Code broken_row = -1;

template <>
struct Numbers<Broken> {
  template <class Op, class... X>
  static auto apply(const X&... x) {
    auto y = op::apply<Op>(x...);
    if constexpr (std::same_as<decltype(y), Broken>) {
      if (op::code<Op> == broken_row) {
        auto tangents = y.tangents();
        for (double& t : tangents) t *= 1.001;
        return Broken(y.primal(), tangents);
      }
    }
    return y;
  }
};

}  // namespace property

namespace {

using namespace property;

bool uses(const Program& p, op::Code code) {
  for (const Instruction& n : p.code) {
    if (!n.is_block() && n.code == code) return true;
  }
  return false;
}

/// The references of doubles, as if they were a path.
void references(const Subject& s, std::uint64_t index, Answers& answers) {
  const std::size_t k = index % points;
  Reference<long double> reference(s.program, s.x[k]);
  answers.push_back({k, 0, reference(0).value});
  for (int i = 0; i < s.program.inputs; ++i) answers.push_back({k, gradient + i, reference(gradient + i).value});
  if (index % 8 != 0) return;
  for (int which = 1; which < gradient; ++which) answers.push_back({k, which, reference(which).value});
}

/// The value at a point moved by multiples of `h` along the directions.
Real moved(const Program& p, const std::vector<double>& at, const Real& h, const int (&steps)[3]) {
  std::vector<Real> x;
  for (std::size_t i = 0; i < at.size(); ++i) {
    Real sum = at[i];
    for (int d = 0; d < 3; ++d) sum += h * steps[d] * directions[d][i];
    x.push_back(sum);
  }
  return value<Real>(p, x);
}
/// Central differences along those of the directions that `which` names; the error is of the order of h^2.
Real difference(const Program& p, const std::vector<double>& at, Which which, const Real& h) {
  Real sum = 0, scale = 1;
  for (int d = 0; d < 3; ++d) scale *= which & 1 << d ? Real(2 * h) : Real(1);
  for (int signs = 0; signs < 8; ++signs) {
    if (signs & ~which) continue;
    int steps[3]{}, sign = 1;
    for (int d = 0; d < 3; ++d) {
      if (!(which & 1 << d)) continue;
      steps[d] = signs & 1 << d ? -1 : 1;
      sign *= steps[d];
    }
    sum += sign * moved(p, at, h, steps);
  }
  return sum / scale;
}
/// The same to the order of h^4, by extrapolation.
double difference(const Program& p, const std::vector<double>& at, Which which) {
  const Real h("1e-8");
  return static_cast<double>((4 * difference(p, at, which, h) - difference(p, at, which, 2 * h)) / 3);
}
void differences(const Subject& s, std::uint64_t index, Answers& answers) {
  if (uses(s.program, op::code<op::StopGradient>)) return;  // which differences don't
  const std::size_t k = index % points;
  answers.push_back({k, 1, difference(s.program, s.x[k], 1)});
  if (index % 32 != 0) return;
  for (int which = 2; which < gradient; ++which) answers.push_back({k, which, difference(s.program, s.x[k], which)});
}

void broken(const Subject& s, std::uint64_t, Answers& answers) {
  for (std::size_t k = 0; k < points; ++k) {
    std::vector<Broken> x;
    for (double value : s.x[k]) x.push_back(Broken::variable(value, static_cast<int>(x.size())));
    const Broken y = value<Broken>(s.program, x);
    for (int i = 0; i < s.program.inputs; ++i) answers.push_back({k, gradient + i, y.tangent(i)});
  }
}

constexpr Path paths[] = {{"references", &references}, {"differences", &differences, 4, 1e-18}};

}  // namespace

TEST_CASE("references are those of fifty digits, and what differences of fifty digits give") {
  compare<Real>(paths, 10'000);
}

TEST_CASE("a wrong derivative of any row is found, and shrinks to at most three instructions") {
  constexpr Path path{"broken duals", &broken};
  Answers answers;
  for (broken_row = 0; broken_row < op::Table::size; ++broken_row) {
    const op::Info& row = op::info(broken_row);
    if (row.kind != op::Kind::smooth || broken_row == op::code<op::Attach>) continue;
    INFO(row.name);
    bool found = false;
    for (std::uint64_t index = 0; index < 2000 && !found; ++index) {
      const Subject s = subject(1, index);
      if (!uses(s.program, broken_row)) continue;
      answers.clear();
      broken(s, index, answers);
      References<long double> reference(s);
      Counts ignored;
      const auto wrong = wrong_answer(path, answers, reference, ignored);
      if (!wrong) continue;
      found = true;
      const Case smallest = smallest_failure<long double>(path, s, index, *wrong);
      INFO(AsCode::function(smallest.program));
      CHECK(smallest.program.code.size() <= 3);
      CHECK(uses(smallest.program, broken_row));
    }
    CHECK(found);
  }
  broken_row = -1;
}

TEST_CASE("programs are written as C++") {
  Program p{2, 5, {}, {4}};
  p.code = {{Instruction::constant, -1, 2, -1, -1, -1, 0.5},
            {Instruction::loop, -1, -1, -1, -1, -1, 0, 3, 1},
            {Instruction::update, op::code<op::Multiply>, 0, 2},
            {Instruction::branch, -1, -1, 0, 1, -1, 0, 0, 1, 1},
            {Instruction::row, op::code<op::Sinc>, 4, -1, 0, -1, 2},
            {Instruction::with_int, op::code<op::Pow>, 4, 1, -1, -1, 3}};
  CHECK(AsCode::function(p) ==
        "template <class T>\n"
        "T program(const std::array<T, 2>& x) {\n"
        "  using namespace duet;\n"
        "  T v0 = x[0], v1 = x[1], v2 = 0, v3 = 0, v4 = 0;\n"
        "  v2 = 0.5;\n"
        "  for (int i = 0; i < 3; ++i) {\n"
        "    v0 *= v2;\n"
        "  }\n"
        "  if (v0 < v1) {\n"
        "    v4 = op::apply<duet::op::Sinc>(T(2), v0);\n"
        "  } else {\n"
        "    v4 = pow(v1, 3);\n"
        "  }\n"
        "  return v4;\n"
        "}\n");
}
