// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/record.hpp>
#include <duet/tape/vector_sweep.hpp>
#include <duet/transform/forward_structures.hpp>

/// Reverse mode at run time as a policy: `DynamicTape`.
namespace duet::transform {

/// A tape that records on this thread as long as it is borrowed. One is kept for the next derivative, with its memory,
/// unless that is much.
template <class T>
class Borrowed {
 public:
  Borrowed() : tape_(spare_ ? std::move(spare_) : tape::Owner<DynamicTape<T>>(new DynamicTape<T>())) {
    tape_->suspend();
    tape_->clear();
    tape_->resume();
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  ~Borrowed() {
    tape_->suspend();
    if (tape_->memory() <= kept_bytes) spare_ = std::move(tape_);
  }

  DynamicTape<T>& operator*() const { return *tape_; }
  DynamicTape<T>* operator->() const { return &*tape_; }

 private:
  static constexpr std::size_t kept_bytes = std::size_t{1} << 28;
  static inline constinit thread_local tape::Owner<DynamicTape<T>> spare_{};

  tape::Owner<DynamicTape<T>> tape_;
};

/// What a function returns at `lift(leaf)`, as variables of a tape that is empty and active.
template <class C, class T, class Lift>
auto record(const C& call, DynamicTape<T>& tape, Lift&& lift) {
  const auto result = call.template with<Var<T>>([&](const auto& leaf) { return tape.variable(lift(leaf)); });
  return tree::map_leaves<Var<T>>(result, [](const auto& leaf) { return Var<T>(leaf); });
}

/// The same at the numbers of the call.
template <class C, class T = typename C::number>
auto record(const C& call, DynamicTape<T>& tape) {
  return transform::record(call, tape, [](const auto& leaf) { return static_cast<T>(leaf); });
}

/// The numbers of what was recorded.
template <class Y>
auto values(const Y& outputs) {
  using T = typename tree::common_leaf<Y>::type::scalar;
  return tree::map_leaves<T>(outputs, [](const auto& leaf) { return leaf.primal(); });
}

/// The variable of a recording that number `k` of a call became.
inline tape::Word input(std::size_t k) { return static_cast<tape::Word>(1 + k); }

/// A call on a borrowed tape: what it returned, and the leaves of that.
template <class C>
struct RecordedCall {
  using T = typename C::number;
  Borrowed<T> tape;
  decltype(transform::record(std::declval<const C&>(), std::declval<DynamicTape<T>&>())) result;
  std::vector<Var<T>> outputs;

  explicit RecordedCall(const C& call)
      : result(transform::record(call, *tape)), outputs(tree::leaves_as<Var<T>>(result)) {
    tape->suspend();
  }

  /// The derivatives of the variables, in their order, after a sweep.
  const T* derivatives() const { return tape->adjoints() + input(0); }
};

struct TapeStructures {
  static constexpr bool multiplies_hessians = true;

  template <class... X>
  static constexpr bool check() {
    constexpr bool symbolic =
        (tape::has_expression<X> || ...) || (std::same_as<typename tree::common_leaf<X>::type, Traced> || ...);
    static_assert(!symbolic,
                  "duet: DynamicTape can't record while the static tape does; use StaticTape for the inner derivative, "
                  "or DynamicTape for the outer one");
    return true;
  }

  template <class C>
  using var = Var<typename C::number>;
  template <class C>
  using result = decltype(std::declval<const C&>().template with<var<C>>(std::declval<var<C> (*)(const var<C>&)>()));

  template <class C>
  static auto gradient(const C& call) {
    using T = typename C::number;
    return gradient<T, T>(
        call, [](const auto& leaf) { return static_cast<T>(leaf); }, [](const T& derivative) { return derivative; });
  }

  /// The tangents of the gradient along t, by one recording of duals.
  template <class C, class V>
  static auto hessian_product(const C& call, const V& t) {
    using T = std::common_type_t<typename C::number, typename tree::common_leaf<V>::type>;
    using D = Dual<T, 1, C>;
    const std::vector<T> along = tree::leaves_as<T>(t);
    std::size_t k = 0;
    return gradient<D, T>(
               call, [&](const auto& leaf) { return D(static_cast<T>(leaf), along[k++]); },
               [](const D& derivative) { return derivative.tangent(); })
        .second;
  }

  /// The value and the Jacobian: by sweeps through one recording, backwards or forwards, several rows or columns in
  /// each, in the direction that takes fewer. No recording pays where all columns fit into one dual. Nor does it for a
  /// symmetric matrix, that of a gradient: duals are recorded once, there, instead of a tape on a tape.
  template <Mode M, bool Symmetric, class C>
  static auto jacobian(const C& call) {
    if constexpr (Symmetric || (M == Mode::automatic && few<typename C::structure>())) {
      return ForwardStructures::jacobian<M, Symmetric>(call);
    } else {
      using T = typename C::number;
      const RecordedCall<C> recorded(call);
      DynamicTape<T>& tape = *recorded.tape;
      DynamicMatrix<T> j(recorded.outputs.size(), call.size());
      const bool one_row = j.rows() == 1 && M != Mode::forward;
      if (one_row || !tape::VectorSweep<T, lanes>::can_sweep(tape)) {
        sweep_each(tape, recorded.outputs, j);
      } else {
        sweep_lanes(M, tape, recorded.outputs, j);
      }
      return std::pair(transform::values(recorded.result), std::move(j));
    }
  }

