// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/replay.hpp>

/// Memory for time: a part of a recording that is dropped and recorded again when a sweep needs it.
namespace duet {

namespace tape {

/// What the record of a checkpoint does in a sweep.
template <class T, class F, class... A>
struct CheckpointPull {
  F f;
  std::tuple<A...> arguments;

  void operator()(std::span<const T> w, std::span<T> x) const {
    Replay<T> replay;
    std::apply([&](const A&... a) { replay.run(f, a...); }, arguments);
    const std::span<const T> pulled = replay.pull(w);
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = x[k] + pulled[k];
  }
  std::size_t memory() const {
    return std::apply([](const A&... a) { return (std::size_t{0} + ... + a.memory()); }, arguments);
  }
};

/// A function whose calls with variables are recorded when they are needed.
template <class F>
struct Checkpoint {
  [[no_unique_address]] F f;

  template <class... X>
  auto operator()(const X&... x) const {
    if constexpr (!(has_variables<X> || ...)) {
      return f(x...);
    } else {
      return record<scalar_of<X...>>(inputs_in(Inputs<scalar_of<X...>>(), x...), keep<scalar_of<X...>>(x)...);
    }
  }

 private:
  template <class T, class... A>
  auto record(const Inputs<T>& inputs, const A&... a) const {
    using Y = std::invoke_result_t<const F&, decltype(a.variables(std::declval<DynamicTape<T>&>()))...>;
    return record_structure<tree::rebind<Y, Var<T>>>(inputs, evaluate<T>(f, a...),
                                                     CheckpointPull<T, F, A...>{f, {a...}});
  }
};

}  // namespace tape

/// `f` as a checkpoint: called with arguments some of which are made of `Var`s, it is ONE record of its inputs and
/// outputs; the sweep runs f once more, records that run on a tape of its own, sweeps it and drops it. Arguments and
/// results are scalars, rows of variables, sequences, arrays and tuples, nested as deep as you like; f may branch as it
/// likes.
///
/// What f captured is copied along with it, by reference if it was captured so, and must not hold recorded variables:
/// that is a TapeError. Both runs must do the same, so f must not depend on anything that changes between them.
///
/// Cost: f runs once more, and it is the largest recording of a single checkpoint that takes memory, not the sum of
/// all; a call keeps 8 bytes per number that goes in, 8 per run of consecutive variables among them, 8 per number that
/// comes out, and the other arguments.
template <class F>
constexpr tape::Checkpoint<F> checkpoint(const F& f) {
  return {f};
}

}  // namespace duet
