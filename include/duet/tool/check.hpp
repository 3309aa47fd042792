// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <random>

#include <duet/duet.hpp>
#include <duet/tool/check_report.hpp>

/// Derivatives against differences, for tests of functions and of own rules.
namespace duet {

/// How to check.
struct CheckOptions {
  static constexpr bool complex_step = false;
  double tolerance = 1e-6;   // relative; what the differences can't tell is allowed on top
  bool all_entries = false;  // along each leaf of the primals; else along random directions
  int directions = 1;        // how many of those
  unsigned seed = 1;         // of those
};

/// The same with complex steps in place of differences, exact but for rounding: for functions that can be called with
/// `std::complex<double>`, are analytic, and don't compare.
struct ComplexCheckOptions : CheckOptions {
  static constexpr bool complex_step = true;
};

namespace check {

/// The numbers in the result of a function that was called with numbers of type `S`.
template <class S, class Y>
std::vector<S> row(const Y& y) {
  std::vector<S> numbers;
  const auto add = [&]<class T>(const T& number) {
    static_assert(!std::integral<T>,
                  "duet: called with doubles, the function returns an integer; write using std::abs "
                  "(or std::floor, ...) in it, since abs(x) alone is that of the C language for integers");
    numbers.push_back(number);
  };
  if constexpr (std::is_convertible_v<Y, S>) {
    add(y);
  } else {
    tree::for_each_leaf(y, add);
  }
  return numbers;
}

/// A function of the numbers in a structure, as a function of a row of them.
template <class F, class X>
class Flattened {
 public:
  Flattened(const F& f, const X& primals) : f_(f), primals_(primals), at_(flatten(primals)) {
    if (at_.empty()) throw Error("duet: there is nothing to differentiate with respect to");
    names_ = leaf_names(primals);
    for (double x : at_) scale_.push_back(x == 0 || !std::isfinite(x) ? 1 : std::abs(x));
  }

  std::size_t size() const { return at_.size(); }
  const std::string& name(std::size_t i) const { return names_[i]; }

  /// A direction whose elements are as large as the numbers themselves.
  std::vector<double> direction(std::mt19937& random) const {
    std::vector<double> v;
    for (double scale : scale_) v.push_back(scale * std::uniform_real_distribution<double>(-1, 1)(random));
    return v;
  }
  std::vector<double> direction(std::size_t leaf) const {
    std::vector<double> v(size(), 0.0);
    v[leaf] = scale_[leaf];
    return v;
  }

  /// A row in the structure of the primals.
  auto structure(const std::vector<double>& row) const { return unflatten(primals_, row); }
  auto primals() const { return structure(at_); }

  /// The results of `g(f, primals + t v)`, as a row, for a step t.
  template <class G, class Step>
  auto along(const G& g, const std::vector<double>& v, const Step& t) const {
    std::vector<Step> x;
    for (std::size_t i = 0; i < size(); ++i) x.push_back(at_[i] + t * v[i]);
    return row<Step>(g(f_, unflatten(primals_, x)));
  }

  /// The derivatives of those by t.
  template <class Options, class G>
  std::vector<Difference> differences(const G& g, const std::vector<double>& v) const {
    if constexpr (Options::complex_step) {
      return complex_step([&](const std::complex<double>& t) { return along(g, v, t); });
    } else {
      return central_differences([&](double t) { return along(g, v, t); });
    }
  }

  const F& function() const { return f_; }

