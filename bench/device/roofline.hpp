// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstdio>
#include <duet/duet.hpp>
#include <string>

#include "duet.hpp"
#include "roof.hpp"
#include "seconds.hpp"
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
  std::printf("\"%s\",memory,,,%.4g\n\"%s\",arithmetic,,,%.4g\n", device.c_str(), roof.bytes, device.c_str(),
              roof.operations);
  using X = duet::Tensor<double, duet::Device>;
  X x = leaf<X>(spread_x<double>(n)), y = leaf<X>(spread_y<double>(n));
  const auto print = [&](auto f) {
    const double each = operations<decltype(f)>();
    const double seconds = seconds_of([&] { value_and_gradients(f, x, y); }, wait);
    const double arrays = 4;
    std::printf("\"%s\",point,%s,%.4g,%.4g\n", device.c_str(), name_of(f).c_str(), each / (arrays * sizeof(double)),
                each * static_cast<double>(n) / seconds);
  };
  print(Product());
  print(Chain());
  print(Polynomial<4>());
  print(Polynomial<16>());
  print(Polynomial<64>());
}

}  // namespace bench
