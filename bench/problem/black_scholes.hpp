// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <numbers>

namespace bench {

/// The Black-Scholes price of a European call: spot, strike, interest rate, volatility, time to maturity.
struct BlackScholes {
  template <class T>
  constexpr T operator()(const T& spot, const T& strike, const T& rate, const T& volatility, const T& maturity) const {
    using std::exp;
    using std::log;
    using std::sqrt;
    const T spread = volatility * sqrt(maturity);
    const T d1 = (log(spot / strike) + (rate + 0.5 * volatility * volatility) * maturity) / spread;
    const T d2 = d1 - spread;
    return spot * normal_cdf(d1) - strike * exp(-rate * maturity) * normal_cdf(d2);
  }

 private:
  template <class T>
  static constexpr T normal_cdf(const T& x) {
    using std::erfc;
    return 0.5 * erfc(-x * (1.0 / std::numbers::sqrt2));
  }
};

}  // namespace bench
