// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>
#include <tuple>

#include "hand/black_scholes.hpp"
#include "hand/chain6.hpp"
#include "hand/det3.hpp"
#include "hand/himmelblau.hpp"
#include "hand/inverse3.hpp"
#include "hand/lennard_jones.hpp"
#include "hand/lstm_cell.hpp"
#include "hand/quaternion.hpp"
#include "hand/rodrigues.hpp"
#include "hand/rosenbrock.hpp"
#include "hand/seed.hpp"
#include "problem/black_scholes.hpp"
#include "problem/chain6.hpp"
#include "problem/det3.hpp"
#include "problem/himmelblau.hpp"
#include "problem/inverse3.hpp"
#include "problem/lennard_jones.hpp"
#include "problem/lstm_cell.hpp"
#include "problem/quaternion.hpp"
#include "problem/rodrigues.hpp"
#include "problem/rosenbrock.hpp"
#include "problem/seed.hpp"

namespace bench {

/// A scalar function, its value and gradient by hand, and the box that its arguments are drawn from.
template <class Problem, class Hand, class Point>
struct Kernel {
  const char* name;
  Problem problem;
  Hand hand;
  Point low;
  Point high;
};

template <class Problem, class Hand, class Point>
Kernel(const char*, Problem, Hand, Point, Point) -> Kernel<Problem, Hand, Point>;

/// An array that holds one number N times.
template <std::size_t N>
constexpr std::array<double, N> all(double x) {
  std::array<double, N> result{};
  result.fill(x);
  return result;
}

/// The scalar kernels that the benchmarks measure and the tests check.
inline constexpr std::tuple kernels{
    Kernel{"seed", Seed{}, hand::Seed{}, std::tuple{0.5, -3.0}, std::tuple{4.0, 3.0}},
    Kernel{"himmelblau", Himmelblau{}, hand::Himmelblau{}, std::tuple{-5.0, -5.0}, std::tuple{5.0, 5.0}},
    Kernel{"rosenbrock", Rosenbrock{}, hand::Rosenbrock{}, std::tuple{all<10>(-2.0)}, std::tuple{all<10>(2.0)}},
    Kernel{"det3", Det3{}, hand::Det3{}, std::tuple{all<9>(-1.0)}, std::tuple{all<9>(1.0)}},
    Kernel{"inverse3", Inverse3{}, hand::Inverse3{},
           std::tuple{std::array{2.0, -0.5, -0.5, -0.5, 2.0, -0.5, -0.5, -0.5, 2.0}},
           std::tuple{std::array{3.0, 0.5, 0.5, 0.5, 3.0, 0.5, 0.5, 0.5, 3.0}}},
    Kernel{"rodrigues", Rodrigues{}, hand::Rodrigues{}, std::tuple{all<3>(0.1), all<3>(-1.0)},
           std::tuple{all<3>(1.5), all<3>(1.0)}},
    Kernel{"black_scholes", BlackScholes{}, hand::BlackScholes{}, std::tuple{80.0, 80.0, 0.0, 0.1, 0.2},
           std::tuple{120.0, 120.0, 0.1, 0.5, 2.0}},
    Kernel{"lennard_jones", LennardJones{}, hand::LennardJones{}, std::tuple{all<3>(0.5), all<3>(-1.0)},
           std::tuple{all<3>(1.0), all<3>(0.0)}},
    Kernel{"lstm_cell", LstmCell{}, hand::LstmCell{},
           std::tuple{all<16>(-1.0), all<16>(-1.0), all<4>(-1.0), all<4>(-1.0), all<4>(-1.0)},
           std::tuple{all<16>(1.0), all<16>(1.0), all<4>(1.0), all<4>(1.0), all<4>(1.0)}},
    Kernel{"quaternion", Quaternion{}, hand::Quaternion{}, std::tuple{all<4>(-1.0), all<4>(-1.0)},
           std::tuple{all<4>(1.0), all<4>(1.0)}},
    Kernel{"chain6", Chain6{}, hand::Chain6{}, std::tuple{all<6>(-1.5)}, std::tuple{all<6>(1.5)}},
};

/// What the bundle-adjustment residual takes: camera, point, weight and the image point where it was seen.
using Observation = std::tuple<std::array<double, 11>, std::array<double, 3>, double, std::array<double, 2>>;

/// The box of random observations: points well in front of cameras that are turned a little.
inline constexpr Observation bundle_low{
    {0.05, -0.3, -0.3, -0.5, -0.5, -0.5, 400, -20, -20, -0.01, -0.001}, {-2, -2, 8}, 0.5, {-200, -200}};
inline constexpr Observation bundle_high{
    {0.3, 0.3, 0.3, 0.5, 0.5, 0.5, 600, 20, 20, 0.01, 0.001}, {2, 2, 12}, 1.5, {200, 200}};

/// Calls `f` on every kernel.
template <class F>
void each_kernel(F&& f) {
  std::apply([&](const auto&... kernel) { (f(kernel), ...); }, kernels);
}

}  // namespace bench
