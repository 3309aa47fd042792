// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/notation.hpp>

/// Graphs as text, as LaTeX, and as pictures (DOT). Inputs are called x0, x1, ... unless names are given.
namespace duet::graph {

namespace notation {

inline constexpr Notation text_notations[] = {
    {op::code<op::Or>, "#0 || #1", either, {either, both}},
    {op::code<op::And>, "#0 && #1", both, {both, equality}},
    {op::code<op::Equal>, "#0 == #1", equality, {equality, order}},
    {op::code<op::Equal>, "#1 == #0", equality, {order, equality}},
    {op::code<op::NotEqual>, "#0 != #1", equality, {equality, order}},
    {op::code<op::NotEqual>, "#1 != #0", equality, {order, equality}},
    {op::code<op::Less>, "#0 < #1", order, {order, sum}},
    {op::code<op::Less>, "#1 > #0", order, {sum, order}},
    {op::code<op::LessEqual>, "#0 <= #1", order, {order, sum}},
    {op::code<op::LessEqual>, "#1 >= #0", order, {sum, order}},
    {op::code<op::Add>, "#0 + #1", sum, {sum, product}},
    {op::code<op::Subtract>, "#0 - #1", sum, {sum, product}},
    {op::code<op::Multiply>, "#0 * #1", product, {product, sign}},
    {op::code<op::Divide>, "#0 / #1", product, {product, sign}},
    {op::code<op::Negate>, "-#0", sign, {sign}},
    {op::code<op::Not>, "!#0", sign, {sign}},
};

inline constexpr Style text_style{
    std::begin(text_notations),
    std::end(text_notations),
    [](double value) {
      return Formula{number(value), value < 0 ? sign : atom};
    },
    [](char letter, int index) { return letter + std::to_string(index); },
    [](op::Code op) { return std::string(op::info(op).name); },
    [](const std::string& text) { return "(" + text + ")"; },
    nullptr,
};

inline constexpr Notation latex_notations[] = {
    {op::code<op::Or>, "#0 \\lor #1", either, {either, both}},
    {op::code<op::And>, "#0 \\land #1", both, {both, equality}},
    {op::code<op::Equal>, "#0 = #1", order, {sum, sum}},
    {op::code<op::Equal>, "#1 = #0", order, {sum, sum}},
    {op::code<op::NotEqual>, "#0 \\neq #1", order, {sum, sum}},
    {op::code<op::NotEqual>, "#1 \\neq #0", order, {sum, sum}},
    {op::code<op::Less>, "#0 < #1", order, {sum, sum}},
    {op::code<op::Less>, "#1 > #0", order, {sum, sum}},
    {op::code<op::LessEqual>, "#0 \\leq #1", order, {sum, sum}},
    {op::code<op::LessEqual>, "#1 \\geq #0", order, {sum, sum}},
    {op::code<op::Not>, "\\lnot #0", sign, {atom}},
    {op::code<op::Add>, "#0 + #1", sum, {sum, sum}},
    {op::code<op::Subtract>, "#0 - #1", sum, {sum, product}},
    {op::code<op::Multiply>, "#0~#1", product, {product, product}},
    {op::code<op::Divide>, "\\frac{#0}{#1}", applied},
    {op::code<op::Negate>, "-#0", sum, {product}},
    {op::code<op::Square>, "#0^{2}", applied, {atom}},
    {op::code<op::Pow>, "#0^{#1}", applied, {atom}},
    {op::code<op::Exp>, "e^{#0}", applied},
    {op::code<op::Exp2>, "2^{#0}", applied},
    {op::code<op::Sqrt>, "\\sqrt{#0}", atom},
    {op::code<op::Cbrt>, "\\sqrt[3]{#0}", atom},
    {op::code<op::Abs>, "\\left|#0\\right|", atom},
    {op::code<op::Floor>, "\\left\\lfloor #0\\right\\rfloor", atom},
    {op::code<op::Ceil>, "\\left\\lceil #0\\right\\rceil", atom},
    {op::code<op::Where>, "\\begin{cases} #1 & \\text{if } #0 \\\\ #2 & \\text{otherwise} \\end{cases}", loose},
};

/// The functions that LaTeX knows by another name than C++.
inline constexpr struct {
  op::Code op;
  const char* latex;
} latex_functions[] = {
    {op::code<op::Log>, "\\ln"},      {op::code<op::Log2>, "\\log_{2}"}, {op::code<op::Log10>, "\\log_{10}"},
    {op::code<op::Sin>, "\\sin"},     {op::code<op::Cos>, "\\cos"},      {op::code<op::Tan>, "\\tan"},
    {op::code<op::Asin>, "\\arcsin"}, {op::code<op::Acos>, "\\arccos"},  {op::code<op::Atan>, "\\arctan"},
    {op::code<op::Sinh>, "\\sinh"},   {op::code<op::Cosh>, "\\cosh"},    {op::code<op::Tanh>, "\\tanh"},
    {op::code<op::Max>, "\\max"},     {op::code<op::Min>, "\\min"},      {op::code<op::Tgamma>, "\\Gamma"},
};

inline std::string latex_function(op::Code op) {
  for (const auto& function : latex_functions) {
    if (function.op == op) return function.latex;
  }
  std::string text = "\\operatorname{";
  for (const char* c = op::info(op).name; *c; ++c) text += *c == '_' ? std::string("\\_") : std::string(1, *c);
  return text + "}";
}

inline Formula latex_constant(double value) {
  if (value != value) return {"\\mathrm{NaN}", atom};
  std::string text = number(value);
  const Level level = value < 0 ? product : atom;
  if (const std::size_t inf = text.find("inf"); inf != std::string::npos)
    return {text.replace(inf, 3, "\\infty"), level};
  const std::size_t e = text.find('e');
  if (e == std::string::npos) return {text, level};
  const std::string power = "10^{" + std::to_string(std::stoi(text.substr(e + 1))) + "}";
  return {text.substr(0, e) + " \\cdot " + power, product};
}

/// Parentheses, which grow where the text is taller than a line.
inline std::string latex_enclosed(const std::string& text) {
  for (const char* tall : {"\\frac", "\\begin", "\\left", "^{"}) {
    if (text.find(tall) != std::string::npos) return "\\left(" + text + "\\right)";
  }
  return "(" + text + ")";
}

/// Between two factors nothing is needed, unless they would read as one number.
inline const char* latex_joint(const std::string& left, const std::string& right) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool after_number = (!left.empty() && digit(left.back())) || left.find("\\cdot 10^") != std::string::npos;
  return digit(right[0]) || (after_number && right.starts_with("\\frac")) ? " \\cdot " : " ";
}

inline constexpr Style latex_style{
    std::begin(latex_notations),
    std::end(latex_notations),
    latex_constant,
    [](char letter, int index) { return letter + ("_{" + std::to_string(index) + "}"); },
    latex_function,
    latex_enclosed,
    latex_joint,
};

inline std::string join(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (std::size_t k = 0; k < parts.size(); ++k) text += (k ? between : "") + parts[k];
  return text;
}

inline std::string text(const View& g, const std::vector<std::string>& names) {
  const Writer w(g, text_style, names);
  std::string lines;
  for (const auto& [name, formula] : w.parts()) lines += name + " = " + formula + "\n";
  if (w.outputs().size() == 1) return lines + w.outputs()[0];
  return lines + "[" + join(w.outputs(), ", ") + "]";
}

inline std::string latex(const View& g, const std::vector<std::string>& names) {
  const Writer w(g, latex_style, names);
  const std::string result =
      w.outputs().size() == 1 ? w.outputs()[0] : "\\begin{pmatrix} " + join(w.outputs(), " \\\\ ") + " \\end{pmatrix}";
  if (w.parts().empty()) return result;
  std::string lines = "\\begin{aligned}\n";
  for (const auto& [name, formula] : w.parts()) lines += name + " &= " + formula + " \\\\\n";
  return lines + "y &= " + result + "\n\\end{aligned}";
}

/// A name in double quotes.
inline std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (char c : name) text += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
  return text + "\"";
}

