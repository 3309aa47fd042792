// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstdio>
#include <duet/duet.hpp>
#include <string>

#include "../harness.hpp"
#include "duet.hpp"
#include "roof.hpp"
#include "spread.hpp"

/// How near a device's arrays come to what it can do: points below a roof (S. Williams, A. Waterman and D. Patterson,
/// "Roofline: an insightful visual performance model for multicore architectures", CACM 52(4), 2009).
namespace bench {

/// Arithmetic only, as much of it as is wanted.
template <int Degree>
struct Polynomial {
  constexpr auto operator()(const auto& x, const auto& y) const {
    auto sum = x * y;
    for (int k = 1; k < Degree; ++k) sum = sum * x + 0.5;
    return sum;
  }
};
template <class X, int Degree>
X sum_of(Polynomial<Degree> f, const X& x, const X& y) {
  return duet::map_sum(f, each(x), each(y));
}
template <int Degree>
inline std::string name_of(Polynomial<Degree>) {
  return "degree " + std::to_string(Degree);
}
inline std::string name_of(Product f) { return f.name; }
inline std::string name_of(Chain f) { return f.name; }

/// The operations of value and gradients for an element; about 5 of them are a division, and 20 a function.
template <class F>
constexpr int operations() {
  constexpr auto c = duet::cost<decltype(duet::value_and_grad(F())), double, double>;
  return c.additions + c.multiplications + c.choices + 5 * c.divisions + 20 * c.transcendentals + 1;
}

/// Prints the rows of docs/data/roofline.csv for a device.
template <class Wait>
void print_roofline(const std::string& device, const Roof& roof, std::size_t n, const Wait& wait) {
  using X = duet::Tensor<double, duet::Device>;
  X x = leaf<X>(spread_x<double>(n)), y = leaf<X>(spread_y<double>(n));
  Race race(Race::wall);
  const auto add = [&](const auto& call) {
    constexpr int calls = 8;  // before one waits
    return race.add(
        [call, wait] {
          for (int i = 0; i < calls; ++i) call();
          wait();
        },
        calls);
  };
  const std::size_t move = add(roof.move), compute = add(roof.compute);
  struct Point {
    std::string name;
    double operations;
    std::size_t rival;
  };
  std::vector<Point> points;
  const auto add_point = [&](auto f) {
    points.push_back({name_of(f), operations<decltype(f)>(), add([f, &x, &y] { value_and_gradients(f, x, y); })});
  };
  add_point(Product());
  add_point(Chain());
  add_point(Polynomial<4>());
  add_point(Polynomial<16>());
  add_point(Polynomial<64>());
  race.run(15, 0.02);

  const auto print = [&](const char* row, double number) {
    std::printf("\"%s\",%s,%.4g\n", device.c_str(), row, number);
  };
  print("memory,,", 1e9 * roof.bytes / race.nanoseconds(move));
  print("arithmetic,,", 1e9 * roof.operations / race.nanoseconds(compute));
  for (const Point& point : points) {
    const double bytes = 4 * sizeof(double);  // x, y and their gradients
    const std::string row = "point," + point.name + "," + fixed(point.operations / bytes, 4);
    print(row.c_str(), 1e9 * point.operations * static_cast<double>(n) / race.nanoseconds(point.rival));
  }
}

}  // namespace bench
