// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Every row of the op table has the same derivative on every path: a row can't be added unchecked.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/hana/for_each.hpp>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <duet/duet.hpp>
#if __has_include(<xsimd/xsimd.hpp>)
#include <xsimd/xsimd.hpp>
#endif

#include "subject.hpp"

namespace {

namespace op = duet::op;
using duet::Dual;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
using subject::call, subject::for_each_operand, subject::single_duals;
using subject::difference, subject::differences, subject::distance;
using subject::Firsts, subject::Point;
/// The second derivatives, row by row.
using Seconds = std::array<double, 9>;

/// A function of one operand; the others, and a factor one, are captured.
template <class F, std::size_t Own>
struct Section {
  Point others;
  double one;

  template <class X>
  constexpr auto operator()(const X& x) const {
    return one * call<F>(F{}, [&](auto k) {
             if constexpr (k == Own) {
               return x;
             } else {
               return others[k];
             }
           });
  }
};

/// A way to the first derivatives at point `i` of several, and one to the second derivatives.
using Path = Firsts (*)(const std::vector<Point>&, std::size_t i);
using SecondPath = Seconds (*)(const std::vector<Point>&, std::size_t i);

template <class F>
Firsts vector_dual(const std::vector<Point>& points, std::size_t at) {
  using D = Dual<double, 4>;
  const D result = call<F>(F{}, [&](std::size_t k) { return D::variable(points[at][k], static_cast<int>(k)); });
  return {result.primal(), result.tangent(0), result.tangent(1), result.tangent(2)};
}

template <class F>
Firsts dual_beside_numbers(const std::vector<Point>& points, std::size_t at) {
  Firsts y{};
  for_each_operand<F>([&](auto k) {
    const Dual<double> result = Section<F, k>{points[at], 1}(Dual<double>::variable(points[at][k]));
    y[0] = result.primal();
    y[1 + k] = result.tangent();
  });
  return y;
}

template <class F>
Firsts expression(const std::vector<Point>& points, std::size_t at) {
  Firsts y{};
  for_each_operand<F>([&](auto k) {
    std::tie(y[0], y[1 + k]) = duet::value_and_grad(Section<F, k>{points[at], 1})(points[at][k]);
  });
  return y;
}

/// A value and its derivatives, in a structure.
Firsts in_a_row(const auto& value_and_gradient, auto to_number) {
  Firsts y{};
  std::size_t i = 0;
  duet::tree::for_each_leaf(value_and_gradient, [&](const auto& x) { y[i++] = to_number(x); });
  return y;
}

template <class F>
Firsts static_graph(const std::vector<Point>& points, std::size_t at) {
  const auto y = call<F>(duet::value_and_grad(F{}), [&](std::size_t k) { return points[at][k]; });
  return in_a_row(y, [](double x) { return x; });
}

template <class F>
Firsts static_graph_forward(const std::vector<Point>& points, std::size_t at) {
  const auto j = call<F>(duet::jacfwd(F{}), [&](std::size_t k) { return points[at][k]; });
  Firsts y{call<F>(F{}, [&](std::size_t k) { return points[at][k]; })};
  std::copy(j.elements.begin(), j.elements.end(), y.begin() + 1);
  return y;
}

#if __has_include(<xsimd/xsimd.hpp>)
using Batch = xsimd::batch<double>;

/// Operand `k` of the points that share a batch with point `at`.
Batch lanes(const std::vector<Point>& points, std::size_t at, std::size_t k) {
  double lane[Batch::size];
  for (std::size_t l = 0; l < Batch::size; ++l) lane[l] = points[at / Batch::size * Batch::size + l][k];
  return Batch::load_unaligned(lane);
}
double lane(const Batch& x, std::size_t at) {
  double lane[Batch::size];
  x.store_unaligned(lane);
  return lane[at % Batch::size];
}

template <class F>
Firsts static_graph_of_batches(const std::vector<Point>& points, std::size_t at) {
  const auto y = call<F>(duet::value_and_grad(F{}), [&](std::size_t k) { return lanes(points, at, k); });
  return in_a_row(y, [&](const Batch& x) { return lane(x, at); });
}

template <class F>
Firsts dual_of_batches(const std::vector<Point>& points, std::size_t at) {
  using D = Dual<Batch, 3>;
  const D result = call<F>(F{}, [&](std::size_t k) { return D::variable(lanes(points, at, k), static_cast<int>(k)); });
  return {lane(result.primal(), at), lane(result.tangent(0), at), lane(result.tangent(1), at),
          lane(result.tangent(2), at)};
}
#endif

template <class F>
Seconds nested_duals(const std::vector<Point>& points, std::size_t at) {
  using D = Dual<Dual<double>>;
  Seconds y{};
  for (std::size_t i = 0; i < F::arity; ++i) {
    for (std::size_t j = 0; j < F::arity; ++j) {
      const D result = call<F>(F{}, [&](std::size_t k) {
        return D(Dual<double>(points[at][k], k == j ? 1 : 0), Dual<double>(k == i ? 1.0 : 0.0));
      });
      y[3 * i + j] = result.tangent().tangent();
    }
  }
  return y;
}

template <class F>
Seconds static_hessian(const std::vector<Point>& points, std::size_t at) {
  const auto h = call<F>(duet::hessian(F{}), [&](std::size_t k) { return points[at][k]; });
  Seconds y{};
  for (std::size_t i = 0; i < 3 * F::arity; ++i) {
    if (i % 3 < F::arity) y[i] = h(i / 3, i % 3);
  }
  return y;
}

/// What the second ones should be, from first ones.
template <class F>
Seconds differences_of_slopes(const std::vector<Point>& points, std::size_t at) {
  Seconds y{};
  for (std::size_t i = 0; i < F::arity; ++i) {
    for (std::size_t j = 0; j < F::arity; ++j) {
      y[3 * i + j] = static_cast<double>(difference([&](long double h) {
        return call<F>(
                   F{},
                   [&](std::size_t k) { return Dual<long double>(points[at][k] + (k == i ? h : 0), k == j ? 1 : 0); })
            .tangent();
      }));
    }
  }
  return y;
}

/// A function that is a row, with all the ways to its derivatives.
struct Row {
  std::string name;
  op::Kind kind;
  std::size_t arity;
  std::vector<Point> samples;
  Path reference;
  std::vector<std::pair<std::string, Path>> exact, close;
  SecondPath second_reference;
  std::vector<std::pair<std::string, SecondPath>> second;
};

template <class F>
Row row_of(const char* name, op::Kind kind) {
  Row row{name,
          kind,
          F::arity,
          subject::samples<F>(48),  // a multiple of all widths
          &differences<F>,
          {},
          {},
          &differences_of_slopes<F>,
          {{"nested duals", &nested_duals<F>}, {"static Hessian", &static_hessian<F>}}};
  row.exact = {{"Dual<double>", &single_duals<F, double>},       {"Dual<double, 4>", &vector_dual<F>},
               {"Dual beside numbers", &dual_beside_numbers<F>}, {"expression", &expression<F>},
               {"static graph, reverse", &static_graph<F>},      {"static graph, forward", &static_graph_forward<F>}};
#if __has_include(<xsimd/xsimd.hpp>)
  row.close = {{"static graph of batches", &static_graph_of_batches<F>}, {"Dual of batches", &dual_of_batches<F>}};
#endif
  return row;
}

/// All rows that are functions of numbers.
const std::vector<Row>& rows() {
  static const std::vector<Row> all = [] {
    std::vector<Row> result;
    boost::hana::for_each(op::table<>, [&](auto type) {
      using Op = typename decltype(type)::type;
      subject::for_each_subject<Op>([&](auto f) { result.push_back(row_of<decltype(f)>(Op::name, Op::kind)); });
    });
    return result;
  }();
  return all;
}

}  // namespace

