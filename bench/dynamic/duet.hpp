// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <duet/tape/checkpointed_loop.hpp>
#include <duet/tape/kernel.hpp>
#include <duet/tape/map.hpp>
#include <duet/tape/map_fold.hpp>
#include <span>
#include <vector>

#include "../problem/loop.hpp"

namespace bench {

/// The tape of all that follows, since of several living tapes only the youngest is active.
inline duet::DynamicTape<double>& duet_tape() {
  static duet::DynamicTape<double> tape;
  return tape;
}

/// Bytes of the last recording, and of the derivatives that the sweep has added.
inline std::size_t duet_bytes() { return duet_tape().memory() - duet_tape().count() * sizeof(double); }
inline std::size_t duet_derivative_bytes() { return duet_tape().count() * sizeof(double); }

/// Duet's dynamic tape, cleared and reused at every call: plain numbers, whatever the function.
class DuetVar {
 public:
  static constexpr const char* name = "Duet Var";

  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    duet::DynamicTape<double>& tape = duet_tape();
    tape.clear();
    const duet::Variables<double> row = tape.variables(x);
    inputs_.resize(x.size());
    row.copy_to(inputs_);
    const duet::Var<double> result = problem(inputs_);
    tape.backward(result);
    row.copy_grad_to(gradient);
    return result.primal();
  }

  std::size_t bytes() const { return duet_bytes(); }
  std::size_t derivative_bytes() const { return duet_derivative_bytes(); }

 private:
  std::vector<duet::Var<double>> inputs_;
};

/// The loops of a problem's mapped form, one record each, on rows of variables.
struct DuetLoop {
  using Row = duet::Variables<double>;

  static Row row(const std::vector<double>& numbers) { return duet_tape().variables(numbers); }
  static Row row(std::size_t count, double number) { return duet_tape().variables(count, number); }
  static std::vector<duet::Var<double>> numbers(const Row& row) {
    std::vector<duet::Var<double>> result(row.size());
    row.copy_to(result);
    return result;
  }
  static Row part(const Row& row, std::size_t first, std::size_t count) { return row.part(first, count); }
  static Row join(const Row& first, const auto&... rest) { return duet::join(first, rest...); }
  /// Of numbers, which a step of `repeat` is also run on.
  static auto part(const std::vector<double>& row, std::size_t first, std::size_t count) {
    return PlainLoop::part(row, first, count);
  }
  static auto join(const std::span<const double>& first, const auto&... rest) {
    return PlainLoop::join(first, rest...);
  }

  template <class F, class... In>
  static auto map(const F& f, const In&... in) {
    return duet::map(f, each(in)...);
  }

  template <class F, class... In>
  static auto sum(const F& f, const In&... in) {
    return duet::map_sum(f, each(in)...);
  }

  template <class F, class... In>
  static auto fold_back(const F& f, double initial, const Row& items, const In&... in) {
    return duet::map_fold(f, initial, duet::back_along(items), each(in)...);
  }

  template <class F, class... In>
  static auto log_sum_exp(const F& f, const In&... in) {
    return duet::map_logsumexp(f, each(in)...);
  }

  /// Keeps all rows if they take less than ten megabytes, else as many as fit into six.
  template <class Step>
  static Row repeat(std::size_t steps, const Step& step, const Row& start, const Row& shared) {
    const std::size_t bytes = start.size() * sizeof(double);
    if (steps * bytes < 10'000'000) return PlainLoop::repeat(steps, step, start, shared);
    return duet::checkpointed_loop(steps, 6'000'000 / bytes + 1, step)(start, shared);
  }

  template <class F, class... In>
  static auto call(const F& f, const In&... in) {
    return duet::kernel(f)(in...);
  }

 private:
  /// Ranges are mapped, numbers shared.
  template <class X>
  static decltype(auto) each(const X& x) {
    if constexpr (requires { x.size(); }) {
      return duet::each(x);
    } else {
      return (x);
    }
  }
};

/// Duet's kernels and maps on the same tape, for problems that have such a form.
class DuetMap {
 public:
  static constexpr const char* name = "Duet map";

  template <class Problem>
  requires requires(const Problem& problem) { problem.template mapped<DuetLoop>(); }
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    duet::DynamicTape<double>& tape = duet_tape();
    tape.clear();
    const duet::Variables<double> row = tape.variables(x);
    const duet::Var<double> result = problem.template mapped<DuetLoop>()(row);
    tape.backward(result);
    row.copy_grad_to(gradient);
    return result.primal();
  }

  std::size_t bytes() const { return duet_bytes(); }
  std::size_t derivative_bytes() const { return duet_derivative_bytes(); }
};

}  // namespace bench
