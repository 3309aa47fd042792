// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Printed graphs: what they look like, and that reading the text gives the graph back.

#include <doctest/doctest.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <duet/graph/pass.hpp>
#include <duet/graph/print.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace op = duet::op;
using duet::Traced;
using duet::graph::Graph;
using duet::graph::Node;
using duet::graph::Recorder;

/// The graph of `f`, a function of two numbers.
template <class F>
constexpr Graph graph_of(F f) {
  Recorder r;
  const int x = r.input(), y = r.input();
  return duet::graph::extract(r, {f(Traced(r, x), Traced(r, y)).node(r)});
}

/// log(x) + x y - sin(y), recorded in this order by every compiler.
constexpr auto textbook = [](auto x, auto y) {
  const auto logarithm = log(x);
  const auto sum = logarithm + x * y;
  return sum - sin(y);
};

/// A node and what is below it in a notation without precedences: -(x0,sin(x1)).
std::string tree(const Graph& g, int i) {
  const Node& n = g[i];
  if (n.op == Node::input) return "x" + std::to_string(n.a);
  if (n.op == Node::constant) {
    return n.value < 0 ? "-(" + duet::graph::notation::number(-n.value) + ")" : duet::graph::notation::number(n.value);
  }
  std::string text = std::string(op::info(n.op).name) + "(";
  const bool equality = n.op == op::code<op::Equal> || n.op == op::code<op::NotEqual>;
  if (equality && g[n.a].op == Node::constant && g[n.b].op != Node::constant) {
    return text + tree(g, n.b) + "," + tree(g, n.a) + ")";  // as it is printed
  }
  for (int k = 0; k < n.arity(); ++k) text += (k ? "," : "") + tree(g, n.operand(k));
  return text + ")";
}

/// Reads formulas by the grammar of C++ and writes them as trees.
class Parser {
 public:
  explicit Parser(const std::string& text) : text_(text) {}

  /// The tree, or "?" where the text is no formula.
  std::string parse() {
    const std::string t = binary(0);
    skip();
    return ok_ && at_ == text_.size() ? t : "?";
  }

 private:
  static constexpr const char* operators[][4] = {{"||"},     {"&&"},    {"==", "!="}, {"<=", ">=", "<", ">"},
                                                 {"+", "-"}, {"*", "/"}};
  static constexpr std::size_t levels = std::size(operators);

  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(const std::string& token) {
    skip();
    if (text_.compare(at_, token.size(), token) != 0) return false;
    at_ += token.size();
    return true;
  }
  void expect(const char* token) { ok_ = take(token) && ok_; }
  const char* take_operator(std::size_t level) {
    for (const char* o : operators[level]) {
      if (o && take(o)) return o;
    }
    return nullptr;
  }

  std::string binary(std::size_t level) {
    if (level == levels) return unary();
    std::string left = binary(level + 1);
    while (const char* o = take_operator(level)) {
      const std::string right = binary(level + 1), name = o;
      left = name[0] == '>' ? "<" + name.substr(1) + "(" + right + "," + left + ")"
                            : name + "(" + left + "," + right + ")";
    }
    return left;
  }
  std::string unary() {
    if (take("--")) ok_ = false;
    for (const char* sign : {"-", "!"}) {
      if (take(sign)) return sign + ("(" + unary() + ")");
    }
    if (take("(")) {
      const std::string inside = binary(0);
      expect(")");
      return inside;
    }
    return std::isdigit(text_[at_]) ? number() : named();
  }
  std::string number() {
    char* end = nullptr;
    const double value = std::strtod(text_.c_str() + at_, &end);
    at_ = static_cast<std::size_t>(end - text_.c_str());
    return duet::graph::notation::number(value);
  }
  std::string named() {
    std::string name;
    while (at_ < text_.size() && (std::isalnum(text_[at_]) || text_[at_] == '_')) name += text_[at_++];
    ok_ = ok_ && !name.empty();
    if (!take("(")) return name;
    name += "(" + binary(0);
    while (take(",")) name += "," + binary(0);
    expect(")");
    return name + ")";
  }

