// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/pass.hpp>
#include <duet/graph/traced.hpp>

/// Graphs for tests of kernels.
namespace duet::test {

/// The derivatives of a function of `Numbers` numbers by the first `Variables` of them, then its value.
template <class F, int Variables, int Numbers>
struct ValueAndGradients {
  static constexpr graph::Graph make() {
    graph::Recorder r;
    graph::inputs(r, Numbers);
    Traced x[Numbers];
    for (int k = 0; k < Numbers; ++k) x[k] = Traced(r, k);
    const int y = F{}(x).node(r);
    graph::PartialsOf partial(r);
    graph::List<int> outputs = graph::reverse(partial, graph::first_inputs(Variables), {y}, {r.constant(1)});
    outputs.push_back(y);
    return graph::extract(r, outputs);
  }
};

struct ExpTimes {
  constexpr Traced operator()(const Traced* x) const { return exp(x[0]) * x[1]; }
};
struct OnlyFirst {
  constexpr Traced operator()(const Traced* x) const { return sin(x[0]) * x[0]; }
};
struct TwelveOperations {
  constexpr Traced operator()(const Traced* x) const {
    const Traced u = x[0] * x[1] + x[2], v = tanh(u) + x[0] * x[0];
    return log(1 + exp(-v)) * x[1] - sqrt(v * v + x[3]);
  }
};

/// All rows of the op table on operands from their domains, which three inputs between 0 and 1 are mapped to.
struct AllRows {
  static constexpr graph::Graph make() {
    graph::Recorder r;
    graph::List<int> outputs;
    add(r, outputs, graph::inputs(r, 3), op::Table());
    return graph::extract(r, outputs);
  }

 private:
  template <class... Op>
  static constexpr void add(graph::Recorder& r, graph::List<int>& outputs, const graph::List<int>& t, op::Rows<Op...>) {
    (outputs.push_back(row<Op>(r, t)), ...);
  }
  template <class Op>
  static constexpr int row(graph::Recorder& r, const graph::List<int>& t) {
    const auto in = [&](int k, op::Interval d) {
      return r.emit<op::Add>(r.emit<op::Multiply>(t[k], r.constant(d.high - d.low)), r.constant(d.low));
    };
    const int a = in(0, Op::domain), b = in(1, Op::domain2), c = in(2, Op::domain3);
    const int low = r.emit<op::Less>(t[0], r.constant(0.5)), high = r.emit<op::LessEqual>(r.constant(0.4), t[1]);
    if constexpr (std::same_as<Op, op::Where>) {
      return r.emit<Op>(low, b, c);
    } else if constexpr (std::same_as<Op, op::Not>) {
      return truth(r, r.emit<Op>(low));
    } else if constexpr (std::same_as<Op, op::And> || std::same_as<Op, op::Or>) {
      return truth(r, r.emit<Op>(low, high));
    } else if constexpr (std::same_as<Op, op::Polygamma>) {
      return r.emit<Op>(r.constant(2), b);
    } else if constexpr (Op::kind == op::Kind::predicate) {
      return truth(r, r.emit<Op>(a, b));
    } else {
      return r.emit<Op>(a, Op::arity > 1 ? b : -1, Op::arity > 2 ? c : -1);
    }
  }
  static constexpr int truth(graph::Recorder& r, int condition) {
    return r.emit<op::Where>(condition, r.constant(1), r.constant(0));
  }
};

}  // namespace duet::test
