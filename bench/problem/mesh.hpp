// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <random>
#include <utility>
#include <vector>

namespace bench {

/// Numbers at the nodes of a graph without any pattern, after some steps in each of which every node comes nearer to
/// one neighbour, in proportion to the number of another one. Gives half their mean square. One statement for each node
/// and step, of 4 operands of which 3 are distinct, and which lie anywhere.
struct Mesh {
  std::size_t nodes;
  std::size_t steps;
  std::vector<std::size_t> near = neighbours(1);
  std::vector<std::size_t> by = neighbours(2);
  double rate = 0.1;

  template <class T>
  T operator()(const std::vector<T>& start) const {
    std::vector<T> x = start, next(nodes);
    for (std::size_t step = 0; step < steps; ++step) {
      for (std::size_t i = 0; i < nodes; ++i) {
        next[i] = x[i] + rate * (x[near[i]] - x[i]) * x[by[i]];
      }
      std::swap(x, next);
    }
    T squares(0.0);
    for (const T& one : x) {
      squares += one * one;
    }
    return squares * (0.5 / static_cast<double>(nodes));
  }

 private:
  std::vector<std::size_t> neighbours(unsigned seed) const {
    std::mt19937 engine(seed);
    std::uniform_int_distribution<std::size_t> node(0, nodes - 1);
    std::vector<std::size_t> result(nodes);
    for (std::size_t& one : result) {
      one = node(engine);
    }
    return result;
  }
};

}  // namespace bench
