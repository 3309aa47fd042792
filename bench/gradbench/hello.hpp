// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <vector>

#include "../problem/hello.hpp"
#include "../tool.hpp"
#include "gradient.hpp"
#include "protocol.hpp"

namespace bench {

/// GradBench's `hello`: the square of a number and its derivative, "double".
template <class Tool>
requires takes_gradients<Tool, Hello> Module hello() {
  return {"hello",
          {function<double>("square", [](double x) { return [x] { return Hello{}(std::vector<double>{x}); }; }),
           function<double>("double", [](double x) {
             return [x, derivative = Gradient<Tool, Hello>(Hello{})]() mutable { return derivative({x})[0]; };
           })}};
}

}  // namespace bench
