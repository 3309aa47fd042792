// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <atomic>
#include <thread>

#include <duet/tape/parallel_loop.hpp>

/// Parallel loops in threads of the standard library.
namespace duet {

/// Carries out tasks in `count` threads, of which the calling one is one; 0 stands for as many as there are cores. Each
/// thread takes the next task when it is done with one. Cost: the threads are started each time.
struct Threads {
  unsigned count = 0;

  void operator()(std::size_t tasks, const auto& task) const {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t k; (k = next.fetch_add(1, std::memory_order_relaxed)) < tasks;) task(k);
    };
    std::vector<std::jthread> others;
    try {
      const std::size_t wanted = std::min<std::size_t>(count ? count : std::thread::hardware_concurrency(), tasks);
      while (others.size() + 1 < wanted) others.emplace_back(work);
    } catch (...) {  // fewer threads do the same work
    }
    work();
  }
};

/// body(i, inputs...) for i = 0, ..., n - 1, in parallel, as a `std::vector`. If some inputs are made of `Var`s, so are
/// the results, and the loop is ONE record on the caller's tape, which is swept in parallel, too. `iterations` is n, or
/// `{n, chunks}`. `executor` says how tasks are carried out (see `InOrder`); it is kept with the record.
///
/// The body is called from several threads at once, with variables of a tape that belongs to the chunk, and may branch
/// as it likes. What it throws reaches the caller, when all threads are done; nothing is recorded then. Gradients have
/// the same bits on every run with the same number of chunks.
template <class Executor, class Body, class... X>
auto parallel_map(const Executor& executor, Iterations iterations, const Body& body, const X&... inputs) {
  if constexpr ((tape::has_variables<X> || ...)) {
    ParallelLoop loop(iterations, body, inputs...);
    executor(loop.chunks(), [&](std::size_t k) { loop.run(k); });
    return loop.results(executor);
  } else {
    using Result = std::invoke_result_t<const Body&, std::size_t, const X&...>;
    const auto results = std::make_unique<Result[]>(iterations.count);  // for bool, too, an array
    tape::Failures failures(iterations.chunks);
    executor(iterations.chunks, [&](std::size_t k) {
      failures.guard(k, [&] {
        for (std::size_t i = iterations.begin(k); i < iterations.end(k); ++i) results[i] = body(i, inputs...);
      });
    });
    failures.rethrow();
    return std::vector<Result>(results.get(), results.get() + iterations.count);
  }
}

/// The same in threads of the standard library, one for each core.
template <class Body, class... X>
auto parallel_map(Iterations iterations, const Body& body, const X&... inputs) {
  return parallel_map(Threads{}, iterations, body, inputs...);
}

}  // namespace duet
