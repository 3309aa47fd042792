// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/functional.hpp>
#include <duet/tensor/parameters.hpp>
#include <duet/tool/check.hpp>

/// Checks of functions of tensors: with this header, `check_grads` and its parts take tensors and structures of tensors
/// as primals, in the way of tensor/functional.hpp. From order 2 on, the derivatives of the gradient along a random
/// direction are compared, again by `jvp` and `vjp`, for results of any shape.
namespace duet::check {

/// The derivative of <w, f> along v as a function of its own.
template <class F, class X, class T>
struct Slope {
  const F& f;
  const T& w;
  const X& v;

  T operator()(const X& x) const {
    const EnableGrad guard;
    const X gradient = autograd::functional::vjp(f, x, w, {.create_graph = true}).second;
    const std::vector<T> directions = tree::leaves_as<T>(v);
    T total(0.0);
    std::size_t k = 0;
    tree::for_each_leaf(gradient, [&](const T& one) { total = T(total + sum(one * directions[k++])); });
    return total;
  }
};

template <class F, model X>
class Flattened<F, X> {
  using T = tensor::LeaderOf<X>;
  using Memory = tensor::Memory<typename T::place_type>;
  static_assert(std::same_as<typename T::value_type, double>,
                "duet: differences of floats tell little; check the function on tensors of doubles");

 public:
  Flattened(const F& f, const X& primals)
      : f_(f), primals_(primals), at_(row_of(primals)), names_(names_of(primals)), scale_(scales(at_)) {}

  std::size_t size() const { return at_.size(); }
  const std::string& name(std::size_t i) const { return names_[i]; }
  const std::vector<double>& scale() const { return scale_; }

  std::vector<double> values() const { return row_of(value(primals_)); }
  std::vector<std::string> result_names() const { return names_of(value(primals_)); }

  template <class E>
  std::vector<double> tangents(const std::vector<double>& v) const {
    return row_of(autograd::functional::jvp(f_, primals_, structure(primals_, v)).second);
  }
  template <class Options>
  std::vector<Difference> differences(const std::vector<double>& v) const {
    return differences<Options>(v, [](const auto& results) { return results; });
  }
  template <class Options, class G>
  std::vector<Difference> differences(const std::vector<double>& v, const G& g) const {
    static_assert(!Options::complex_step, "duet: tensors hold real numbers; pass duet::CheckOptions");
    return central_differences([&](double t) { return g(row_of(value(along(v, t)))); });
  }

  template <class E>
  std::vector<double> cotangents(const std::vector<double>& w) const {
    return row_of(autograd::functional::vjp(f_, primals_, structure(value(primals_), w)).second);
  }

  template <class E>
  std::vector<double> gradient() const {
    return gradient_at(primals_);
  }
  template <class E>
  std::vector<double> curvatures(const std::vector<double>& v) const {
    return row_of(autograd::functional::hvp(f_, primals_, structure(primals_, v)).second);
  }
  template <class E>
  std::vector<Difference> gradient_differences(const std::vector<double>& v) const {
    return central_differences([&](double t) { return gradient_at(along(v, t)); });
  }

  template <class E, int Order>
  Checked higher_orders(const CheckOptions& options) const {
    std::mt19937 random(options.seed + 2);
    const T y = value(primals_);
    const T w = structure(y, direction(std::vector<double>(y.size(), 1), random));
    const X v = structure(primals_, direction(scale_, random));
    const Slope<F, X, T> slope{f_, w, v};
    return check_grads<E>(slope, primals_, std::integral_constant<int, Order - 1>(), options).of_derivative("vjp");
  }

 private:
  /// The elements of all tensors, one after the other, and their names.
  static std::vector<double> row_of(const auto& x) {
    std::vector<double> all;
    tree::for_each_leaf(x, [&](const T& one) {
      const std::vector<double> elements = one.vector();
      all.insert(all.end(), elements.begin(), elements.end());
    });
    return all;
  }
  static std::vector<std::string> names_of(const auto& x) {
    const std::vector<std::string> tensors = leaf_names(x);
    std::vector<std::string> names;
    std::size_t k = 0;
    tree::for_each_leaf(x, [&](const T& one) {
      for (std::size_t i = 0; i < one.size(); ++i) names.push_back(tensors[k] + tree::index_of(one, i));
      ++k;
    });
    return names;
  }

  /// A row in the structure of some tensors.
  template <class Like>
  static Like structure(const Like& like, const std::vector<double>& row) {
    const double* next = row.data();
    return tree::map_leaves<T>(like, [&](const T& x) {
      T y = T::uninitialized(x.shape());
      Memory::write(next, y.size(), y.data());
      next += y.size();
      return y;
    });
  }

  X along(const std::vector<double>& v, double t) const {
    std::vector<double> x = at_;
    for (std::size_t i = 0; i < size(); ++i) x[i] += t * v[i];
    return structure(primals_, x);
  }
  T value(const X& x) const { return tensor::Called<F, X>(f_, x, false).value.detach(); }
  std::vector<double> gradient_at(const X& x) const { return row_of(autograd::functional::vjp(f_, x).second); }

  const F& f_;
  const X& primals_;
  std::vector<double> at_;
  std::vector<std::string> names_;
  std::vector<double> scale_;
};

}  // namespace duet::check