inline std::string dot(const View& g, const std::vector<std::string>& names) {
  std::string text = "digraph {\n  rankdir=LR;\n  ordering=in;\n  node [shape=ellipse, fontname=\"sans-serif\"];\n";
  const auto line = [&](const std::string& node, const std::string& label, const char* look) {
    text += "  " + node + " [label=" + quoted(label) + look + "];\n";
  };
  const auto edge = [&](int from, const std::string& to) {
    text += "  n" + std::to_string(from) + " -> " + to + ";\n";
  };
  for (int i = 0; i < g.size; ++i) {
    const Node& n = g.nodes[i];
    const std::string node = "n" + std::to_string(i);
    if (n.op == Node::input) {
      const std::size_t k = static_cast<std::size_t>(n.a);
      line(node, k < names.size() ? names[k] : text_style.symbol('x', n.a),
           ", shape=box, style=filled, fillcolor=lightblue");
    } else if (n.op == Node::constant) {
      line(node, number(n.value), ", shape=plaintext");
    } else {
      line(node, op::info(n.op).name, "");
    }
    for (int k = 0; k < n.arity(); ++k) edge(n.operand(k), node);
  }
  for (int k = 0; k < g.output_count; ++k) {
    const std::string node = "y" + std::to_string(k);
    line(node, g.output_count == 1 ? "y" : node, ", shape=box, style=filled, fillcolor=lightgreen");
    edge(g.outputs[k], node);
  }
  return text + "}\n";
}

}  // namespace notation

/// Whatever has the members of a graph.
template <class G>
concept graph_like = requires(const G& g) {
  { g.size() } -> std::convertible_to<std::size_t>;
  { g[0] } -> std::convertible_to<const Node&>;
  { *std::data(g.outputs) } -> std::convertible_to<int>;
};

/// The outputs of a graph as formulas in C++ syntax, with no more parentheses than needed; several outputs as a list in
/// brackets. Numbers are the shortest that read back the same, and operations keep their order, so evaluating the text
/// gives what the graph gives. Large graphs are written in several lines, `t0 = ...`, one per part that occurs often.
template <graph_like G>
std::string to_string(const G& g, const std::vector<std::string>& names = {}) {
  return notation::text(notation::View(g), names);
}

/// The outputs of a graph as LaTeX, for math mode; several outputs as a column. Names are taken as they are.
template <graph_like G>
std::string to_latex(const G& g, const std::vector<std::string>& names = {}) {
  return notation::latex(notation::View(g), names);
}

/// A graph in Graphviz' language: boxes for inputs and outputs, a node per operation. `dot -Tsvg` draws it.
template <graph_like G>
std::string to_dot(const G& g, const std::vector<std::string>& names = {}) {
  return notation::dot(notation::View(g), names);
}

}  // namespace duet::graph

namespace duet {
using graph::to_dot;
using graph::to_latex;
using graph::to_string;
}  // namespace duet
