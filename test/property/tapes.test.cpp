// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Random programs on the dynamic tape: of numbers, of duals and of variables of another tape.
#include <duet/tape/record.hpp>

#include "engine.hpp"

namespace {

using namespace property;

/// The variables of a tape at a point, each made by `number(i)` of its value.
template <class T>
std::vector<duet::Var<T>> variables(duet::DynamicTape<T>& tape, const std::vector<double>& x, const auto& number) {
  std::vector<duet::Var<T>> v;
  for (std::size_t i = 0; i < x.size(); ++i) v.push_back(tape.variable(number(x[i], i)));
  return v;
}

/// One tape for all points and programs, which is cleared in between.
void numbers(const Subject& s, std::uint64_t, Answers& answers) {
  static duet::DynamicTape<double> tape;
  for (std::size_t k = 0; k < points; ++k) {
    tape.clear();
    const auto x = variables(tape, s.x[k], [](double value, std::size_t) { return value; });
    const auto y = value<duet::Var<double>>(s.program, x);
    tape.backward(y);
    answers.push_back({k, 0, y.primal()});
    for (std::size_t i = 0; i < x.size(); ++i) answers.push_back({k, gradient + static_cast<int>(i), x[i].grad()});
  }
}

void duals(const Subject& s, std::uint64_t, Answers& answers) {
  using D = duet::Dual<double>;
  duet::DynamicTape<D> tape;
  const auto x = variables(tape, s.x[0], [](double value, std::size_t i) { return D(value, directions[0][i]); });
  const auto y = value<duet::Var<D>>(s.program, x);
  tape.backward(y);
  answers.push_back({0, 0, y.primal().primal()});
  answers.push_back({0, 1, y.primal().tangent()});
  double curvature = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    answers.push_back({0, gradient + static_cast<int>(i), x[i].grad().primal()});
    curvature += directions[1][i] * x[i].grad().tangent();
  }
  answers.push_back({0, 3, curvature});
}

void variables_of_another_tape(const Subject& s, std::uint64_t, Answers& answers) {
  using V = duet::Var<double>;
  duet::DynamicTape<double> outer;
  const auto point = variables(outer, s.x[0], [](double value, std::size_t) { return value; });
  V slope = 0;
  {
    duet::DynamicTape<V> inner;
    const auto x = variables(inner, s.x[0], [&](double, std::size_t i) { return point[i]; });
    const auto y = value<duet::Var<V>>(s.program, x);
    inner.backward(y);
    answers.push_back({0, 0, y.primal().primal()});
    for (std::size_t i = 0; i < x.size(); ++i) {
      answers.push_back({0, gradient + static_cast<int>(i), x[i].grad().primal()});
      slope += directions[0][i] * x[i].grad();
    }
  }
  outer.backward(slope);
  answers.push_back({0, 1, slope.primal()});
  double curvature = 0;
  for (std::size_t i = 0; i < point.size(); ++i) curvature += directions[1][i] * point[i].grad();
  answers.push_back({0, 3, curvature});
}

constexpr Path paths[] = {
    {"a tape of numbers", &numbers},
    {"a tape of duals", &duals},
    {"a tape of variables of another tape", &variables_of_another_tape},
};

}  // namespace

TEST_CASE("programs have the same derivatives on tapes") { compare<long double>(paths, 100'000); }
