// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>
#include <vector>

#include "../tool.hpp"
#include "protocol.hpp"

namespace bench {

template <class Tool>
concept nests = nests_forward<Tool> || nests_reverse<Tool>;

/// The functions of an evaluation that differentiates inside of what it differentiates, those that a tool has the modes
/// for: "ff", "fr", "rf", "rr", first the outer mode, then the inner one. `prepare.operator()<Outer, Inner>(input)`
/// returns what is to be timed.
template <class Input, class Tool, class Prepare>
std::vector<Function> nested_functions(const Prepare& prepare) {
  std::vector<Function> functions;
  const auto add = [&]<class Outer, class Inner>(const char* name) {
    functions.push_back(function<Input>(
        name, [prepare](const Input& input) { return prepare.template operator()<Outer, Inner>(input); }));
  };
  if constexpr (nests_forward<Tool>) {
    using Forward = typename Tool::Forward;
    add.template operator()<Forward, Forward>("ff");
  }
  if constexpr (nests_forward<Tool> && nests_reverse<Tool>) {
    using Forward = typename Tool::Forward;
    using Reverse = typename Tool::Reverse;
    add.template operator()<Forward, Reverse>("fr");
    add.template operator()<Reverse, Forward>("rf");
  }
  if constexpr (nests_reverse<Tool>) {
    using Reverse = typename Tool::Reverse;
    add.template operator()<Reverse, Reverse>("rr");
  }
  return functions;
}

}  // namespace bench
