// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Forward mode: there are few columns and many rows. A dual carries all columns at once, in vector registers, through
// one evaluation of the function, and needs no memory but for the skin.

#include "ht.hpp"

#include <algorithm>
#include <duet/forward/dual.hpp>

namespace {

using bench::HandTracking;
using bench::HtInput;

class DualJacobian {
 public:
  explicit DualJacobian(const HtInput& input) : input_(input), jacobian_{input.columns(), {}} {
    if (input.pose.size() != HandTracking::pose_size) throw std::invalid_argument("a pose has 26 numbers");
  }

  const bench::HtJacobian& operator()() {
    if (input_.problem.has_triangles()) {
      differentiate<2>();
    } else {
      differentiate<0>();
    }
    return jacobian_;
  }

 private:
  template <int InFront>
  void differentiate() {
    constexpr int columns = InFront + HandTracking::pose_size;
    using Number = duet::Dual<double, columns>;
    jacobian_.elements.resize(3 * input_.problem.measured.size() * columns);
    std::vector<Number> pose;
    for (const double number : input_.pose) {
      pose.push_back(Number::variable(number, InFront + static_cast<int>(pose.size())));
    }
    input_.problem.each_error(
        pose, [&](std::size_t k) { return Number::variable(input_.variables[k], static_cast<int>(k % 2)); },
        [&](std::size_t row, const Number& error) {
          std::copy_n(error.tangents().data(), columns, &jacobian_.elements[row * columns]);
        });
  }

  const HtInput& input_;
  bench::HtJacobian jacobian_;
};

}  // namespace

int main() { return bench::serve({"duet", {bench::ht_by<DualJacobian>()}}); }
