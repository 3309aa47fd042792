// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/call.hpp>
#include <duet/tape/each.hpp>
#include <duet/tensor/total.hpp>

/// Functions of numbers on the elements of tensors, as statements.
namespace duet {

namespace tensor {

/// A tensor whose elements a map goes through.
template <class T>
struct EachElement {
  Tensor<T> tensor;
};
template <class A>
inline constexpr bool is_each_element = false;
template <class T>
inline constexpr bool is_each_element<EachElement<T>> = true;

/// What is mapped or is a tensor of one element that all share.
template <class A>
inline constexpr bool is_mapped = is_each_element<A> || is_tensor<A>;

template <class A>
struct element_type;
template <class T>
struct element_type<EachElement<T>> : std::type_identity<T> {};
template <class T>
struct element_type<Tensor<T>> : std::type_identity<T> {};

/// The element type of the first tensor among the arguments.
template <class A, class... Rest>
struct first_element : first_element<Rest...> {};
template <class A, class... Rest>
requires(is_mapped<A>) struct first_element<A, Rest...> : element_type<A> {
};

/// What stands for argument `x` when the function is recorded: a variable for a tensor.
template <class T, class A>
auto stand_in(const A& x) {
  if constexpr (is_mapped<A>) {
    static_assert(std::same_as<typename element_type<A>::type, T>,
                  "duet: a map over tensors of float and tensors of double; convert one of them with to<T>()");
    return Var<T>(T(0));
  } else {
    return x;
  }
}

/// `f` as a function of tensors and numbers.
template <class F, class... A>
struct Mapped {
  using number = typename first_element<A...>::type;
  using C = tape::Call<number, F, decltype(stand_in<number>(std::declval<const A&>()))...>;
  static_assert(C::outputs == 1,
                "duet: map over tensors takes a function that returns one number; map each result by itself");
  using Primal = typename C::Recording;
  static constexpr int tensors = C::variables, numbers = C::parameters;

  static Arguments<Mapped> arguments(const F& f, const A&... a) {
    Tensors<number> x;
    const auto add = [&](const auto& one) {
      using X = std::remove_cvref_t<decltype(one)>;
      if constexpr (is_each_element<X>) {
        x.push_back(one.tensor);
      } else if constexpr (is_tensor<X>) {
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
        stand_in<number>(a)...);
    return result;
  }
};

}  // namespace tensor

/// Marks a tensor that `map` or `map_sum` goes through element by element.
template <class T>
tensor::EachElement<T> each(const Tensor<T>& x) {
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
