// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include "../problem/loop.hpp"
#include "../problem/particle.hpp"
#include "nested.hpp"
#include "protocol.hpp"

namespace bench {

struct ParticleInput {
  double w = 0.0;
};

inline void from_json(const json& message, ParticleInput& input) { message.at("w").get_to(input.w); }

/// GradBench's `particle`: bench::Particle.
template <nests Tool, class Loop = PlainLoop>
Module particle() {
  return {"particle", nested_functions<ParticleInput, Tool>([]<class Outer, class Inner>(const ParticleInput& input) {
            return [w = input.w] { return Particle<Outer, Inner, Loop>{}(w); };
          })};
}

}  // namespace bench
