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
template <class T, class P = DefaultPlace>
class LBFGS : public Optimizer<T, P> {
 public:
  LBFGSOptions options;

  explicit LBFGS(std::vector<Tensor<T, P>> parameters, const LBFGSOptions& how = {})
      : Optimizer<T, P>(std::move(parameters)), options(how) {
    if (how.history_size == 0) throw Error("LBFGS: history_size must be at least 1");
    std::size_t size = 0;
    for (const Vector& p : this->parameters()) size += p.size();
    for (Vector* all : {&x_, &gradient_, &direction_, &last_gradient_}) *all = Vector::uninitialized({size});
    sum_ = Vector::uninitialized({});
    factors_ = Vector::uninitialized({how.history_size});
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
      gather(gradient_, [](const Vector& p) { return p.grad(); });
      return value;
    };
    const T first = loss();
    double value = first;
    for (int k = 0; k < options.max_iter && evaluations < options.max_eval; ++k) {
      if (is_within(gradient_, 1, options.tolerance_grad)) break;
      find_direction();
      double slope = dot(direction_, gradient_);
      if (!(slope < 0)) {  // what is remembered doesn't fit any more
        pairs_.clear();
        find_direction();
        slope = dot(direction_, gradient_);
      }
      const double length = pairs_.empty() ? std::min(1.0, 1 / sum_of_sizes(gradient_)) * options.lr : options.lr;
      gather(x_, [](const Vector& p) { return p; });
      copy(gradient_, last_gradient_);
      const auto at = [&](double step) {
        set(step);
        const double there = loss();
        return LinePoint{step, there, static_cast<double>(dot(direction_, gradient_))};
      };
      const LinePoint taken = strong_wolfe({0, value, slope}, length, options.max_eval - evaluations, at);
      remember(taken.step);
      const double change = std::abs(taken.value - value);
      value = taken.value;
      if (change < options.tolerance_change || is_within(direction_, taken.step, options.tolerance_change)) break;
    }
    return first;
  }

 private:
  using Vector = Tensor<T, P>;
  /// A step s, the change y of the gradient along it, 1 / s y, and s y / y y, the size of the inverse Hessian.
  struct Pair {
    Vector s, y;
    T inverse, scale;
  };

  template <class L>
  static T number(const L& loss) {
    if constexpr (std::is_arithmetic_v<L>) {
      return static_cast<T>(loss);
    } else {
      return loss.item();
    }
  }

  static void copy(const Vector& from, Vector& to) { tensor::Memory<P>::copy(from.data(), from.size(), to.data()); }
  /// What `compute` made of all elements; the thread waits for it.
  T dot(const Vector& a, const Vector& b) {
    tensor::compute<P, T>([](auto a, auto b) { return a * b; }, a.shape(), {a.data(), b.data()}, {total()});
    return sum_.item();
  }
  double sum_of_sizes(const Vector& x) {
    tensor::compute<P, T>([](auto x) { return abs(x); }, x.shape(), {x.data()}, {total()});
    return sum_.item();
  }
  /// Whether no element of `factor x` is larger than `most`.
  bool is_within(const Vector& x, double factor, double most) {
    const auto is_larger = [](auto x, auto factor, auto most) { return where(factor * abs(x) > most, 1, 0); };
    tensor::compute<P, T>(is_larger, x.shape(), {x.data()}, {static_cast<T>(factor), static_cast<T>(most)}, {total()});
    return sum_.item() == 0;
  }
  tensor::Array<T> total() { return tensor::single(sum_.data()); }

  /// Copies what `of(p)` gives for every parameter into one vector; zeros where it gives nothing.
  template <class F>
  void gather(Vector& to, const F& of) const {
    T* at = to.data();
    for (const Vector& p : this->parameters()) {
      const Vector from = of(p);
      if (from.defined()) {
        tensor::Memory<P>::copy(from.data(), p.size(), at);
      } else {
        tensor::Memory<P>::fill(at, p.size(), T(0));
      }
      at += p.size();
    }
  }

  /// Puts the parameters at x + step direction.
  void set(double step) {
    const auto moved = [](auto x, auto d, auto step) { return x + step * d; };
    std::size_t first = 0;
    for (Vector p : this->parameters()) {
      tensor::compute<P, T>(moved, p.shape(), {x_.data() + first, direction_.data() + first}, {static_cast<T>(step)},
                            {p.data()});
      p.changed();
      first += p.size();
    }
  }

  /// direction = -H gradient. The factors stay where the vectors are, nobody waits for them.
  void find_direction() {
    using tensor::single;
    const Shape& shape = direction_.shape();
    T* const d = direction_.data();
    T* const factors = factors_.data();
    const auto product = [](auto a, auto b, auto inverse) { return inverse * a * b; };
    copy(gradient_, direction_);
    for (std::size_t k = pairs_.size(); k-- > 0;) {
      const auto& [s, y, inverse, scale] = pairs_[k];
      tensor::compute<P, T>(product, shape, {s.data(), d}, {inverse}, {single(factors + k)});
      const auto without = [](auto d, auto y, auto a) { return d - a * y; };
      tensor::compute<P, T>(without, shape, {d, y.data(), single<const T>(factors + k)}, {d});
    }
    const T scale = pairs_.empty() ? T(1) : pairs_.back().scale;
    tensor::compute<P, T>([](auto d, auto scale) { return -scale * d; }, shape, {d}, {scale}, {d});
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      const auto& [s, y, inverse, size] = pairs_[k];
      tensor::compute<P, T>(product, shape, {y.data(), d}, {inverse}, {total()});
      const auto corrected = [](auto d, auto s, auto a, auto b) { return d - (a + b) * s; };
      tensor::compute<P, T>(corrected, shape, {d, s.data(), single<const T>(factors + k), single<const T>(sum_.data())},
                            {d});
    }
  }

  /// Adds the last step to the pairs if the curvature along it is positive.
  void remember(double step) {
    const Shape& shape = direction_.shape();
    Pair pair;
    if (pairs_.size() >= options.history_size) {  // in the memory of the oldest
      pair = std::move(pairs_.front());
      pairs_.erase(pairs_.begin());
    } else {
      pair.s = Vector::uninitialized(shape);
      pair.y = Vector::uninitialized(shape);
    }
    const auto change = [](auto d, auto g, auto last, auto step) { return std::tuple(step * d, g - last); };
    tensor::compute<P, T>(change, shape, {direction_.data(), gradient_.data(), last_gradient_.data()},
                          {static_cast<T>(step)}, {pair.s.data(), pair.y.data()});
    const T curvature = dot(pair.s, pair.y), square = dot(pair.y, pair.y);
    if (!(curvature > std::numeric_limits<T>::epsilon() * square)) return;
    pair.inverse = 1 / curvature;
    pair.scale = curvature / square;
    pairs_.push_back(std::move(pair));
  }

  Vector x_, gradient_, direction_, last_gradient_, factors_, sum_;
  std::vector<Pair> pairs_;  // oldest first
};

}  // namespace duet::optim