  std::string text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// The text without the parentheses at `open` and their partner.
std::string without(std::string text, std::size_t open) {
  std::size_t close = open;
  for (int depth = 0;; ++close) {
    depth += text[close] == '(' ? 1 : text[close] == ')' ? -1 : 0;
    if (depth == 0) break;
  }
  text.erase(close, 1);
  return text.erase(open, 1);
}

/// A graph of `size` random operations from the whole table, not simplified, so that every combination occurs.
Graph random_graph(std::mt19937& random, int size) {
  Graph g;
  g.inputs = 2;
  std::vector<int> numbers{0, 1, 2, 3}, truths;
  g.nodes = {
      {Node::input, 0}, {Node::input, 1}, {Node::constant, -1, -1, -1, -0.1}, {Node::constant, -1, -1, -1, 1e22}};
  const auto pick = [&](const std::vector<int>& from) { return from[random() % from.size()]; };
  while (size > 0) {
    // operators are what may need parentheses, so every second row is one of them
    const bool operators = random() % 2;
    const op::Code code = static_cast<op::Code>(random() % static_cast<unsigned>(op::code<op::Attach>));
    const op::Info& row = op::info(code);
    if (operators && std::isalpha(row.name[0])) continue;
    const bool logic = code == op::code<op::And> || code == op::code<op::Or> || code == op::code<op::Not>;
    if ((logic || code == op::code<op::Where>)&&truths.empty()) continue;
    Node n{code};
    n.a = pick(logic || code == op::code<op::Where> ? truths : numbers);
    if (row.arity > 1) n.b = pick(logic ? truths : numbers);
    if (row.arity > 2) n.c = pick(numbers);
    (row.kind == op::Kind::predicate ? truths : numbers).push_back(static_cast<int>(g.size()));
    g.nodes.push_back(n);
    --size;
  }
  g.outputs = {static_cast<int>(g.size()) - 1};
  return g;
}

}  // namespace

TEST_CASE("text, with no more parentheses than needed") {
  const auto text = [](auto f) { return to_string(graph_of(f)); };
  CHECK(text(textbook) == "log(x0) + x0 * x1 - sin(x1)");
  CHECK(text([](auto x, auto y) { return x - (y - 2); }) == "x0 - (x1 - 2)");
  CHECK(text([](auto x, auto y) { return x * (y / x); }) == "x0 * (x1 / x0)");
  CHECK(text([](auto x, auto y) { return (x + y) / (x - y); }) == "(x0 + x1) / (x0 - x1)");
  CHECK(text([](auto x, auto y) { return -(x / y) * -2.5 - (-2.5); }) == "2.5 * (x0 / x1) - (-2.5)");
  CHECK(text([](auto x, auto y) { return pow(x, y / 3); }) == "pow(x0, x1 / 3)");
  CHECK(text([](auto x, auto y) { return where(x < 1, x, y); }) == "where(x0 < 1, x0, x1)");
  CHECK(text([](auto x, auto y) { return where(x > 1 && !(x == y), x, y); }) == "where(x0 > 1 && !(x0 == x1), x0, x1)");
  CHECK(text([](auto x, auto y) { return where(x == 0, y, x); }) == "where(x0 == 0, x1, x0)");
  CHECK(text([](auto x, auto) { return 0.1 * x + 1e-300; }) == "1e-300 + 0.1 * x0");
}

TEST_CASE("names, lists and constant graphs") {
  Recorder r;
  const int x = r.input(), y = r.input();
  const int product = r.emit<op::Multiply>(x, y);
  const Graph g = duet::graph::extract(r, {product, x, r.constant(3)});
  CHECK(to_string(g) == "[x0 * x1, x0, 3]");
  CHECK(to_string(g, {"a", "b"}) == "[a * b, a, 3]");
  CHECK(to_string(g, {"a"}) == "[a * x1, a, 3]");
  CHECK(to_latex(g) == "\\begin{pmatrix} x_{0} x_{1} \\\\ x_{0} \\\\ 3 \\end{pmatrix}");

  struct Maker {
    static constexpr Graph make() {
      return graph_of([](auto a, auto b) { return a / b; });
    }
  };
  CHECK(to_string(duet::graph::Frozen<Maker>::graph) == "x0 / x1");
  CHECK(duet::to_latex(duet::graph::Frozen<Maker>::graph) == "\\frac{x_{0}}{x_{1}}");

  CHECK(to_string(Graph{}) == "[]");
  struct Nothing {
    static constexpr Graph make() { return {}; }
  };
  CHECK(to_string(duet::graph::Frozen<Nothing>::graph) == "[]");
}

