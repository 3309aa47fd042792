// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/call.hpp>
#include <duet/tape/each.hpp>
#include <duet/tensor/total.hpp>

/// Functions of numbers on the elements of tensors, as statements.
namespace duet {

namespace tensor {

/// A tensor whose elements a map goes through.
template <class T, class P>
struct EachElement {
  Tensor<T, P> tensor;
};
template <class A>
inline constexpr bool is_each_element = false;
template <class T, class P>
inline constexpr bool is_each_element<EachElement<T, P>> = true;

/// What is mapped or is a tensor of one element that all share.
template <class A>
inline constexpr bool is_mapped = is_each_element<A> || is_tensor<A>;

/// The tensor type of what is mapped.
template <class A>
struct mapped_tensor;
template <class T, class P>
struct mapped_tensor<EachElement<T, P>> : std::type_identity<Tensor<T, P>> {};
template <class T, class P>
struct mapped_tensor<Tensor<T, P>> : std::type_identity<Tensor<T, P>> {};

/// That of the first tensor among the arguments.
template <class A, class... Rest>
struct first_tensor : first_tensor<Rest...> {};
template <class A, class... Rest>
requires(is_mapped<A>) struct first_tensor<A, Rest...> : mapped_tensor<A> {
};

/// What stands for argument `x` when the function is recorded: a variable for a tensor.
template <class X, class A>
auto stand_in(const A& x) {
  using T = typename X::value_type;
  if constexpr (is_mapped<A>) {
    using Y = typename mapped_tensor<A>::type;
    static_assert(std::same_as<typename Y::value_type, T>,
                  "duet: a map over tensors of float and tensors of double; convert one of them with to<T>()");
    static_assert(std::same_as<typename Y::place_type, typename X::place_type>,
                  "duet: a map over tensors in different places; move one of them with to<Device>() or to<Host>()");
    return Var<T>(T(0));
  } else {
    return x;
  }
}

/// `f` as a function of tensors and numbers.
template <class F, class... A>
struct Mapped {
  using X = typename first_tensor<A...>::type;
  using number = typename X::value_type;
  using place = typename X::place_type;
  using C = tape::Call<number, F, decltype(stand_in<X>(std::declval<const A&>()))...>;
  static_assert(C::outputs == 1,
                "duet: map over tensors takes a function that returns one number; map each result by itself");
  using Primal = typename C::Recording;
  static constexpr int tensors = C::variables, numbers = C::parameters;

  static Arguments<Mapped> arguments(const F& f, const A&... a) {
    Tensors<number, place> x;
    const auto add = [&](const auto& one) {
      using One = std::remove_cvref_t<decltype(one)>;
      if constexpr (is_each_element<One>) {
        x.push_back(one.tensor);
      } else if constexpr (is_tensor<One>) {
        if (one.size() != 1) {
          throw ShapeError("map: an argument of shape " + to_string(one.shape()) +
                           " is shared by all elements and must be one number; write each(x) to go through it");
        }
        x.push_back(one);
      }
    };
    (add(a), ...);
    Arguments<Mapped> result(std::move(x));
    C::with_primals(
        f,
        [&](const auto&, const auto& parameters, const auto& captured) {
          constexpr int given = std::remove_cvref_t<decltype(parameters)>::size;
          tree::for_each_index<given>(
              [&](auto k) { result.numbers[k] = static_cast<number>(parameters.template get<k>()); });
          tree::for_each_index<numbers - given>(
              [&](auto k) { result.numbers[given + k] = static_cast<number>(captured.template get<k>()); });
        },
        stand_in<X>(a)...);
    return result;
  }
};

}  // namespace tensor

/// Marks a tensor that `map` or `map_sum` goes through element by element.
template <class T, class P>
tensor::EachElement<T, P> each(const Tensor<T, P>& x) {
  return {x};
}

/// `f` on the elements of tensors, which broadcast; arguments without `each` are shared by all elements: numbers,
/// structures of numbers, or tensors of one element. One pass over memory and one node of the graph, as a statement.
template <class F, class... A>
requires(tensor::is_mapped<A> || ...) auto map(const F& f, const A&... a) {
  using Fn = tensor::Mapped<F, A...>;
  const auto x = Fn::arguments(f, a...);
  return tensor::carried_out(x, x.whole, "Map", {});
}

/// The sum of `map(f, a...)` over all elements, computed together with its derivatives.
template <class F, class... A>
requires(tensor::is_mapped<A> || ...) auto map_sum(const F& f, const A&... a) {
  using Fn = tensor::Mapped<F, A...>;
  return tensor::total(Fn::arguments(f, a...), "MapSum", {});
}

}  // namespace duet
