// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/traced.hpp>

/// The partial derivatives of the op table as recorders of nodes, by a row's number.
namespace duet::graph {

template <class Op, int K>
constexpr int record_partial(Recorder& r, const Node& n, int result) {
  if constexpr (!op::has_partial<Op, K> || K >= Op::arity) {
    return r.constant(0);
  } else {
    const Traced y(r, result);
    if constexpr (Op::arity == 1) {
      return Traced(op::partial<Op, K>(Traced(r, n.a), y)).node(r);
    } else if constexpr (Op::arity == 2) {
      return Traced(op::partial<Op, K>(Traced(r, n.a), Traced(r, n.b), y)).node(r);
    } else if constexpr (std::same_as<Op, op::Where>) {
      return Traced(op::partial<Op, K>(TracedCondition(r, n.a), Traced(r, n.b), Traced(r, n.c), y)).node(r);
    } else {
      return Traced(op::partial<Op, K>(Traced(r, n.a), Traced(r, n.b), Traced(r, n.c), y)).node(r);
    }
  }
}

template <class List>
struct Partials;
template <class... Ops>
struct Partials<op::Rows<Ops...>> {
  using Record = int (*)(Recorder&, const Node&, int);
  static constexpr Record rows[sizeof...(Ops)][3] = {
      {&record_partial<Ops, 0>, &record_partial<Ops, 1>, &record_partial<Ops, 2>}...};
};

/// The partial derivatives of a recorder's nodes, each recorded once however many sweeps ask for it.
class PartialsOf {
 public:
  explicit constexpr PartialsOf(Recorder& recorder)
      : recorder_(recorder), nodes_(static_cast<std::size_t>(recorder.size())) {}

  constexpr Recorder& recorder() const { return recorder_; }

  /// The node of the partial derivative of node `result` with respect to its operand `k`.
  constexpr int operator()(int result, int k) {
    int& known = nodes_[result].of[k];
    if (known < 0) {
      const Node n = recorder_[result];
      known = Partials<op::Table>::rows[n.op][k](recorder_, n, result);
    }
    return known;
  }

 private:
  struct Known {
    int of[3] = {-1, -1, -1};
  };

  Recorder& recorder_;
  List<Known> nodes_;
};

}  // namespace duet::graph