 private:
  const F& f_;
  const X& primals_;
  std::vector<double> at_, scale_;
  std::vector<std::string> names_;
};

/// Compares a derivative along a direction with a difference. A difference that doesn't settle is no agreement: there
/// is a kink, a jump, noise, or no point around where the function is finite.
inline void compare(Checked& checked, const CheckOptions& options, const char* what, const std::string& of,
                    double derivative, const Difference& difference, double size) {
  checked.add_comparison();
  const double larger = std::max(std::abs(derivative), std::abs(difference.value));
  const double unknown = 10 * difference.uncertainty;
  const bool settled = unknown <= 1e-2 * larger || unknown <= 1e-8 * size;
  const bool close = std::abs(derivative - difference.value) <= options.tolerance * larger + unknown + 1e-14 * size;
  if (!(settled && close)) checked.add({what, of, derivative, difference});
}

inline std::string of(const std::string& result, const std::string& leaf) {
  return (result.empty() ? "the result" : "result" + result) + " by " + (leaf.empty() ? "the argument" : leaf);
}

/// Calls `f(direction, its name)` with the directions that the options ask for. Those at random which disagree are
/// taken apart into all entries, so that the report names the leaf.
template <class Flat, class F>
Checked along_directions(const Flat& flat, const CheckOptions& options, const F& f) {
  Checked checked;
  if (!options.all_entries) {
    std::mt19937 random(options.seed);
    for (int i = 0; i < options.directions; ++i) checked += f(flat.direction(random), "a random direction");
    if (checked) return checked;
  }
  for (std::size_t i = 0; i < flat.size(); ++i) checked += f(flat.direction(i), flat.name(i));
  return checked;
}

inline constexpr auto value = [](const auto& f, const auto& x) { return transform::value_at(f, x); };

}  // namespace check

/// Compares the tangents by `jvp` with differences, each result along each direction.
template <engine E = Forward, class F, class X, class Options = CheckOptions>
Checked check_jvp(const F& f, const X& primals, const Options& options = {}) {
  const check::Flattened flat(f, primals);
  const auto y = check::value(f, flat.primals());
  const std::vector<double> values = check::row<double>(y);
  const std::vector<std::string> names = leaf_names(y);
  return check::along_directions(flat, options, [&](const std::vector<double>& v, const std::string& leaf) {
    Checked checked;
    const std::vector<double> tangents = flatten(jvp<E>(f, flat.primals(), flat.structure(v)).second);
    const auto differences = flat.template differences<Options>(check::value, v);
    for (std::size_t k = 0; k < tangents.size(); ++k) {
      check::compare(checked, options, "jvp", check::of(names[k], leaf), tangents[k], differences[k],
                     std::abs(values[k]));
    }
    return checked;
  });
}

/// Compares the cotangents by `vjp` with differences: the dot-product test <w, J v> = <J'w, v>, where w is random and
/// J v is measured.
template <engine E = BySize, class F, class X, class Options = CheckOptions>
Checked check_vjp(const F& f, const X& primals, const Options& options = {}) {
  const check::Flattened flat(f, primals);
  const auto [y, pullback] = vjp<E>(f, flat.primals());
  const std::vector<double> values = check::row<double>(y);
  std::mt19937 random(options.seed + 1);
  std::vector<double> w;
  for (std::size_t k = 0; k < values.size(); ++k) w.push_back(std::uniform_real_distribution<double>(0.5, 1)(random));
  const std::vector<double> cotangents = flatten(pullback(unflatten(y, w)));
  double size = 0;
  for (std::size_t k = 0; k < values.size(); ++k) size += std::abs(w[k] * values[k]);
  using Number = std::conditional_t<Options::complex_step, std::complex<double>, double>;
  const auto weighted = [&](const auto& g, const auto& x) {
    const std::vector<Number> results = check::row<Number>(check::value(g, x));
    Number sum = 0;
    for (std::size_t k = 0; k < results.size(); ++k) sum += w[k] * results[k];
    return sum;
  };
  return check::along_directions(flat, options, [&](const std::vector<double>& v, const std::string& leaf) {
    Checked checked;
    const std::string result = values.size() == 1 ? "" : "s, weighted,";
    check::compare(checked, options, "vjp", check::of(result, leaf), dot(cotangents, v),
                   flat.template differences<Options>(weighted, v)[0], size);
    return checked;
  });
}

/// Compares products with the Hessian of a scalar function, by `hvp`, with differences of the gradient.
template <engine E = BySize, class F, class X, class Options = CheckOptions>
Checked check_hessian(const F& f, const X& primals, const Options& options = {}) {
  static_assert(!Options::complex_step, "duet: gradients are differenced with real steps; pass duet::CheckOptions");
  const check::Flattened flat(f, primals);
  const auto gradient = [](const auto& g, const auto& x) { return transform::pull<E>(g, x, 1.0).second; };
  const std::vector<double> slopes = flatten(gradient(f, flat.primals()));
  return check::along_directions(flat, options, [&](const std::vector<double>& v, const std::string& leaf) {
    Checked checked;
    const std::vector<double> products = flatten(hvp<E>(f, flat.primals(), flat.structure(v)));
    const auto differences = flat.template differences<Options>(gradient, v);
    for (std::size_t k = 0; k < products.size(); ++k) {
      check::compare(checked, options, "hvp", "the slope by " + flat.name(k) + " by " + leaf, products[k],
                     differences[k], std::abs(slopes[k]));
    }
    return checked;
  });
}

namespace check {

/// Compares Taylor coefficient `K` along directions, by `taylor`, with differences of the one before.
template <int K, class F, class X>
Checked taylor_coefficient(const F& f, const X& primals, const CheckOptions& options) {
  const Flattened flat(f, primals);
  return along_directions(flat, options, [&](const std::vector<double>& v, const std::string& leaf) {
    Checked checked;
    const auto coefficients = taylor<K>(f, flat.primals(), flat.structure(v));
    const std::vector<double> here = flatten(coefficients[K]), before = flatten(coefficients[K - 1]);
    const auto lower = [&](const auto& g, const auto& x) { return taylor<K - 1>(g, x, flat.structure(v))[K - 1]; };
    const auto differences = flat.template differences<CheckOptions>(lower, v);
    const std::vector<std::string> names = leaf_names(coefficients[K]);
    const std::string what = "taylor<" + std::to_string(K) + ">";
    for (std::size_t k = 0; k < here.size(); ++k) {
      compare(checked, options, what.c_str(), of(names[k], leaf), K * here[k], differences[k], std::abs(before[k]));
    }
    return checked;
  });
}

}  // namespace check

/// Compares the derivatives of `f` at `primals` up to an order, written `2_c`, with differences: `jvp` and `vjp`; from
/// order 2 on Taylor coefficients along directions and, if `f` is scalar, products with the Hessian. `E` is the policy
/// of the reverse sweeps.
///
/// Differences are taken in double, along one random direction unless the options ask for more. A disagreement along it
/// is followed by one comparison for each leaf, which names the wrong ones. At a kink the difference is the mean of the
/// slopes on both sides, so the check fails unless that is the convention there.
///
/// Cost: about 24 calls of what is differenced for each direction.
template <engine E = BySize, class F, class X, class Order = std::integral_constant<int, 1>,
          class Options = CheckOptions>
Checked check_grads(const F& f, const X& primals, Order = {}, const Options& options = {}) {
  static_assert(integral_constant<Order>,
                "duet: the order of a check is part of its type; write 2_c or std::integral_constant<int, 2>()");
  Checked checked = check_jvp(f, primals, options);
  checked += check_vjp<E>(f, primals, options);
  [&]<int... K>(std::integer_sequence<int, K...>) {
    ((checked += check::taylor_coefficient<K + 2>(f, primals, options)), ...);
  }
  (std::make_integer_sequence<int, Order::value - 1>{});
  if constexpr (Order::value >= 2 && is_number<decltype(transform::value_at(f, primals))>) {
    checked += check_hessian<E>(f, primals, CheckOptions(options));
  }
  return checked;
}
template <template <class> class P, class... A>
Checked check_grads(const A&... a) {
  return check_grads<P<double>>(a...);
}

}  // namespace duet
