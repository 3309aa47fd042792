// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Random programs on SIMD batches, whose lanes go different ways: every lane has the derivatives of its point.
#include <duet/simd/functions.hpp>

#include "engine.hpp"

namespace {

using namespace property;

using Batch = duet::simd::Batch<double>;
constexpr std::size_t lanes = Batch::size;

double lane(const Batch& x, std::size_t i) {
  double all[lanes];
  x.store_unaligned(all);
  return all[i];
}
/// Input number `i` at the points from number `first` on.
Batch gathered(const Subject& s, std::size_t first, std::size_t i) {
  double all[lanes];
  for (std::size_t k = 0; k < lanes; ++k) all[k] = s.x[(first + k) % points][i];
  return Batch::load_unaligned(all);
}

void first_order_batches(const Subject& s, std::uint64_t, Answers& answers) {
  using D = duet::Dual<Batch, 4>;
  for (std::size_t first = 0; first < points; first += lanes) {
    std::vector<D> x;
    for (std::size_t i = 0; i < s.x[0].size(); ++i)
      x.push_back(D::variable(gathered(s, first, i), static_cast<int>(i)));
    const D y = value<D>(s.program, x);
    for (std::size_t k = 0; k < lanes && first + k < points; ++k) {
      answers.push_back({first + k, 0, lane(y.primal(), k)});
      for (int i = 0; i < s.program.inputs; ++i) answers.push_back({first + k, gradient + i, lane(y.tangent(i), k)});
    }
  }
}

void third_order_batches(const Subject& s, std::uint64_t, Answers& answers) {
  std::vector<Triple<Batch>> x;
  for (std::size_t i = 0; i < s.x[0].size(); ++i) x.push_back(triple(gathered(s, 0, i), i));
  const auto y = value<Triple<Batch>>(s.program, x);
  for (int which = 0; which < gradient; ++which) answers.push_back({0, which, lane(part(y, which), 0)});
}

constexpr double slack = 32;  // the error function of xsimd 8 is ten units off

constexpr Path paths[] = {
    {"duals of batches", &first_order_batches, slack},
    {"duals of duals of duals of batches", &third_order_batches, slack},
};

}  // namespace

TEST_CASE("programs have the derivatives of its point in every lane of a batch") {
  compare<long double>(paths, 100'000);
}
