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

template <engine E = BySize, class F, class X, class Options = CheckOptions>
Checked check_hessian(const F& f, const X& primals, const Options& options = {});

namespace check {

/// How large numbers are, as units of steps. Throws Error if there are none.
inline std::vector<double> scales(const std::vector<double>& numbers) {
  if (numbers.empty()) throw Error("duet: there is nothing to differentiate with respect to");
  std::vector<double> scale;
  for (double x : numbers) scale.push_back(x == 0 || !std::isfinite(x) ? 1 : std::abs(x));
  return scale;
}

/// A direction whose elements are as large as the numbers themselves.
inline std::vector<double> direction(const std::vector<double>& scale, std::mt19937& random) {
  std::vector<double> v;
  for (double one : scale) v.push_back(one * std::uniform_real_distribution<double>(-1, 1)(random));
  return v;
}
inline std::vector<double> direction(const std::vector<double>& scale, std::size_t leaf) {
  std::vector<double> v(scale.size(), 0.0);
  v[leaf] = scale[leaf];
  return v;
}

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
    for (int i = 0; i < options.directions; ++i) checked += f(direction(flat.scale(), random), "a random direction");
    if (checked) return checked;
  }
  for (std::size_t i = 0; i < flat.size(); ++i) checked += f(direction(flat.scale(), i), flat.name(i));
  return checked;
}

/// A function of the numbers in a structure, as a function of a row of them. Structures of tensors have one of their
/// own (check_tensors.hpp).
template <class F, class X>
class Flattened {
 public:
  Flattened(const F& f, const X& primals)
      : f_(f), primals_(primals), at_(flatten(primals)), names_(leaf_names(primals)), scale_(scales(at_)) {}

  std::size_t size() const { return at_.size(); }
  const std::string& name(std::size_t i) const { return names_[i]; }
  const std::vector<double>& scale() const { return scale_; }

  /// The results, and their names.
  std::vector<double> values() const { return row<double>(value(primals())); }
  std::vector<std::string> result_names() const { return leaf_names(value(primals())); }

  /// The tangents of the results along `v`, and their differences.
  template <class E>
  std::vector<double> tangents(const std::vector<double>& v) const {
    return flatten(jvp<E>(f_, primals(), structure(v)).second);
  }
  template <class Options>
  std::vector<Difference> differences(const std::vector<double>& v) const {
    return differences<Options>(v, [](const auto& results) { return results; });
  }
  /// Those of what `g` makes of the results, row for row.
  template <class Options, class G>
  std::vector<Difference> differences(const std::vector<double>& v, const G& g) const {
    if constexpr (Options::complex_step) {
      return complex_step(
          [&](const std::complex<double>& t) { return g(row<std::complex<double>>(value(along(v, t)))); });
    } else {
      return central_differences([&](double t) { return g(row<double>(value(along(v, t)))); });
    }
  }

  /// The cotangents of the primals for those of the results.
  template <class E>
  std::vector<double> cotangents(const std::vector<double>& w) const {
    const auto [y, pullback] = vjp<E>(f_, primals());
    return flatten(pullback(unflatten(y, w)));
  }

  /// The gradient of a scalar function, its product with the Hessian, and the differences of the gradient along `v`.
  template <class E>
  std::vector<double> gradient() const {
    return gradient_at<E>(primals());
  }
  template <class E>
  std::vector<double> curvatures(const std::vector<double>& v) const {
    return flatten(hvp<E>(f_, primals(), structure(v)));
  }
  template <class E>
  std::vector<Difference> gradient_differences(const std::vector<double>& v) const {
    return central_differences([&](double t) { return gradient_at<E>(along(v, t)); });
  }

  /// Compares derivatives from order 2 on.
  template <class E, int Order>
  Checked higher_orders(const CheckOptions& options) const {
    Checked checked;
    [&]<int... K>(std::integer_sequence<int, K...>) { ((checked += taylor_coefficient<K + 2>(options)), ...); }
    (std::make_integer_sequence<int, Order - 1>{});
    if constexpr (is_number<decltype(value(primals()))>) checked += check_hessian<E>(f_, primals_, options);
    return checked;
  }

 private:
  /// A row in the structure of the primals.
  template <class S>
  auto structure(const std::vector<S>& row) const {
    return unflatten(primals_, row);
  }
  auto primals() const { return structure(at_); }