  template <class C, class V>
  static auto tangents(const C& call, const V& t) {
    return ForwardStructures::tangents(call, t);
  }

  template <class C>
  static auto pullback(const C& call) {
    using T = typename C::number;
    auto tape = tape::Owner<DynamicTape<T>>(new DynamicTape<T>());
    auto y = transform::record(call, *tape);
    tape->suspend();
    auto point = call.template structure_of<T>([](const auto& leaf) { return T(leaf); });
    auto value = transform::values(y);
    using Back = Pullback<T, decltype(y), decltype(point)>;
    return std::pair(std::move(value), Back{std::move(tape), std::move(y), std::move(point)});
  }

 private:
  /// The value on numbers of type `T`, which `lift` makes of the leaves, and the structure of numbers of type `S` that
  /// `part` makes of their derivatives.
  template <class T, class S, class C, class Lift, class Part>
  static auto gradient(const C& call, const Lift& lift, const Part& part) {
    const Borrowed<T> tape;
    const Var<T> y = transform::record(call, *tape, lift);
    tape->suspend();
    tape->backward(y);
    const T* derivative = tape->adjoints() + input(0);
    return std::pair(y.primal(), call.template structure_of<S>([&](const auto&) { return part(*derivative++); }));
  }

  /// Derivatives in one sweep: the numbers of a cache line.
  static constexpr int lanes = 8;

  template <class X>
  static constexpr bool few() {
    if constexpr (tree::run_time_sized<X>) {
      return false;
    } else {
      return tree::leaves<X> <= lanes;
    }
  }

  /// Cotangents by sweeps through a tape that it keeps.
  template <class T, class Y, class X>
  struct Pullback {
    tape::Owner<DynamicTape<T>> tape;
    Y outputs;
    X point;

    template <class W>
    auto operator()(const W& w) const {
      static_assert(cotangents_fit<Y, W>());
      require_fitting_cotangents(outputs, w);
      tape->zero_grad();
      tape->backward(tree::leaves_as<Var<T>>(outputs), tree::leaves_as<T>(w));
      const T* derivative = tape->adjoints() + input(0);
      return tree::map_leaves<T>(point, [&](const auto&) { return *derivative++; });
    }
  };

  /// One sweep for each row.
  template <class T>
  static void sweep_each(DynamicTape<T>& tape, const std::vector<Var<T>>& outputs, DynamicMatrix<T>& j) {
    for (std::size_t i = 0; i < j.rows(); ++i) {
      tape.zero_grad();
      tape.backward(outputs[i]);
      for (std::size_t k = 0; k < j.cols(); ++k) j(i, k) = tape.adjoints()[input(k)];
    }
  }

  template <class T>
  static void sweep_lanes(Mode mode, const DynamicTape<T>& tape, const std::vector<Var<T>>& outputs,
                          DynamicMatrix<T>& j) {
    constexpr std::size_t width = lanes;
    const auto sweeps = [](std::size_t count) { return (count + width - 1) / width; };
    if (mode != Mode::forward && mode != Mode::reverse)
      mode = sweeps(j.cols()) < sweeps(j.rows()) ? Mode::forward : Mode::reverse;
    std::vector<tape::Word> y;
    for (const Var<T>& output : outputs) y.push_back(tape.index_of(output));
    tape::VectorSweep<T, lanes> rows(tape);
    if (mode == Mode::forward) {
      for (std::size_t from = 0; from < j.cols(); from += width) {
        const std::size_t count = std::min(width, j.cols() - from);
        rows.clear();
        for (std::size_t l = 0; l < count; ++l) rows[input(from + l)].lane[l] = T(1);
        rows.forward();
        for (std::size_t i = 0; i < j.rows(); ++i) {
          for (std::size_t l = 0; l < count; ++l) j(i, from + l) = rows[y[i]].lane[l];
        }
      }
    } else {
      for (std::size_t from = 0; from < j.rows(); from += width) {
        const std::size_t count = std::min(width, j.rows() - from);
        rows.clear();
        for (std::size_t l = 0; l < count; ++l) rows[y[from + l]].lane[l] = T(1);
        rows.backward();
        for (std::size_t l = 0; l < count; ++l) {
          for (std::size_t k = 0; k < j.cols(); ++k) {
            if (y[from + l] != 0) j(from + l, k) = rows[input(k)].lane[l];
          }
        }
      }
    }
  }
};

template <class T>
struct structure_engine<DynamicTape<T>> {
  using type = TapeStructures;
  static constexpr bool always = true;
};

}  // namespace duet::transform
