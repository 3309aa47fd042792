// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/transform/derivative.hpp>
#include <duet/transform/second_order.hpp>

/// The transforms with a class template as their policy: `grad<DynamicTape>(f)` is `grad<DynamicTape<>>(f)`.
namespace duet {

template <template <class> class P, class... A>
constexpr auto grad(const A&... a) {
  return grad<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto value_and_grad(const A&... a) {
  return value_and_grad<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto jacobian(const A&... a) {
  return jacobian<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto value_and_jacobian(const A&... a) {
  return value_and_jacobian<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto jacfwd(const A&... a) {
  return jacfwd<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto jacrev(const A&... a) {
  return jacrev<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto hessian(const A&... a) {
  return hessian<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto value_grad_hessian(const A&... a) {
  return value_grad_hessian<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto hessian_diagonal(const A&... a) {
  return hessian_diagonal<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto gauss_newton_product(const A&... a) {
  return gauss_newton_product<P<double>>(a...);
}
template <int K, template <class> class P, class F>
constexpr auto derivative(const F& f) {
  return derivative<K, P<double>>(f);
}
template <int K, template <class> class P, class... A>
constexpr auto taylor(const A&... a) {
  return taylor<K, P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto jvp(const A&... a) {
  return jvp<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto linearize(const A&... a) {
  return linearize<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto vjp(const A&... a) {
  return vjp<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto hvp(const A&... a) {
  return hvp<P<double>>(a...);
}
template <template <class> class P, class... A>
constexpr auto vhp(const A&... a) {
  return vhp<P<double>>(a...);
}

}  // namespace duet
