// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <numbers>
#include <tuple>
#include <utility>

namespace bench::hand {

/// Value and gradient of bench::BlackScholes: the closed-form Greeks delta, dual delta, rho, vega and minus theta.
struct BlackScholes {
  std::pair<double, std::tuple<double, double, double, double, double>> operator()(double spot, double strike,
                                                                                   double rate, double volatility,
                                                                                   double maturity) const {
    const double root = std::sqrt(maturity);
    const double spread = volatility * root;
    const double d1 = (std::log(spot / strike) + (rate + 0.5 * volatility * volatility) * maturity) / spread;
    const double d2 = d1 - spread;
    const double delta = 0.5 * std::erfc(-d1 * (1.0 / std::numbers::sqrt2));
    const double discount = std::exp(-rate * maturity);
    const double exercise = 0.5 * discount * std::erfc(-d2 * (1.0 / std::numbers::sqrt2));
    const double owed = strike * exercise;
    const double density = (0.5 * std::numbers::inv_sqrtpi * std::numbers::sqrt2) * std::exp(-0.5 * d1 * d1);
    const double vega = spot * density * root;
    return {spot * delta - owed,
            {delta, -exercise, maturity * owed, vega, 0.5 * vega * volatility / maturity + rate * owed}};
  }
};

}  // namespace bench::hand
