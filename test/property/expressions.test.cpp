// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Random programs that the compiler writes as expressions: free-standing ones, and those of functions that captured
// what is known at run time only.
#include <duet/duet.hpp>

#include <tuple>

#include "graphs.hpp"
#include "written.hpp"

namespace {

using namespace property;
namespace expr = duet::expr;
namespace graph = duet::graph;

/// Program number `Index` without loops and without names for results, as it was written.
template <int Index>
struct Unrolled {
  static constexpr graph::Graph make() { return recorded(subject(written_seed, Index).program, ~graph::RuleSet{}, 1); }
};
template <int Index>
inline constexpr const auto& unrolled = graph::Frozen<Unrolled<Index>>::graph;

template <class List>
struct RowsOf;
template <class... Ops>
struct RowsOf<op::Rows<Ops...>> {
  template <op::Code Code>
  using at = std::tuple_element_t<static_cast<std::size_t>(Code), std::tuple<Ops...>>;
};

/// The first constant from which few ways lead to any later node: it can be captured, since a result holds a copy of it
/// for each way. -1 if there is none.
template <int Index>
inline constexpr int captured_node = [] {
  const auto& g = unrolled<Index>;
  for (int node = 0; node < g.outputs[0]; ++node) {
    if (g[node].op != graph::Node::constant) continue;
    std::vector<double> ways(static_cast<std::size_t>(g.outputs[0] + 1), 0);
    ways[static_cast<std::size_t>(node)] = 1;
    for (int i = node + 1; i <= g.outputs[0]; ++i) {
      for (int k = 0; k < g[i].arity(); ++k) {
        ways[static_cast<std::size_t>(i)] += ways[static_cast<std::size_t>(g[i].operand(k))];
      }
    }
    bool few = true;
    for (double w : ways) few = few && w <= 32;
    if (few) return node;
  }
  return -1;
}();

/// Row `Code` of those of the numbers that `Operand` names, the first `K`.
template <op::Code Code, int... Operand, int... K>
constexpr auto row_of(const auto& numbers, std::integer_sequence<int, Operand...>, std::integer_sequence<int, K...>) {
  constexpr int operands[] = {Operand...};
  using Op = typename RowsOf<op::Table>::template at<Code>;
  return op::apply<Op>(std::get<static_cast<std::size_t>(operands[K])>(numbers)...);
}

/// Carries out nodes `Next` to the output on what is known of those before, each of which may have a type of its own.
template <int Index, int Next, class Known, class Inputs>
constexpr auto carried_out(const Known& known, const Inputs& x, const auto& captured) {
  constexpr const auto& g = unrolled<Index>;
  if constexpr (Next > g.outputs[0]) {
    return std::get<static_cast<std::size_t>(g.outputs[0])>(known);
  } else {
    constexpr graph::Node n = g[Next];
    const auto next = [&] {
      if constexpr (n.op == graph::Node::input) {
        return std::get<static_cast<std::size_t>(n.a)>(x);
      } else if constexpr (n.op == graph::Node::constant && Next == captured_node<Index>) {
        return captured;
      } else if constexpr (n.op == graph::Node::constant) {
        return expr::Single<expr::Number<expr::Double{n.value}>>();
      } else {
        return row_of<n.op>(known, std::integer_sequence<int, n.a, n.b, n.c>(),
                            std::make_integer_sequence<int, n.arity()>());
      }
    }();
    return carried_out<Index, Next + 1>(std::tuple_cat(known, std::tuple(next)), x, captured);
  }
}

/// The derivatives of a free-standing expression, evaluated on numbers, and on duals for those of second order.
template <int Index>
void free_standing(const Subject& s, std::uint64_t, Answers& answers) {
  using duet::arg;
  const std::tuple x(arg<0>, arg<1>, arg<2>, arg<3>);
  constexpr int captured = captured_node<Index>;
  const auto e = carried_out<Index, 0>(std::tuple(), x, captured < 0 ? 0.0 : unrolled<Index>[captured].value);
  const auto at = [](const auto& f, const auto& p) { return f(p[0], p[1], p[2], p[3]); };
  for (std::size_t k = 0; k < points; ++k) answers.push_back({k, 0, at(e, padded(s.x[k]))});
  using D = duet::Dual<double>;
  std::array<D, 4> line;
  for (std::size_t i = 0; i < 4; ++i) line[i] = D(padded(s.x[0])[i], directions[1][i]);
  double curvature = 0;
  [&]<int... I>(std::integer_sequence<int, I...>) {
    const auto derivative = [&](auto i) {
      const auto slope = diff(e, arg<i>);
      for (std::size_t k = 0; k < points; ++k) {
        answers.push_back({k, gradient + i, at(slope, padded(s.x[k]))});
      }
      curvature += directions[0][i] * D(at(slope, line)).tangent();
    };
    (derivative(std::integral_constant<int, I>{}), ...);
  }
  (std::make_integer_sequence<int, program<Index>.inputs>{});
  answers.push_back({0, 3, curvature});
}

/// A function with a member, which is differentiated as the expression that it makes of its arguments.
template <int Index>
struct Capturing {
  double captured;
  constexpr auto operator()(const auto&... x) const {
    return carried_out<Index, 0>(std::tuple(), std::tuple(x...), captured);
  }
};
template <int Index>
void capturing(const Subject& s, std::uint64_t, Answers& answers) {
  constexpr int node = captured_node<Index>;
  const Capturing<Index> f{node < 0 ? 0.0 : unrolled<Index>[node].value};
  for (std::size_t k = 0; k < points; ++k) {
    const auto x = padded(s.x[k]);
    const auto [y, slopes] = duet::value_and_grad(f)(x[0], x[1], x[2], x[3]);
    answers.push_back({k, 0, y});
    const std::array all{std::get<0>(slopes), std::get<1>(slopes), std::get<2>(slopes), std::get<3>(slopes)};
    for (int i = 0; i < s.program.inputs; ++i) answers.push_back({k, gradient + i, all[static_cast<std::size_t>(i)]});
  }
}

/// Types are as long as programs, so only short ones are written.
template <int Index>
void check(Counts& counts) {
  if constexpr (unrolled<Index>.outputs[0] < 40) {
    const Path paths[] = {{"a free-standing expression", &free_standing<Index>},
                          {"a function with a captured number", &capturing<Index>}};
    check_written(Index, paths, counts);
  }
}

}  // namespace

TEST_CASE("programs written by the compiler have the same derivatives as expressions") {
  Counts counts;
  [&]<int... Index>(std::integer_sequence<int, Index...>) { (check<Index>(counts), ...); }
  (std::make_integer_sequence<int, 8>{});
  tell(counts, 2);
}
