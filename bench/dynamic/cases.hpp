// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "../hand/burgers.hpp"
#include "../hand/least_squares.hpp"
#include "../hand/log_sum_exp.hpp"
#include "../hand/mesh.hpp"
#include "../hand/ode.hpp"
#include "../hand/rosenbrock_chain.hpp"
#include "../problem/burgers.hpp"
#include "../problem/least_squares.hpp"
#include "../problem/log_sum_exp.hpp"
#include "../problem/mesh.hpp"
#include "../problem/ode.hpp"
#include "../problem/rosenbrock_chain.hpp"
#include "../random.hpp"
#include "seed.hpp"

namespace bench {

/// A function of many numbers, its gradient by hand, where to take it, and how many statements the function executes.
template <class Problem, class Hand>
struct Case {
  std::string name;
  Problem problem;
  Hand hand;
  std::vector<double> x;
  double statements;
};

template <class Problem, class Hand>
Case(std::string, Problem, Hand, std::vector<double>, double) -> Case<Problem, Hand>;

inline auto rosenbrock_case(std::size_t n) {
  return Case{"rosenbrock " + std::to_string(n), RosenbrockChain{}, hand::RosenbrockChain{}, uniform(n, -2, 2),
              static_cast<double>(n - 1)};
}

/// A square grid of positive velocities.
inline auto burgers_case(std::size_t side, std::size_t steps) {
  const Burgers problem{{.nx = side, .ny = side, .steps = steps}};
  const std::size_t statements = 2 * (side - 2) * (side - 2) * steps + side * side;
  return Case{"burgers " + std::to_string(side) + " x " + std::to_string(side) + " x " + std::to_string(steps), problem,
              hand::Burgers(problem), uniform(2 * side * side, 0.5, 1.5), static_cast<double>(statements)};
}

inline auto log_sum_exp_case(std::size_t n) {
  return Case{"lse " + std::to_string(n), LogSumExp{}, hand::LogSumExp{}, uniform(n, 0, 1), static_cast<double>(n + 1)};
}

inline auto least_squares_case(std::size_t points, std::size_t terms) {
  const LeastSquares problem{points};
  return Case{"llsq " + std::to_string(points) + " x " + std::to_string(terms), problem, hand::LeastSquares(problem),
              uniform(terms, 0, 1), static_cast<double>(points * (terms + 1) + 1)};
}

inline auto ode_case(std::size_t n, std::size_t steps) {
  const Ode problem{steps};
  return Case{"ode " + std::to_string(n) + " x " + std::to_string(steps), problem, hand::Ode(problem), uniform(n, 0, 1),
              static_cast<double>(8 * n * steps)};
}

inline auto mesh_case(std::size_t nodes, std::size_t steps) {
  const Mesh problem{nodes, steps};
  return Case{"mesh " + std::to_string(nodes) + " x " + std::to_string(steps), problem, hand::Mesh(problem),
              uniform(nodes, 0.5, 1.5), static_cast<double>(nodes * (steps + 1))};
}

/// Calls `f` with every case, smaller ones first: ADOL-C stays slower after it has had many variables at once.
template <class F>
void each_case(F&& f) {
  f(Case{"seed", VectorSeed{}, hand::VectorSeed{}, {2.0, 5.0}, 1});
  f(ode_case(30, 30));
  f(least_squares_case(256, 128));
  f(rosenbrock_case(1000));
  f(burgers_case(20, 20));
  f(mesh_case(1000, 50));
  f(ode_case(1000,
             100));  // GradBench's size; its result and derivatives are zero, as few steps make a short polynomial
  f(log_sum_exp_case(10000));
  f(rosenbrock_case(100000));
  f(mesh_case(30000, 50));
  f(burgers_case(100, 100));
}

}  // namespace bench
