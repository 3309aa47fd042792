// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <duet/duet.hpp>
#include <string>
#include <vector>

#include "../harness.hpp"

/// The table that textbooks explain differentiation with: ln(x1) + x1 x2 - sin(x2) at (2, 5), line by line.
namespace trace {

/// The lines v-1, v0, ... v5. Each may be nudged: what a nudge does to the last line is the line's adjoint.
struct Lines {
  template <class T>
  constexpr std::array<T, 7> operator()(const std::array<T, 7>& nudge) const {
    using std::log;
    using std::sin;
    const T x1 = 2.0 + nudge[0];
    const T x2 = 5.0 + nudge[1];
    const T v1 = log(x1) + nudge[2];
    const T v2 = x1 * x2 + nudge[3];
    const T v3 = sin(x2) + nudge[4];
    const T v4 = v1 + v2 + nudge[5];
    const T v5 = v4 - v3 + nudge[6];
    return {x1, x2, v1, v2, v3, v4, v5};
  }
};

struct LastLine {
  template <class T>
  constexpr T operator()(const std::array<T, 7>& nudge) const {
    return Lines{}(nudge)[6];
  }
};

/// Prints values and tangents (one forward sweep along x1), and adjoints (one reverse sweep from y).
inline void print() {
  using Dual = duet::Dual<double>;
  std::array<Dual, 7> along_x1{};
  along_x1[0] = Dual(0.0, 1.0);
  const auto lines = Lines{}(along_x1);
  const auto adjoints = duet::grad(LastLine{})(std::array<double, 7>{});

  const std::array<const char*, 7> names{"v-1 = x1",    "v0 = x2",      "v1 = ln v-1",     "v2 = v-1 v0",
                                         "v3 = sin v0", "v4 = v1 + v2", "v5 = v4 - v3 = y"};
  std::vector<std::vector<std::string>> table{{"line", "value", "tangent (dx1 = 1)", "adjoint (of y)"}};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    table.push_back({names[i], bench::fixed(lines[i].primal(), 4), bench::fixed(lines[i].tangent(), 4),
                     bench::fixed(adjoints[i], 4)});
  }
  std::printf("y = ln(x1) + x1 x2 - sin(x2) at (2, 5): forward mode reads downwards, reverse mode upwards\n");
  bench::print_table(table);
  std::printf("y = %.4f, gradient (%.4f, %.4f)\n", lines[6].primal(), adjoints[0], adjoints[1]);
}

}  // namespace trace
