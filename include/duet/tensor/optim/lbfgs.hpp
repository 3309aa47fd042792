// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/optim/line_search.hpp>
#include <duet/tensor/optim/optimizer.hpp>

/// A quasi-Newton method, for losses that are the same in every evaluation.
namespace duet::optim {

struct LBFGSOptions {
  double lr = 1;                   ///< the step that a line search tries first
  int max_iter = 20;               ///< directions in a call of `step`
  int max_eval = 25;               ///< evaluations of the loss in a call of `step`
  double tolerance_grad = 1e-7;    ///< ends where no element of the gradient is larger
  double tolerance_change = 1e-9;  ///< ends where neither parameters nor loss change by more
  std::size_t history_size = 10;   ///< steps that the curvature is estimated from
};

/// Limited-memory BFGS: directions by the two-loop recursion (Nocedal and Wright, Numerical Optimization, 2006,
/// algorithm 7.4), steps by a line search for the strong Wolfe conditions. The parameters are taken together for one
/// long vector.
template <class T>
class LBFGS : public Optimizer<T> {
 public:
  LBFGSOptions options;

  explicit LBFGS(std::vector<Tensor<T>> parameters, const LBFGSOptions& how = {})
      : Optimizer<T>(std::move(parameters)), options(how) {
    std::size_t size = 0;
    for (const Tensor<T>& p : this->parameters()) size += p.size();
    for (Numbers* all : {&x_, &gradient_, &direction_, &last_gradient_}) all->resize(size);
    if (how.history_size == 0) throw Error("LBFGS: history_size must be at least 1");
  }

  /// Some iterations. `closure()` computes the loss at the present values of the parameters and calls its `backward()`;
  /// gradients are set to zero before it is called. Returns the loss before the step.
  template <class Closure>
  T step(const Closure& closure) {
    int evaluations = 0;
    const auto loss = [&] {
      ++evaluations;
      this->zero_grad();
      const T value = number(closure());
      gather(gradient_, [](const Tensor<T>& p) { return p.grad(); });
      return value;
    };
    const T first = loss();
    double value = first;
    for (int k = 0; k < options.max_iter && evaluations < options.max_eval; ++k) {
      if (largest(gradient_) <= options.tolerance_grad) break;
      find_direction();
      double slope = dot(direction_, gradient_);
      if (!(slope < 0)) {  // what is remembered doesn't fit any more
        pairs_.clear();
        find_direction();
        slope = dot(direction_, gradient_);
      }
      const double length = pairs_.empty() ? std::min(1.0, 1 / sum_of_sizes(gradient_)) * options.lr : options.lr;
      gather(x_, [](const Tensor<T>& p) { return p; });
      last_gradient_ = gradient_;
      const auto at = [&](double step) {
        set(step);
        const double there = loss();
        return LinePoint{step, there, static_cast<double>(dot(direction_, gradient_))};
      };
      const LinePoint taken = strong_wolfe({0, value, slope}, length, options.max_eval - evaluations, at);
      remember(taken.step);
      const double change = std::abs(taken.value - value), moved = taken.step * largest(direction_);
      value = taken.value;
      if (moved <= options.tolerance_change || change < options.tolerance_change) break;
    }
    return first;
  }

 private:
  using Numbers = std::vector<T>;
  /// A step s, the change y of the gradient along it, and 1 / s y.
  struct Pair {
    Numbers s, y;
    T inverse;
  };

  template <class L>
  static T number(const L& loss) {
    if constexpr (std::is_arithmetic_v<L>) {
      return static_cast<T>(loss);
    } else {
      return loss.item();
    }
  }
  static T dot(const Numbers& a, const Numbers& b) {
    T sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  }
  static double largest(const Numbers& x) {
    T result = 0;
    for (T one : x) result = std::max(result, std::abs(one));
    return result;
  }
  static double sum_of_sizes(const Numbers& x) {
    T sum = 0;
    for (T one : x) sum += std::abs(one);
    return sum;
  }
  /// x += a y.
  static void add_multiple(Numbers& x, T a, const Numbers& y) {
    for_each_element<T>(
        x.size(), [&](auto& to, const auto& from) { to = to + a * from; }, x.data(), y.data());
  }

  /// Copies what `of(p)` gives for every parameter into one vector; zeros where it gives nothing.
  template <class F>
  void gather(Numbers& to, const F& of) const {
    T* at = to.data();
    for (const Tensor<T>& p : this->parameters()) {
      const Tensor<T> from = of(p);
      if (from.defined()) {
        std::copy_n(std::as_const(from).data(), p.size(), at);
      } else {
        std::fill_n(at, p.size(), T(0));
      }
      at += p.size();
    }
  }

  /// Puts the parameters at x + step direction.
  void set(double step) {
    const T a = static_cast<T>(step);
    std::size_t first = 0;
    for (Tensor<T> p : this->parameters()) {
      for_each_element<T>(
          p.size(), [&](auto& to, const auto& x, const auto& d) { to = x + a * d; }, p.data(),
          std::as_const(x_).data() + first, std::as_const(direction_).data() + first);
      p.changed();
      first += p.size();
    }
  }

  /// direction = -H gradient.
  void find_direction() {
    direction_ = gradient_;
    factors_.resize(pairs_.size());
    for (std::size_t k = pairs_.size(); k-- > 0;) {
      factors_[k] = pairs_[k].inverse * dot(pairs_[k].s, direction_);
      add_multiple(direction_, -factors_[k], pairs_[k].y);
    }
    const T scale = pairs_.empty() ? T(1) : 1 / (pairs_.back().inverse * dot(pairs_.back().y, pairs_.back().y));
    for (T& one : direction_) one *= -scale;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      add_multiple(direction_, -factors_[k] - pairs_[k].inverse * dot(pairs_[k].y, direction_), pairs_[k].s);
    }
  }

  /// Adds the last step to the pairs if the curvature along it is positive.
  void remember(double step) {
    Pair pair;
    if (pairs_.size() >= options.history_size) {  // in the memory of the oldest
      pair = std::move(pairs_.front());
      pairs_.erase(pairs_.begin());
    }
    pair.s = direction_;
    for (T& one : pair.s) one *= static_cast<T>(step);
    pair.y = gradient_;
    add_multiple(pair.y, T(-1), last_gradient_);
    const T curvature = dot(pair.s, pair.y);
    if (!(curvature > std::numeric_limits<T>::epsilon() * dot(pair.y, pair.y))) return;
    pair.inverse = 1 / curvature;
    pairs_.push_back(std::move(pair));
  }

  Numbers x_, gradient_, direction_, last_gradient_, factors_;
  std::vector<Pair> pairs_;  // oldest first
};

}  // namespace duet::optim
