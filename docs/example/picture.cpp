// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Prints a picture of the textbook function, its gradient or its Hessian for Graphviz: picture value|gradient|hessian

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
  constexpr auto d1 = diff(f, x1);
  constexpr auto d2 = diff(f, x2);
  const auto is = [&](const char* name) { return argc == 2 && std::strcmp(argv[1], name) == 0; };
  const auto graph = is("gradient")  ? Together(d1, d2).make()
                     : is("hessian") ? Together(diff(d1, x1), diff(d1, x2), diff(d2, x2)).make()
                                     : Together(f).make();
  std::fputs(duet::to_dot(graph, {"x1", "x2"}).c_str(), stdout);
}
