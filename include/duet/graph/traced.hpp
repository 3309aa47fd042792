// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/rewriting.hpp>

/// The number that records: a function called with it leaves its graph in a recorder.
namespace duet {

struct TracedEngine;

/// A recorded number: a node of the recorder, or a constant that no operation has brought there yet.
class Traced : public Active {
 public:
  using engine = TracedEngine;
  static constexpr int rank = 0;

  constexpr Traced() = default;
  template <class U>
  requires is_number<U>
  constexpr Traced(const U& value) : value_(static_cast<double>(value)) {}
  template <integral_constant U>
  constexpr Traced(const U&) : value_(static_cast<double>(U::value)) {}
  constexpr Traced(graph::Recorder& recorder, int node) : recorder_(&recorder), node_(node) {}

  constexpr graph::Recorder* recorder() const { return recorder_; }

  /// The node in `recorder`, made now if this is still a bare constant.
  constexpr int node(graph::Recorder& recorder) const { return recorder_ ? node_ : recorder.constant(value_); }

  /// Whether this is the number `value`, known while recording.
  constexpr bool is_constant(double value) const {
    return recorder_ ? recorder_->is_constant(node_, value) : value_ == value;
  }
  constexpr double constant() const { return value_; }

 private:
  graph::Recorder* recorder_ = nullptr;
  int node_ = -1;
  double value_ = 0;
};

/// A recorded truth value.
class TracedCondition : public op::Condition {
 public:
  using engine = TracedEngine;
  static constexpr int rank = 0;

  constexpr explicit TracedCondition(bool value) : value_(value) {}
  constexpr TracedCondition(graph::Recorder& recorder, int node) : recorder_(&recorder), node_(node) {}

  constexpr graph::Recorder* recorder() const { return recorder_; }
  constexpr int node(graph::Recorder& recorder) const { return recorder_ ? node_ : recorder.constant(value_ ? 1 : 0); }
  constexpr double constant() const { return value_ ? 1 : 0; }

 private:
  graph::Recorder* recorder_ = nullptr;
  int node_ = -1;
  bool value_ = false;
};

/// Whether the number is a zero known while recording.
constexpr bool is_zero(const Traced& x) { return x.is_constant(0); }

/// Carries out operations by recording them.
struct TracedEngine {
  template <class Op, class... X>
  static constexpr auto apply(const X&... x) {
    using Result = std::conditional_t<Op::kind == op::Kind::predicate, TracedCondition, Traced>;
    graph::Recorder* recorder = nullptr;
    ((recorder = recorder ? recorder : recorder_of(x)), ...);
    if (!recorder) return Result(fold<Result>(op::code<Op>, {constant_of(x)...}));
    return Result(*recorder, recorder->emit(op::code<Op>, node_of(*recorder, x)...));
  }

 private:
  struct Operands {
    double a = 0, b = 0, c = 0;
  };
  template <class Result>
  static constexpr auto fold(op::Code op, Operands x) {
    const double y = graph::fold(op, x.a, x.b, x.c);
    if constexpr (std::same_as<Result, Traced>) {
      return y;
    } else {
      return y != 0;
    }
  }

  template <class X>
  static constexpr graph::Recorder* recorder_of(const X& x) {
    if constexpr (active<X>) {
      return x.recorder();
    } else {
      return nullptr;
    }
  }
  template <class X>
  static constexpr double constant_of(const X& x) {
    if constexpr (active<X>) {
      return x.constant();
    } else if constexpr (integral_constant<X>) {
      return static_cast<double>(X::value);
    } else {
      return static_cast<double>(x);
    }
  }
  template <class X>
  static constexpr int node_of(graph::Recorder& recorder, const X& x) {
    if constexpr (active<X>) {
      return x.node(recorder);
    } else {
      return recorder.constant(constant_of(x));
    }
  }
};

}  // namespace duet
