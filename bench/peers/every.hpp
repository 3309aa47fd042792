// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>
#include <vector>

#include "../gradbench/ba.hpp"
#include "../gradbench/det.hpp"
#include "../gradbench/gmm.hpp"
#include "../gradbench/hello.hpp"
#include "../gradbench/ht.hpp"
#include "../gradbench/kmeans.hpp"
#include "../gradbench/llsq.hpp"
#include "../gradbench/lse.hpp"
#include "../gradbench/lstm.hpp"
#include "../gradbench/ode.hpp"
#include "../gradbench/particle.hpp"
#include "../gradbench/protocol.hpp"
#include "../gradbench/saddle.hpp"

namespace bench {

/// Answers GradBench's messages with every evaluation that a tool can do (see tool.hpp). Returns the exit status.
template <class Tool>
int serve_every() {
  std::vector<Module> modules;
  const auto add = [&](Module module) { modules.push_back(std::move(module)); };
  if constexpr (requires { ba<Tool>(); }) add(ba<Tool>());
  if constexpr (requires { det<Tool>(); }) add(det<Tool>());
  if constexpr (requires { gmm<Tool>(); }) add(gmm<Tool>());
  if constexpr (requires { hello<Tool>(); }) add(hello<Tool>());
  if constexpr (requires { ht<Tool>(); }) add(ht<Tool>());
  if constexpr (requires { kmeans<Tool>(); }) add(kmeans<Tool>());
  if constexpr (requires { llsq<Tool>(); }) add(llsq<Tool>());
  if constexpr (requires { lse<Tool>(); }) add(lse<Tool>());
  if constexpr (requires { lstm<Tool>(); }) add(lstm<Tool>());
  if constexpr (requires { ode<Tool>(); }) add(ode<Tool>());
  if constexpr (requires { particle<Tool>(); }) add(particle<Tool>());
  if constexpr (requires { saddle<Tool>(); }) add(saddle<Tool>());
  return serve({Tool::name, std::move(modules)});
}

}  // namespace bench
