// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/calls.hpp>

/// The order of long sums and products.
namespace duet::graph {

/// Writes a graph with the terms of its sums and the factors of its products in the order in which processors have
/// them; among terms first what is added, then what is subtracted, so that sums that are alike look alike to compilers.
/// A reverse sweep adds the contributions to a cotangent as it meets them, and multiplies by partial derivatives from
/// the outside in, so an early number may wait for a late one in the middle of a sum or product, and compilers must
/// keep to the order. Only derivatives are touched: values stay, to the last bit, what the function as written gives.
class ByArrival {
 public:
  /// The first `values` outputs are no derivatives. In a graph on pairs of numbers (lanes.hpp) there are two sources to
  /// a node, which the outputs name.
  constexpr ByArrival(const Graph& g, int values, int sources)
      : fact_list_(g.size()),
        place_list_(g.size(), -1),
        nodes_(g.nodes.data()),
        facts_(fact_list_.data()),
        places_(place_list_.data()) {
    for (std::size_t k = 0; k < g.outputs.size(); ++k) {
      Fact& fact = facts_[g.outputs[k] / sources];
      fact.uses += 2;  // an output is no inner sum, however often it is used besides
      fact.fixed = fact.fixed || static_cast<int>(k) < values;
    }
    for (int i = static_cast<int>(g.size()) - 1; i >= 0; --i) {
      const Node& n = nodes_[i];
      const int operands = n.arity();
      for (int k = 0; k < operands; ++k) {
        Fact& fact = facts_[n.source(k)];
        ++fact.uses;
        fact.user = i;
        fact.fixed = fact.fixed || facts_[i].fixed;
      }
    }
    times_.reserve(g.size());
    result_.inputs = g.inputs;
    result_.nodes.reserve(g.size());
    for (int i = 0; i < static_cast<int>(g.size()); ++i) put(i);
    for (int output : g.outputs) {
      result_.outputs.push_back(sources * places_[output / sources] + output % sources);
    }
  }

  ByArrival(const ByArrival&) = delete;  // it points into itself
  ByArrival& operator=(const ByArrival&) = delete;

  constexpr const Graph& graph() const { return result_; }

 private:
  struct Fact {
    int uses = 0;
    int user = -1;       ///< the only one, if there is one use
    bool fixed = false;  ///< a value needs it
  };
  struct Term {
    int place = -1;
    bool negative = false;
  };

  /// When a result is known, and when it can be added: a product is multiplied in the same instruction.
  struct Time {
    int ready = 0;
    int arrival = 0;
    bool product = false;
  };

  static constexpr bool is_sum(const Node& n) { return n.op == op::code<op::Add> || n.op == op::code<op::Subtract>; }
  static constexpr bool is_product(const Node& n) {
    return n.op == op::code<op::Multiply> || n.op == op::code<op::Square>;
  }

  static constexpr bool is_multiply(const Node& n) { return n.op == op::code<op::Multiply>; }

  /// Whether a node is nothing but a part of a longer sum or product.
  constexpr bool is_inner(int i) const {
    const Fact& fact = facts_[i];
    if (fact.fixed || fact.uses != 1 || facts_[fact.user].fixed) return false;
    const Node &n = nodes_[i], &user = nodes_[fact.user];
    return is_sum(n) ? is_sum(user) : is_multiply(n) && is_multiply(user);
  }

  constexpr void put(int i) {
    if (is_inner(i)) return;
    const Node& n = nodes_[i];
    if (!facts_[i].fixed && (is_sum(n) || is_multiply(n))) {
      places_[i] = is_sum(n) ? put_sum(i) : put_product(i);
    } else {
      places_[i] = write(n.moved(places_));
    }
  }

