// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include <duet/op/active.hpp>

/// Numbers of fifty digits, with the functions of the op table that Boost.Multiprecision leaves out.
namespace property {

using Real =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float_50::backend_type, boost::multiprecision::et_off>;

}  // namespace property

template <>
inline constexpr bool duet::is_number<property::Real> = true;

namespace boost::multiprecision {

inline property::Real digamma(const property::Real& x) { return math::digamma(x); }
inline property::Real polygamma(int order, const property::Real& x) { return math::polygamma(order, x); }

/// The derivative of order k of sin(pi x) / (pi x), term by term: the sum of (-1)^m z^(2m - k) / ((2m + 1) (2m - k)!)
/// times pi^k, z = pi x. For moderate z.
inline property::Real sinc(int k, const property::Real& x) {
  using property::Real;
  const Real pi = math::constants::pi<Real>(), z = pi * x;
  Real sum = 0, power = 1, factorial = 1;
  for (int n = 0; n < 100; ++n) {
    if (n > 0) power *= z, factorial *= n;
    const int twice = n + k;
    if (twice % 2 != 0) continue;
    const Real term = power / factorial / (twice + 1);
    sum += twice / 2 % 2 == 0 ? term : Real(-term);
  }
  return sum * pow(pi, k);
}

}  // namespace boost::multiprecision
