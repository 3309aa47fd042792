#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <tuple>

constexpr auto f = [](auto x1, auto x2) {
  using std::log;
  using std::sin;
  return log(x1) + x1 * x2 - sin(x2);
};

constexpr bool near(double a, double b) { return a - b < 1e-12 && b - a < 1e-12; }

constexpr auto square = [](auto x) { return x * x; };
static_assert(duet::grad(square)(3.0) == 6.0);

int main() {
  const auto [d1, d2] = duet::grad(f)(2.0, 5.0);
  std::printf("%.16g %.16g\n", d1, d2);
  return near(d1, 5.5) && near(d2, 1.7163378145367738) ? 0 : 1;
}