  constexpr int put_product(int root) {
    const Node& two = nodes_[root];
    if (!is_inner(two.a) && !is_inner(two.b)) {
      const int a = places_[two.a], b = places_[two.b];
      const bool b_first = times_[b].ready < times_[a].ready;
      return write(Node{two.op, b_first ? b : a, b_first ? a : b, -1, 0.0});
    }
    List<int> factors, waiting{root};
    while (!waiting.empty()) {
      const int i = waiting[waiting.size() - 1];
      waiting.resize(waiting.size() - 1);
      if (i == root || is_inner(i)) {
        const bool inner_first =
            is_inner(nodes_[i].a) || !is_inner(nodes_[i].b);  // what was multiplied first stays first
        waiting.push_back(inner_first ? nodes_[i].b : nodes_[i].a);
        waiting.push_back(inner_first ? nodes_[i].a : nodes_[i].b);
        continue;
      }
      const int factor = places_[i];
      factors.push_back(factor);
      std::size_t k = factors.size() - 1;
      for (; k > 0 && times_[factors[k - 1]].ready > times_[factor].ready; --k) factors[k] = factors[k - 1];
      factors[k] = factor;
    }
    int product = factors[0];
    for (std::size_t k = 1; k < factors.size(); ++k) {
      product = write(Node{op::code<op::Multiply>, product, factors[k], -1, 0.0});
    }
    return product;
  }

  constexpr int put_sum(int root) {
    List<Term> terms, waiting{{root, false}};
    while (!waiting.empty()) {
      const Term t = waiting[waiting.size() - 1];
      waiting.resize(waiting.size() - 1);
      if (t.place == root || is_inner(t.place)) {
        const Node& n = nodes_[t.place];
        waiting.push_back({n.b, t.negative != (n.op == op::code<op::Subtract>)});
        waiting.push_back({n.a, t.negative});
      } else {
        insert(terms, {places_[t.place], t.negative});
      }
    }
    std::size_t first = 0;  // what is subtracted needs something before it
    while (terms[first].negative) ++first;
    int sum = terms[first].place;
    for (std::size_t k = 0; k < terms.size(); ++k) {
      if (k == first) continue;
      const op::Code op = terms[k].negative ? op::code<op::Subtract> : op::code<op::Add>;
      sum = write(Node{op, sum, terms[k].place, -1, 0.0});
    }
    return sum;
  }

  /// Inserts a term behind those that arrive no later.
  constexpr void insert(List<Term>& terms, const Term& term) const {
    terms.push_back(term);
    std::size_t k = terms.size() - 1;
    const auto key = [&](const Term& t) { return 2 * times_[t.place].arrival + t.negative; };
    const int late = key(term);
    for (; k > 0 && key(terms[k - 1]) > late; --k) terms[k] = terms[k - 1];
    terms[k] = term;
  }

  constexpr int write(const Node& n) {
    int latest = 0;
    const int operands = n.arity();
    for (int k = 0; k < operands; ++k) {
      const int ready = times_[n.source(k)].ready;
      latest = ready > latest ? ready : latest;
    }
    const bool product = is_product(n);
    if (is_sum(n)) {
      const Time &a = times_[n.a], &b = times_[n.b];
      latest = b.product ? (a.ready > b.arrival ? a.ready : b.arrival) : (a.arrival > b.ready ? a.arrival : b.ready);
    }
    const int ready = latest + latency(n);
    times_.push_back({ready, product ? latest : ready, product});
    result_.nodes.push_back(n);
    return static_cast<int>(times_.size()) - 1;
  }

  /// About how many cycles an operation takes.
  static constexpr int latency(const Node& n) {
    if (n.op == Node::lanes) return 1;
    if (n.op < 0) return 0;
    if (is_sum(n) || is_product(n)) return 4;
    if (n.op == op::code<op::Divide> || n.op == op::code<op::Sqrt>) return 15;
    return is_call(n) ? 40 : 1;
  }

  List<Fact> fact_list_;
  List<int> place_list_;
  const Node* nodes_;
  Fact* facts_;
  int* places_;
  List<Time> times_;
  Graph result_{};
};

}  // namespace duet::graph