  template <class Step>
  auto along(const std::vector<double>& v, const Step& t) const {
    std::vector<Step> x;
    for (std::size_t i = 0; i < size(); ++i) x.push_back(at_[i] + t * v[i]);
    return structure(x);
  }
  auto value(const auto& x) const { return transform::value_at(f_, x); }

  template <class E>
  std::vector<double> gradient_at(const auto& x) const {
    return flatten(transform::pull<E>(f_, x, 1.0).second);
  }

  /// Compares Taylor coefficient `K` along directions, by `taylor`, with differences of the one before.
  template <int K>
  Checked taylor_coefficient(const CheckOptions& options) const {
    return along_directions(*this, options, [&](const std::vector<double>& v, const std::string& leaf) {
      Checked checked;
      const auto coefficients = taylor<K>(f_, primals(), structure(v));
      const std::vector<double> here = flatten(coefficients[K]), before = flatten(coefficients[K - 1]);
      const auto differences = central_differences(
          [&](double t) { return row<double>(taylor<K - 1>(f_, along(v, t), structure(v))[K - 1]); });
      const std::vector<std::string> names = leaf_names(coefficients[K]);
      const std::string what = "taylor<" + std::to_string(K) + ">";
      for (std::size_t k = 0; k < here.size(); ++k) {
        compare(checked, options, what.c_str(), of(names[k], leaf), K * here[k], differences[k], std::abs(before[k]));
      }
      return checked;
    });
  }

  const F& f_;
  const X& primals_;
  std::vector<double> at_;
  std::vector<std::string> names_;
  std::vector<double> scale_;
};

}  // namespace check

/// Compares the tangents by `jvp` with differences, each result along each direction.
template <engine E = Forward, class F, class X, class Options = CheckOptions>
Checked check_jvp(const F& f, const X& primals, const Options& options = {}) {
  const check::Flattened flat(f, primals);
  const std::vector<double> values = flat.values();
  const std::vector<std::string> names = flat.result_names();
  return check::along_directions(flat, options, [&](const std::vector<double>& v, const std::string& leaf) {
    Checked checked;
    const std::vector<double> tangents = flat.template tangents<E>(v);
    const auto differences = flat.template differences<Options>(v);
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
  const std::vector<double> values = flat.values();
  std::mt19937 random(options.seed + 1);
  std::vector<double> w;
  for (std::size_t k = 0; k < values.size(); ++k) w.push_back(std::uniform_real_distribution<double>(0.5, 1)(random));
  const std::vector<double> cotangents = flat.template cotangents<E>(w);
  double size = 0;
  for (std::size_t k = 0; k < values.size(); ++k) size += std::abs(w[k] * values[k]);
  const auto weighted = [&]<class S>(const std::vector<S>& results) {
    S sum = 0;
    for (std::size_t k = 0; k < results.size(); ++k) sum += w[k] * results[k];
    return std::vector{sum};
  };
  return check::along_directions(flat, options, [&](const std::vector<double>& v, const std::string& leaf) {
    Checked checked;
    const std::string result = values.size() == 1 ? "" : "s, weighted,";
    check::compare(checked, options, "vjp", check::of(result, leaf), dot(cotangents, v),
                   flat.template differences<Options>(v, weighted)[0], size);
    return checked;
  });
}

/// Compares products with the Hessian of a scalar function, by `hvp`, with differences of the gradient.
template <engine E, class F, class X, class Options>
Checked check_hessian(const F& f, const X& primals, const Options& options) {
  static_assert(!Options::complex_step, "duet: gradients are differenced with real steps; pass duet::CheckOptions");
  const check::Flattened flat(f, primals);
  const std::vector<double> slopes = flat.template gradient<E>();
  return check::along_directions(flat, options, [&](const std::vector<double>& v, const std::string& leaf) {
    Checked checked;
    const std::vector<double> products = flat.template curvatures<E>(v);
    const auto differences = flat.template gradient_differences<E>(v);
    for (std::size_t k = 0; k < products.size(); ++k) {
      check::compare(checked, options, "hvp", "the slope by " + flat.name(k) + " by " + leaf, products[k],
                     differences[k], std::abs(slopes[k]));
    }
    return checked;
  });
}

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
  if constexpr (Order::value >= 2) {
    checked += check::Flattened(f, primals).template higher_orders<E, Order::value>(CheckOptions(options));
  }
  return checked;
}
template <template <class> class P, class... A>
Checked check_grads(const A&... a) {
  return check_grads<P<double>>(a...);
}

}  // namespace duet
