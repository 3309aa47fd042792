// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Rows of the op table in statements, which are compiled, have the values and derivatives that duals have: of each kind
// of row some, since every statement costs compile time.
#include <boost/hana/for_each.hpp>

#include "rows.hpp"

namespace {

using rows::Subject;
using rows::Tensor;
namespace op = duet::op;

template <class Op, class T>
Tensor<T> stated(const std::vector<Tensor<T>>& x) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) { return Tensor<T>(Subject<Op>{}(x[K]...)); }
  (std::make_index_sequence<Subject<Op>::arity>{});
}

template <class T, class... Ops>
void check_rows(op::Rows<Ops...> list, double tolerance) {
  boost::hana::for_each(op::table<decltype(list)>, [&](auto type) {
    using Op = typename decltype(type)::type;
    INFO(std::string(Op::name));
    rows::check_row<Subject<Op>, T>(&stated<Op, T>, tolerance);
  });
}

}  // namespace

TEST_CASE("rows in statements on tensors of double have the derivatives that duals have") {
  check_rows<double>(
      op::Rows<op::Divide, op::Fma, op::Where, op::Abs, op::Max, op::Clamp, op::Fmod, op::Floor, op::Exp, op::Log1p,
               op::Sigmoid, op::Logaddexp, op::Sqrt, op::Pow, op::Hypot3, op::Sin, op::Atan2, op::Tanh, op::Erf>{},
      1e-13);
}

TEST_CASE("rows in statements on tensors of float have the derivatives that duals have") {
  check_rows<float>(
      op::Rows<op::Divide, op::Where, op::Clamp, op::Floor, op::Exp, op::Softplus, op::Pow, op::Cos, op::Tanh>{}, 2e-5);
}
