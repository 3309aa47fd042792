// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/replay.hpp>
#include <duet/tape/revolve.hpp>
#include <memory>

/// A long loop differentiated in bounded memory.
namespace duet {

namespace tape {

/// A loop on numbers that can reach any of its states again, and what it keeps for that.
template <class T, class Step, class State, class... A>
class Loop {
  struct Snapshot {
    std::size_t at;  ///< the steps before it
    State state;
  };

 public:
  Loop(std::size_t steps, std::size_t snapshots, const Step& step, const State& first, const A&... parameters)
      : steps_(steps), most_(snapshots), step_(step), parameters_(parameters...), current_{0, first} {
    snapshots_.push_back(current_);
  }

  /// The state after all steps. Leaves the snapshots of the schedule behind, and the state before the last step.
  State result() {
    if (steps_ == 0) return snapshots_.front().state;
    return after(steps_ - 1, before(steps_ - 1));
  }

  /// Runs the loop backwards.
  void operator()(std::span<const T> w, std::span<T> x) {
    std::vector<T> adjoint(w.begin(), w.end());
    const std::size_t states = snapshots_.front().state.size();
    Replay<T> replay;
    for (std::size_t i = steps_; i-- > 0;) {
      const State& state = before(i);
      with_parameters([&](const A&... a) { replay.run(step_, state, Constant<T, std::size_t>{i}, a...); });
      const std::span<const T> pulled = replay.pull(adjoint);
      const std::size_t size = state.size();
      for (std::size_t k = size; k < pulled.size(); ++k) x[states + k - size] = x[states + k - size] + pulled[k];
      adjoint.assign(pulled.begin(), pulled.begin() + static_cast<std::ptrdiff_t>(size));
      if (i > 0 && snapshots_.back().at == i) snapshots_.pop_back();  // the first one stays for other sweeps
    }
    for (std::size_t k = 0; k < states; ++k) x[k] = x[k] + adjoint[k];
    current_ = {};
  }

  std::size_t memory() const {
    std::size_t bytes = current_.state.memory();
    for (const Snapshot& one : snapshots_) bytes += one.state.memory();
    with_parameters([&](const A&... a) { ((bytes += a.memory()), ...); });
    return bytes;
  }

 private:
  void with_parameters(const auto& f) const { std::apply(f, parameters_); }

  /// The state before step `i`, when all later steps are done with. Takes snapshots on the way there.
  const State& before(std::size_t i) {
    if (current_.at == i && i > 0) return current_.state;
    while (snapshots_.back().at != i) {
      const Snapshot& last = snapshots_.back();
      const std::size_t steps = i + 1 - last.at, free = most_ - snapshots_.size();
      const std::size_t next = last.at + revolve::next_snapshot(steps, free + 1);
      current_.state = after(last.at, last.state);
      for (current_.at = last.at + 1; current_.at < next; ++current_.at) {
        current_.state = after(current_.at, current_.state);
      }
      if (next == i) return current_.state;
      snapshots_.push_back(std::move(current_));
      current_.at = 0;  // it is empty now
    }
    return snapshots_.back().state;
  }

  /// The state after step `i`, on numbers.
  State after(std::size_t i, const State& state) const {
    return std::apply(
        [&](const A&... a) { return State{evaluate<T>(step_, state, Constant<T, std::size_t>{i}, a...)}; },
        parameters_);
  }

  std::size_t steps_, most_;
  Step step_;
  std::tuple<A...> parameters_;
  std::vector<Snapshot> snapshots_;
  Snapshot current_;  ///< where the loop is
};

/// A loop as the function that a record calls.
template <class L>
struct LoopPull {
  std::unique_ptr<L> loop;  ///< which forgets snapshots in a sweep, although the record stays what it is

  void operator()(const auto& w, const auto& x) const { (*loop)(w, x); }
  std::size_t memory() const { return sizeof(L) + loop->memory(); }
};

/// A function that carries out a loop.
template <class Step>
struct CheckpointedLoop {
  std::size_t steps, snapshots;
  [[no_unique_address]] Step step;

  template <class X, class... P>
  auto operator()(const X& state, const P&... parameters) const {
    if (snapshots == 0) throw Error("duet: checkpointed_loop needs a snapshot at least, that of the initial state");
    if constexpr (!(has_variables<X> || ... || has_variables<P>)) {
      X current = state;
      for (std::size_t i = 0; i < steps; ++i) current = step(current, i, parameters...);
      return current;
    } else {
      using T = scalar_of<X, P...>;
      Inputs<T> inputs;
      append_inputs(inputs, state);
      return record(inputs_in(std::move(inputs), parameters...), input<T>(state), keep<T>(parameters)...);
    }
  }

 private:
  template <class T, class X, class... A>
  X record(const Inputs<T>& inputs, const Input<T, X>& state, const A&... a) const {
    using L = Loop<T, Step, Input<T, X>, A...>;
    using Result = decltype(evaluate<T>(step, state, Constant<T, std::size_t>{0}, a...));
    static_assert(std::same_as<Result, tree::rebind<X, T>>,
                  "duet: the step of a loop must return a state of the structure that it is given (same tuples, same "
                  "array sizes)");
    auto loop = std::make_unique<L>(steps, snapshots, step, state, a...);
    const Input<T, X> y = loop->result();
    return record_structure<X>(inputs, y.numbers, LoopPull<L>{std::move(loop)});
  }
};

}  // namespace tape

/// The function that takes `steps` steps, `state = step(state, i, parameters...)` for i = 0, 1, ..., to be called as
/// `(state, parameters...)`. Called with `Var`s among these it is ONE record. Of the states on the way at most
/// `snapshots` are kept at any time, the initial one included, and one more where the loop stands; the others are
/// computed again when the sweep, which records one step at a time, needs them.
///
/// What the steps share and is to be differentiated is passed as parameters, not captured. The state may be plain
/// numbers if a parameter isn't. Its structure must not change from step to step, the sizes in it may.
///
/// Cost: by the binomial schedule, which is optimal, `step` runs `revolve::forward_steps(steps, snapshots)` times on
/// numbers, once for the result, and `steps` times on variables. Another sweep of the same record starts with the
/// initial state and runs as often. Throws Error if `snapshots` is 0.
template <class Step>
constexpr tape::CheckpointedLoop<Step> checkpointed_loop(std::size_t steps, std::size_t snapshots, const Step& step) {
  return {steps, snapshots, step};
}

}  // namespace duet
