// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <string>
#include <utility>

#include <duet/simd/functions.hpp>

/// The functions of batches of doubles, beside what they are compared with.
namespace lanes {

/// The best architecture that there are functions of our own for.
using Arch =
    std::conditional_t<duet::simd::tunable<xsimd::default_arch>, xsimd::default_arch, xsimd::fma3<xsimd::avx2>>;
using B = duet::simd::Doubles<Arch>;

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Whether this program's instructions are known to the machine that runs it.
inline bool can_run() {
#if defined(__AVX2__) && defined(__FMA__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return true;
#endif
}

/// A function of batches, in the C library, and there with more digits.
struct Function {
  std::string name;
  B (*of_batch)(const B&, const B&);
  double (*in_library)(double, double);
  long double (*exact)(long double, long double);
};
template <class F, class T>
T call(const T& x, const T& y) {
  if constexpr (std::invocable<F, T>) {
    return F{}(x);
  } else {
    return F{}(x, y);
  }
}
template <class F>
Function function(std::string name, F) {
  return {std::move(name), &call<F, B>, [](double x, double y) { return call<F, double>(x, y); },
          [](long double x, long double y) { return call<F, long double>(x, y); }};
}

// the functions of batches are found by their arguments
using std::acosh, std::asinh, std::atanh, std::cosh, std::exp, std::exp2, std::expm1, std::log, std::log10, std::log1p,
    std::log2, std::pow, std::sinh, std::tanh;
inline const Function exp_of = function("exp", [](const auto& x) { return exp(x); });
inline const Function exp2_of = function("exp2", [](const auto& x) { return exp2(x); });
inline const Function expm1_of = function("expm1", [](const auto& x) { return expm1(x); });
inline const Function log_of = function("log", [](const auto& x) { return log(x); });
inline const Function log2_of = function("log2", [](const auto& x) { return log2(x); });
inline const Function log10_of = function("log10", [](const auto& x) { return log10(x); });
inline const Function log1p_of = function("log1p", [](const auto& x) { return log1p(x); });
inline const Function sinh_of = function("sinh", [](const auto& x) { return sinh(x); });
inline const Function cosh_of = function("cosh", [](const auto& x) { return cosh(x); });
inline const Function tanh_of = function("tanh", [](const auto& x) { return tanh(x); });
inline const Function asinh_of = function("asinh", [](const auto& x) { return asinh(x); });
inline const Function acosh_of = function("acosh", [](const auto& x) { return acosh(x); });
inline const Function atanh_of = function("atanh", [](const auto& x) { return atanh(x); });
inline const Function pow_of = function("pow", [](const auto& x, const auto& y) { return pow(x, y); });

/// The error in units of the last place of the true value.
inline double units(double y, long double truth) {
  const auto rounded = static_cast<double>(truth);
  if (y == rounded || (std::isnan(y) && std::isnan(rounded))) return 0;
  if (!std::isfinite(y) || !std::isfinite(rounded)) return infinity;
  const int exponent = std::max(truth == 0 ? -1022 : std::ilogb(truth), -1022);
  return static_cast<double>(std::abs(y - truth) / std::ldexp(1.0L, exponent - 52));
}

}  // namespace lanes