TEST_CASE("rows are well formed: names unique for each arity, numbers and rows one to one, domains not empty") {
  std::set<std::pair<std::string, int>> names;
  op::Code number = 0;
  boost::hana::for_each(op::table<>, [&](auto type) {
    using Op = typename decltype(type)::type;
    INFO(std::string(Op::name));
    static_assert(std::same_as<op::row<op::code<Op>>, Op>);
    static_assert(Op::arity >= 1 && Op::arity <= 3);
    static_assert(!Op::commutes || Op::arity == 2);
    static_assert(Op::kind != op::Kind::flat || Op::arity == 1);
    CHECK(op::code<Op> == number++);
    CHECK(std::string(op::info(op::code<Op>).name) == Op::name);
    CHECK(names.emplace(Op::name, Op::arity).second);
    CHECK(Op::domain.low < Op::domain.high);
    CHECK(Op::domain2.low < Op::domain2.high);
    CHECK(Op::domain3.low < Op::domain3.high);
  });
  CHECK(number == op::Table::size);
}

TEST_CASE("all paths give the same value and derivative but for rounding") {
  for (const Row& row : rows()) {
    INFO(row.name);
    const auto& points = row.samples;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Firsts expected = row.exact[0].second(points, i);
      for (const auto& [name, path] : row.exact) {
        INFO(name);
        CHECK(distance(path(points, i), expected) < 4e-16);
      }
      for (const auto& [name, path] : row.close) {
        INFO(name);
        CHECK(distance(path(points, i), expected) < 1e-14);
      }
    }
  }
}

