// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <exception>
#include <memory>

#include <duet/tape/replay.hpp>

/// Loops whose iterations are recorded in several threads.
namespace duet {

/// How many iterations a parallel loop has, and in how many chunks they are run. Each chunk is recorded on a tape of
/// its own. Sums over chunks are taken in order: the same number of chunks gives the same bits, whatever the threads
/// do.
struct Iterations {
  std::size_t count, chunks;

  template <std::integral N, std::integral K = std::size_t>
  constexpr Iterations(N count_, K chunks_ = 64)
      : count(static_cast<std::size_t>(count_)),
        chunks(std::min(count, std::max<std::size_t>(1, static_cast<std::size_t>(chunks_)))) {}

  /// The first iteration of a chunk. The first chunks have one more than the others if they can't have equally many.
  constexpr std::size_t begin(std::size_t chunk) const {
    return chunk * (count / chunks) + std::min(chunk, count % chunks);
  }
  constexpr std::size_t end(std::size_t chunk) const { return begin(chunk + 1); }
};

/// Carries out tasks 0, 1, ..., count - 1, which never throw, one after the other. Whatever can be called like this and
/// returns when all of them are done may stand in its place: an OpenMP loop, a pool of threads.
struct InOrder {
  void operator()(std::size_t count, const auto& task) const {
    for (std::size_t k = 0; k < count; ++k) task(k);
  }
};

namespace tape {

/// What was thrown in tasks, to be thrown again where they were started: the first by number, not by time.
class Failures {
 public:
  explicit Failures(std::size_t tasks) : thrown_(tasks) {}

  void guard(std::size_t task, const auto& f) noexcept {
    try {
      f();
    } catch (...) {
      thrown_[task] = std::current_exception();
    }
  }
  void rethrow() const {
    for (const std::exception_ptr& one : thrown_) {
      if (one) std::rethrow_exception(one);
    }
  }

 private:
  std::vector<std::exception_ptr> thrown_;
};

/// What one chunk has recorded. It is swept in whichever thread has time, so its tape is not active in any.
template <class T>
struct Chunk {
  std::unique_ptr<Replay<T>> recorded{};
  std::span<const T> pulled{};
};

/// What the record of a parallel loop does in a sweep.
template <class T, class Executor>
struct ParallelPull {
  Executor executor;
  std::unique_ptr<std::vector<Chunk<T>>> chunks;

  void operator()(std::span<const T> w, std::span<T> x) const {
    std::vector<std::span<const T>> weights;
    for (const Chunk<T>& chunk : *chunks) {
      const std::size_t outputs = chunk.recorded->outputs.size();
      weights.push_back(w.first(outputs));
      w = w.subspan(outputs);
    }
    Failures failures(weights.size());
    executor(weights.size(), [&](std::size_t k) {
      failures.guard(k, [&] {
        Chunk<T>& chunk = (*chunks)[k];
        chunk.pulled = chunk.recorded->pull(weights[k]);
      });
    });
    failures.rethrow();
    for (const Chunk<T>& chunk : *chunks) {
      for (std::size_t k = 0; k < x.size(); ++k) x[k] = x[k] + chunk.pulled[k];
    }
  }

  std::size_t memory() const {
    std::size_t bytes = 0;
    for (const Chunk<T>& chunk : *chunks) {
      const Replay<T>& recorded = *chunk.recorded;
      bytes += recorded.tape.memory() + recorded.outputs.runs().size_bytes();
    }
    return bytes;
  }
};

}  // namespace tape

/// A loop whose chunks are run one by one, in any threads, by whoever has made it:
///
///     duet::ParallelLoop loop({n, chunks}, body, inputs...);   // reads the inputs; some are made of `Var`s
///     for (k = 0; k < loop.chunks(); ++k) loop.run(k);         // in parallel: with OpenMP, std::thread, ...
///     auto y = loop.results(executor);                         // y[i] is body(i, inputs...), made of `Var`s
///
/// Within the body the inputs are variables of the chunk's own tape. Other variables of the surrounding tape must not
/// be used there, which is a TapeError. `results` makes all results variables of the caller's tape by ONE record; a
/// sweep goes through the chunks' tapes by `executor` and adds up what they give for the inputs in the order of the
/// chunks.
///
/// Cost: each chunk makes variables of all inputs; its records stay until that record is dropped.
template <class Body, class... X>
class ParallelLoop {
  static_assert((tape::has_variables<X> || ...),
                "duet: none of a ParallelLoop's inputs is made of variables; use parallel_map, which takes plain "
                "numbers too, or an ordinary loop");
  using T = tape::scalar_of<X...>;
  static_assert(!tape::has_variables<T>,
                "duet: variables of a tape that other variables are made of can't be recorded in several threads; use "
                "Var<Dual<T>> for second derivatives of a parallel loop");
  using Arguments = std::tuple<decltype(tape::keep<T>(std::declval<const X&>()))...>;
  template <class... A>
  static auto call(const std::tuple<A...>&)
      -> std::invoke_result_t<const Body&, std::size_t,
                              decltype(std::declval<const A&>().variables(std::declval<DynamicTape<T>&>()))...>;
  using Result = tree::rebind<decltype(call(std::declval<Arguments>())), Var<T>>;

 public:
  ParallelLoop(Iterations iterations, const Body& body, const X&... inputs)
      : iterations_(iterations),
        body_(body),
        inputs_(tape::inputs_in(tape::Inputs<T>(), inputs...)),
        arguments_{tape::keep<T>(inputs)...},
        results_(iterations.count),
        chunks_(std::make_unique<std::vector<tape::Chunk<T>>>(iterations.chunks)),
        failures_(iterations.chunks) {}

  std::size_t chunks() const { return iterations_.chunks; }

  /// Runs the iterations of one chunk in this thread. What they throw is thrown by `results`.
  void run(std::size_t chunk) noexcept {
    failures_.guard(chunk, [&] {
      auto replay = std::make_unique<tape::Replay<T>>();
      const auto iterate = [&](const auto&... x) {
        for (std::size_t i = iterations_.begin(chunk); i < iterations_.end(chunk); ++i) {
          const auto y = body_(i, x...);
          replay->append_outputs(y);
          results_[i] = tree::map_leaves<T>(y, tape::ToNumber<T>{});
        }
        return std::tuple<>();
      };
      std::apply([&](const auto&... a) { replay->run(iterate, a...); }, arguments_);
      replay->tape.suspend();
      recorded()[chunk].recorded = std::move(replay);
    });
  }

  /// The results of all iterations, when all chunks have been run. To be called once. Throws what the body has thrown,
  /// from the first chunk that failed.
  template <class Executor = InOrder>
  auto results(const Executor& executor = {}) {
    failures_.rethrow();
    for (const tape::Chunk<T>& chunk : recorded()) {
      if (!chunk.recorded) throw Error("duet: not all chunks of a ParallelLoop were run");
    }
    return tape::record_structure<std::vector<Result>>(inputs_, results_,
                                                       tape::ParallelPull<T, Executor>{executor, std::move(chunks_)});
  }

 private:
  std::vector<tape::Chunk<T>>& recorded() {
    if (!chunks_) throw Error("duet: a ParallelLoop gives its results once");
    return *chunks_;
  }

  Iterations iterations_;
  Body body_;
  tape::Inputs<T> inputs_;
  Arguments arguments_;
  std::vector<tree::rebind<Result, T>> results_;
  std::unique_ptr<std::vector<tape::Chunk<T>>> chunks_;
  tape::Failures failures_;
};

}  // namespace duet
