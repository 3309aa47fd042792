// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Sparse Jacobians and Hessians of functions with many variables: how long it takes to find the pattern with its
// colours, and how many plain evaluations of the function the matrix costs after that.
//   dynamic_sparse [VARIABLES]      (of the Jacobians; default: 1000000; the Hessian has a tenth)

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <duet/sparse.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "harness.hpp"
#include "problem/broyden.hpp"
#include "problem/extended_rosenbrock.hpp"
#ifdef DUET_PEER_ADOLC
#include "peers/adolc_sparse.hpp"
#endif

namespace {

using Vector = std::vector<double>;
using Table = std::vector<std::vector<std::string>>;

template <class X>
using Number = std::remove_cvref_t<decltype(std::declval<const X&>()[0])>;

/// Bratu's problem in one dimension: a second difference and an exponential function.
struct Bratu {
  static constexpr const char* name = "Bratu 1D";
  template <class X>
  auto operator()(const X& x) const {
    using std::exp;
    const std::size_t n = x.size();
    const double h = 1.0 / static_cast<double>(n + 1);
    std::vector<Number<X>> y(n);
    for (std::size_t i = 0; i < n; ++i) {
      Number<X> sum = 2 * x[i] - h * h * exp(x[i]);
      if (i > 0) sum -= x[i - 1];
      if (i + 1 < n) sum -= x[i + 1];
      y[i] = sum;
    }
    return y;
  }
};

/// Times `find`, which also finds the pattern, and `evaluate`, which knows it, and adds them to the table.
void measure(Table& table, const std::string& what, int colours, const auto& primal, const auto& find,
             const auto& evaluate) {
  bench::Race race;
  const std::size_t plain = race.add(primal, 1), found = race.add(find, 1), matrix = race.add(evaluate, 1);
  race.run(7, 0.0);
  table.push_back({what, std::to_string(colours), bench::fixed(1e-6 * race.nanoseconds(plain), 2),
                   bench::fixed(1e-6 * race.nanoseconds(found), 1), bench::fixed(1e-6 * race.nanoseconds(matrix), 2),
                   bench::fixed(race.ratio(matrix, plain), 1)});
}

Vector point(std::size_t n) {
  Vector x(n);
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = -1.2 + 0.3 * static_cast<double>(i % 8);
  }
  return x;
}

template <class F>
void jacobian(Table& table, std::size_t n) {
  const F f;
  const Vector x = point(n);
  const std::string name = std::string(F::name) + ", n = " + std::to_string(n);
  const auto primal = [&] { bench::keep(f(x)); };
  {
    auto plan = duet::sparse_jacobian(f).plan(x);
    measure(
        table, name + ": Duet", plan.colours(), primal, [&] { bench::keep(duet::sparse_jacobian(f)(x)); },
        [&] { bench::keep(plan(x)); });
  }
  {
    const auto by_rows = duet::sparse_jacobian<duet::DynamicTape<double>, duet::Mode::reverse>(f);
    auto plan = by_rows.plan(x);
    measure(
        table, name + ": Duet, backwards", plan.colours(), primal, [&] { bench::keep(by_rows(x)); },
        [&] { bench::keep(plan(x)); });
  }
#ifdef DUET_PEER_ADOLC
  bench::AdolcSparse adolc(bench::AdolcSparse::Of::jacobian, f, x, 3);
  measure(
      table, name + ": ADOL-C", 3, primal, [&] { adolc.find(x); }, [&] { adolc.evaluate(x); });
#endif
}

template <class F>
void hessian(Table& table, std::size_t n) {
  const F f;
  const Vector x = point(n);
  const std::string name = std::string(F::name) + ", n = " + std::to_string(n);
  const auto primal = [&] { bench::keep(f(x)); };
  {
    auto plan = duet::sparse_hessian(f).plan(x);
    measure(
        table, name + ": Duet", plan.colours(), primal, [&] { bench::keep(duet::sparse_hessian(f)(x)); },
        [&] { bench::keep(plan(x)); });
  }
#ifdef DUET_PEER_ADOLC
  bench::AdolcSparse adolc(bench::AdolcSparse::Of::hessian, f, x, 2);
  measure(
      table, name + ": ADOL-C", 2, primal, [&] { adolc.find(x); }, [&] { adolc.evaluate(x); });
#endif
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t n = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000000;
  Table table{{"milliseconds", "colours", "function", "first matrix", "next matrix", "/ function"}};
  jacobian<bench::Broyden>(table, n / 10);
  jacobian<bench::Broyden>(table, n);
  jacobian<Bratu>(table, n);
  hessian<bench::ExtendedRosenbrock>(table, n / 10);
  bench::print_table(table);
}
