// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Prints a picture of the textbook function or of its gradient for Graphviz: picture value|gradient

#include <cstdio>
#include <cstring>
#include <duet/duet.hpp>
#include <duet/expr/print.hpp>

constexpr auto x1 = duet::arg<0>;
constexpr auto x2 = duet::arg<1>;
constexpr auto f = log(x1) + x1 * x2 - sin(x2);

/// The graph of some expressions together.
template <class... E>
struct Together : duet::expr::Lowered<2, duet::expr::Free, E...> {
  explicit Together(const E&...) {}
};

int main(int argc, char** argv) {
  const bool gradient = argc == 2 && std::strcmp(argv[1], "gradient") == 0;
  const auto graph = gradient ? Together(diff(f, x1), diff(f, x2)).make() : Together(f).make();
  std::fputs(duet::to_dot(graph, {"x1", "x2"}).c_str(), stdout);
}