TEST_CASE("LaTeX") {
  const auto latex = [](auto f) { return to_latex(graph_of(f)); };
  CHECK(latex(textbook) == "\\ln(x_{0}) + x_{0} x_{1} - \\sin(x_{1})");
  CHECK(latex([](auto x, auto y) { return exp(-x * x) / sqrt(y); }) == "\\frac{e^{-x_{0}^{2}}}{\\sqrt{x_{1}}}");
  CHECK(latex([](auto x, auto y) { return pow(x + y, 2.5 * y); }) == "(x_{0} + x_{1})^{2.5 x_{1}}");
  CHECK(latex([](auto x, auto y) { return 2 * (1 / x) - 3 * pow(2.0, y); }) ==
        "2 \\cdot \\frac{1}{x_{0}} - 3 \\cdot 2^{x_{1}}");
  CHECK(latex([](auto x, auto) { return 1e-7 * x; }) == "1 \\cdot 10^{-7} x_{0}");
  CHECK(latex([](auto x, auto y) { return where(x > 1, x, softplus(y)); }) ==
        "\\begin{cases} x_{0} & \\text{if } x_{0} > 1 \\\\ \\operatorname{softplus}(x_{1}) & \\text{otherwise} "
        "\\end{cases}");
  CHECK(latex([](auto x, auto y) { return abs(x / y) * x; }) == "x_{0} \\left|\\frac{x_{0}}{x_{1}}\\right|");
  CHECK(latex([](auto x, auto y) { return sin(x / y); }) == "\\sin\\left(\\frac{x_{0}}{x_{1}}\\right)");
}

TEST_CASE("braces of LaTeX are balanced, whatever the graph") {
  std::mt19937 random(7);
  for (int trial = 0; trial < 300; ++trial) {
    const std::string text = to_latex(random_graph(random, 10));
    int depth = 0, left = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
      left += text.compare(i, 6, "\\left(") == 0 || text.compare(i, 6, "\\left|") == 0;
      left -= text.compare(i, 7, "\\right)") == 0 || text.compare(i, 7, "\\right|") == 0;
      REQUIRE(depth >= 0);
      REQUIRE(left >= 0);
    }
    REQUIRE(depth == 0);
    REQUIRE(left == 0);
  }
}

TEST_CASE("reading the text gives the graph back, and no parentheses can be spared") {
  std::mt19937 random(1);
  for (int trial = 0; trial < 3000; ++trial) {
    const Graph g = random_graph(random, 1 + trial % 12);
    const std::string text = to_string(g), expected = tree(g, g.outputs[0]);
    CAPTURE(text);
    REQUIRE(Parser(text).parse() == expected);
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool is_call = i > 0 && std::isalnum(text[i - 1]);
      // a sign is kept apart from an operator, for the reader
      if (text[i] == '(' && !is_call && text[i + 1] != '-') REQUIRE(Parser(without(text, i)).parse() != expected);
    }
  }
}

TEST_CASE("a graph with many shared parts names them instead of growing exponentially") {
  Recorder r;
  Traced x(r, r.input());
  for (int i = 0; i < 60; ++i) {
    const Traced s = sin(x);
    x = s * (x + 1);
  }
  const Graph g = duet::graph::extract(r, {x.node(r)});
  const std::string text = to_string(g), latex = to_latex(g);
  CHECK(text.size() < 4000);
  CHECK(text.starts_with("t0 = sin(x0) * (1 + x0)\nt1 = sin(t0) * (1 + t0)\n"));
  CHECK(text.ends_with("\nsin(t58) * (1 + t58)"));
  CHECK(latex.starts_with("\\begin{aligned}\nt_{0} &= \\sin(x_{0}) (1 + x_{0}) \\\\\n"));
  CHECK(latex.ends_with("y &= \\sin(t_{58}) (1 + t_{58})\n\\end{aligned}"));
}

TEST_CASE("a long chain is written without recursion") {
  Recorder r;
  const Traced first(r, r.input());
  Traced x = first;
  for (int i = 0; i < 100000; ++i) x = x + i * first;
  CHECK(to_string(duet::graph::extract(r, {x.node(r)})).ends_with(" + 99999 * x0"));
}

TEST_CASE("DOT has a node per operation, and Graphviz accepts it") {
  const Graph g = graph_of(textbook);
  const std::string dot = to_dot(g, {"x1", "a \"name\""});
  for (const char* part : {"digraph {", "label=\"x1\"", "label=\"a \\\"name\\\"\"", "label=\"log\"", "label=\"*\"",
                           "label=\"+\"", "label=\"sin\"", "label=\"-\"", "label=\"y\"", " -> y0;"}) {
    CAPTURE(part);
    CHECK(dot.find(part) != std::string::npos);
  }
  if (std::system("dot -V 2>/dev/null") != 0) {
    MESSAGE("Graphviz is not installed");
    return;
  }
  FILE* pipe = popen("dot -Tsvg > /dev/null", "w");
  REQUIRE(pipe);
  std::fputs(dot.c_str(), pipe);
  CHECK(pclose(pipe) == 0);
}
