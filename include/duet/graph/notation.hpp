// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <charconv>
#include <string>
#include <vector>

#include <duet/graph/graph.hpp>

/// How a graph becomes a formula: the part that plain text and LaTeX share. A row of the op table is written as a
/// function of its name, unless a notation says otherwise.
namespace duet::graph::notation {

/// How tightly the parts of a formula hold together; an operand that holds less tightly than its place asks for is put
/// in parentheses.
enum Level { loose, either, both, equality, order, sum, product, sign, applied, atom };

/// The formula of a row: a template in which #0, #1, #2 stand for the operands, the level of the whole, and the levels
/// that the operands' places ask for (`loose` where the template itself encloses them). A second notation of < and of
/// <= follows the first: it is for a number on the left, which is written on the right.
struct Notation {
  op::Code op;
  const char* form;
  Level level;
  Level places[3]{};
};

/// A formula under way.
struct Formula {
  std::string text;
  Level level = atom;
};

/// A graph's nodes and outputs wherever they are stored.
struct View {
  const Node* nodes;
  int size;
  const int* outputs;
  int output_count;

  template <class AnyGraph>
  explicit View(const AnyGraph& g)
      : nodes(g.size() > 0 ? &g[0] : nullptr), size(static_cast<int>(g.size())), outputs(std::data(g.outputs)) {
    if constexpr (requires { AnyGraph::output_count; }) {
      output_count = AnyGraph::output_count;
    } else {
      output_count = static_cast<int>(std::size(g.outputs));
    }
  }
};

/// The shortest decimal that reads back as `value`.
inline std::string number(double value) {
  char digits[32];
  return std::string(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

/// What a kind of output (text, LaTeX) has to say for itself.
struct Style {
  const Notation* begin;
  const Notation* end;
  Formula (*constant)(double value);
  std::string (*symbol)(char letter, int index);                            ///< the name of an input or a shared part
  std::string (*function)(op::Code op);                                     ///< the name of a function
  std::string (*enclosed)(const std::string& text);                         ///< in parentheses
  const char* (*joint)(const std::string& left, const std::string& right);  ///< what ~ stands for, in a product
};

/// Writes the nodes of a graph as formulas in one pass.
class Writer {
 public:
  /// Written out in full, a graph that shares its parts may be exponentially long; from this many operations on, parts
  /// that occur several times get names of their own.
  static constexpr double longest = 1000;

  Writer(const View& g, const Style& style, const std::vector<std::string>& names)
      : g_(g), style_(style), uses_(static_cast<std::size_t>(g.size), 0), formulas_(static_cast<std::size_t>(g.size)) {
    const bool name_parts = count_uses() > longest;
    for (int i = 0; i < g.size; ++i) {
      const Node& n = g.nodes[i];
      formula(i) = n.op == Node::input      ? input(n.a, names)
                   : n.op == Node::constant ? style.constant(n.value)
                                            : operation(n);
      if (name_parts && n.op >= 0 && uses(i) > 1) {
        const std::string name = style.symbol('t', static_cast<int>(parts_.size()));
        parts_.push_back({name, std::move(formula(i).text)});
        formula(i) = Formula{name};
      }
    }
    for (int k = 0; k < g.output_count; ++k) outputs_.push_back(take(g.outputs[k]).text);
  }

  struct Part {
    std::string name, text;
  };
  /// The named parts, in an order in which they can be computed.
  const std::vector<Part>& parts() const { return parts_; }
  const std::vector<std::string>& outputs() const { return outputs_; }

 private:
  bool is_constant(int i) const { return g_.nodes[i].op == Node::constant; }
  Formula& formula(int i) { return formulas_[static_cast<std::size_t>(i)]; }
  int& uses(int i) { return uses_[static_cast<std::size_t>(i)]; }

  /// Counts how often each node is used and returns the operations of all outputs written out in full.
  double count_uses() {
    std::vector<double> operations(static_cast<std::size_t>(g_.size), 0);
    for (int i = 0; i < g_.size; ++i) {
      const Node& n = g_.nodes[i];
      double& sum = operations[static_cast<std::size_t>(i)];
      for (int k = 0; k < n.arity(); ++k) {
        sum += operations[static_cast<std::size_t>(n.operand(k))];
        ++uses(n.operand(k));
      }
      if (n.op >= 0) ++sum;
    }
    double total = 0;
    for (int k = 0; k < g_.output_count; ++k) {
      total += operations[static_cast<std::size_t>(g_.outputs[k])];
      ++uses(g_.outputs[k]);
    }
    return total;
  }

  Formula input(int index, const std::vector<std::string>& names) const {
    const std::size_t i = static_cast<std::size_t>(index);
    return {i < names.size() ? names[i] : style_.symbol('x', index), atom};
  }

  /// The formula of node `i`, which its last user may take apart.
  Formula take(int i) { return --uses(i) > 0 ? formula(i) : std::move(formula(i)); }

  Formula operation(const Node& n) {
    // A number to the left of a comparison reads better on its right.
    const bool turned = op::info(n.op).kind == op::Kind::predicate && n.b >= 0 && is_constant(n.a) && !is_constant(n.b);
    Formula x[3];
    for (int k = 0; k < n.arity(); ++k) x[k] = take(n.operand(k));
    const Notation* notation = style_.begin;
    while (notation != style_.end && notation->op != n.op) ++notation;
    if (notation == style_.end) return call(n, x);
    if (turned && (notation + 1)->op == n.op) ++notation;

    const char* form = notation->form;
    for (int k = 0; k < n.arity(); ++k) {
      const bool leads = form[0] == '#' && form[1] - '0' == k;
      if (needs_enclosing(x[k], notation->places[k], leads)) x[k].text = style_.enclosed(x[k].text);
    }
    Formula result{"", notation->level};
    for (; *form; ++form) {
      if (*form == '#') {
        result.text += x[*++form - '0'].text;
      } else if (*form == '~') {
        result.text += style_.joint(x[0].text, x[1].text);
      } else {
        result.text += *form;
      }
    }
    return result;
  }

  /// Whether an operand needs parentheses; signs are kept apart from what stands before them.
  static bool needs_enclosing(const Formula& x, Level wanted, bool leads) {
    return x.level < wanted || (wanted > loose && !leads && x.text[0] == '-');
  }

  Formula call(const Node& n, const Formula* x) const {
    std::string arguments;
    for (int k = 0; k < n.arity(); ++k) arguments += (k ? ", " : "") + x[k].text;
    return {style_.function(n.op) + style_.enclosed(arguments), applied};
  }

  View g_;
  const Style& style_;
  std::vector<int> uses_;
  std::vector<Formula> formulas_;
  std::vector<Part> parts_;
  std::vector<std::string> outputs_;
};

}  // namespace duet::graph::notation
