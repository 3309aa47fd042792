// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <vector>

#include <duet/forward/forward.hpp>

#include "bounded.hpp"
#include "generator.hpp"

/// What is compared: derivatives of a program's first output, up to the third order.
namespace property {

/// The directions of the derivatives of higher order.
constexpr double directions[3][4] = {{1, -0.5, 0.75, 0.25}, {0.5, 1, -1, 2}, {-1, 0.25, 1, -0.5}};

/// Which derivative: 0 is the value; the bits of 1 to 7 say along which of the directions, so that 7 is of third order;
/// from `gradient` on the entries of the gradient.
using Which = int;
constexpr Which gradient = 8;

/// A derivative at a point, as some path gives it.
struct Answer {
  std::size_t point;
  Which which;
  double value;
};
using Answers = std::vector<Answer>;

/// Three directions at once, T being the number at the bottom.
template <class T>
using Triple = duet::Dual<duet::Dual<duet::Dual<T>>>;

/// Input number `i` with its tangents along all three directions.
template <class T>
Triple<T> triple(const T& x, std::size_t i) {
  using One = duet::Dual<T>;
  using Two = duet::Dual<One>;
  return Triple<T>(Two(One(x, T(directions[0][i])), One(T(directions[1][i]))), Two(One(T(directions[2][i]))));
}
template <class T>
const T& part(const Triple<T>& y, Which which) {
  const auto& two = which & 4 ? y.tangent() : y.primal();
  const auto& one = which & 2 ? two.tangent() : two.primal();
  return which & 1 ? one.tangent() : one.primal();
}

/// A derivative with a bound on the error that double precision may have.
struct Expected {
  double value = 0, bound = 0;
};

/// The derivatives by duals of precise numbers `V`, worked out where they are asked for.
template <class V>
class Reference {
  using B = Bounded<V>;

 public:
  Reference(const Program& p, const std::vector<double>& x) : p_(p), x_(x) {}

  Expected operator()(Which which) {
    if (which == 0 || which >= gradient) {
      if (!has_first_) first_ = run_first();
      has_first_ = true;
      return expected(which == 0 ? first_.primal() : first_.tangent(which - gradient));
    }
    if (!has_third_) third_ = run_third();
    has_third_ = true;
    return expected(part(third_, which));
  }

 private:
  using First = duet::Dual<B, 4>;

  First run_first() const {
    std::vector<First> x;
    for (double value : x_) x.push_back(First::variable(B(V(value)), static_cast<int>(x.size())));
    return value<First>(p_, x);
  }
  Triple<B> run_third() const {
    std::vector<Triple<B>> x;
    for (double value : x_) x.push_back(triple(B(V(value)), x.size()));
    return value<Triple<B>>(p_, x);
  }
  static Expected expected(const B& b) { return {static_cast<double>(b.value()), b.error()}; }

  const Program& p_;
  const std::vector<double>& x_;
  First first_;
  Triple<B> third_;
  bool has_first_ = false, has_third_ = false;
};

}  // namespace property
