// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/evaluate.hpp>
#include <duet/graph/print.hpp>

/// Free-standing expressions as text, as LaTeX, and as pictures. Not part of <duet/duet.hpp>: most programs print no
/// formulas, and <string> takes time to compile.
namespace duet {

/// The expression, simplified, as a formula in C++ syntax; see `graph::to_string`.
template <expr::expression E>
std::string to_string(const E& e, const std::vector<std::string>& names = {}) {
  return graph::to_string(expr::graph_of(e), names);
}

/// The expression, simplified, as LaTeX; see `graph::to_latex`.
template <expr::expression E>
std::string to_latex(const E& e, const std::vector<std::string>& names = {}) {
  return graph::to_latex(expr::graph_of(e), names);
}

/// The expression's graph in Graphviz' language; see `graph::to_dot`.
template <expr::expression E>
std::string to_dot(const E& e, const std::vector<std::string>& names = {}) {
  return graph::to_dot(expr::graph_of(e), names);
}

}  // namespace duet
