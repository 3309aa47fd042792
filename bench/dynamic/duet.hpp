// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <duet/tape/kernel.hpp>
#include <duet/tape/map.hpp>
#include <span>
#include <vector>

namespace bench {

/// The tape of all that follows, since of several living tapes only the youngest is active.
inline duet::DynamicTape<double>& duet_tape() {
  static duet::DynamicTape<double> tape;
  return tape;
}

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

  /// Of the last recording.
  std::size_t bytes() const { return duet_tape().memory(); }

 private:
  std::vector<duet::Var<double>> inputs_;
};

/// The loops of a problem's mapped form, one record each.
struct DuetLoop {
  template <class F, class... In>
  static void map(const F& f, std::span<duet::Var<double>> out, const In&... in) {
    duet::map(f, each(in)...).copy_to(out);
  }

  template <class F, class... In>
  static duet::Var<double> sum(const F& f, const In&... in) {
    return duet::map_sum(f, each(in)...);
  }

  template <class F, class... In>
  static duet::Var<double> call(const F& f, const In&... in) {
    return duet::kernel(f)(in...);
  }

 private:
  /// Ranges are mapped, numbers shared.
  template <class T>
  static auto each(std::span<const T> range) {
    return duet::each(range);
  }

  template <class T>
  static const T& each(const T& shared) {
    return shared;
  }
};

/// Duet's kernels and maps on the same tape, for problems that have such a form.
class DuetMap {
 public:
  static constexpr const char* name = "Duet map";

  template <class Problem>
  requires requires(const Problem& problem) { problem.template mapped<DuetLoop>(); }
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    return plain_.gradient(problem.template mapped<DuetLoop>(), x, gradient);
  }

  /// Of the last recording.
  std::size_t bytes() const { return plain_.bytes(); }

 private:
  DuetVar plain_;
};

}  // namespace bench