TEST_CASE("second derivatives are the limits of the differences of first ones, on every path") {
  for (const Row& row : rows()) {
    INFO(row.name);
    const auto& points = row.samples;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Seconds expected = row.second_reference(points, i);
      for (const auto& [name, path] : row.second) {
        INFO(name);
        CHECK(distance(path(points, i), expected) < 1e-10);
      }
    }
  }
}

TEST_CASE("flat rows keep their value and have no derivative at all") {
  for (const Row& row : rows()) {
    if (row.kind != op::Kind::flat) continue;
    INFO(row.name);
    const auto& points = row.samples;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Firsts expected{row.reference(points, i)[0]};
      for (const auto& [name, path] : row.exact) CHECK(path(points, i) == expected);
      for (const auto& [name, path] : row.close) CHECK(path(points, i) == expected);
    }
  }
}

TEST_CASE("predicates tell the truth, in recorded graphs, on duals, and lane by lane") {
  const auto choices = [](const auto& a, const auto& b) {
    return std::array{where(a < b, a, -a),
                      where(a <= b, a, -a),
                      where(a > b, a, -a),
                      where(a >= b, a, -a),
                      where(a == b, a, -a),
                      where(a != b, a, -a),
                      where(a < b && b <= 0.5, a, -a),
                      where(a < b || b != 1.0, a, -a),
                      where(!(a < b), a, -a)};
  };
  for (double a : {-1.0, -0.0, 0.0, 1.0, infinity, not_a_number}) {
    for (double b : {-1.0, -0.0, 0.0, 1.0, infinity, not_a_number}) {
      const bool truths[] = {a<b, a <= b, a> b, a >= b, a == b, a != b, a < b && b <= 0.5, a < b || b != 1, !(a < b)};
      const auto recorded = duet::jacobian(choices)(a, b), carried = duet::jacobian<duet::Forward>(choices)(a, b);
      for (std::size_t k = 0; k < recorded.rows(); ++k) {
        const double slope = truths[k] ? 1 : -1;
        CHECK(recorded(k, 0) == slope);
        CHECK(carried(k, 0) == slope);
#if __has_include(<xsimd/xsimd.hpp>)
        const auto batches = choices(Dual<Batch>(Batch(a), Batch(1.0)), Dual<Batch>(Batch(b), Batch(0.0)));
        CHECK(lane(batches[k].tangent(), k) == slope);
#endif
      }
    }
  }
}
