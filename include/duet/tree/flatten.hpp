// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <string>
#include <vector>

#include <duet/tree/sequence.hpp>

/// Structures as rows of numbers, for whatever wants a vector, and the names of their leaves.
namespace duet {

/// The leaves of `x` in order, the order of the rows and columns of Jacobians.
template <class X>
requires(tree::is_container<X> || is_number<X>) auto flatten(const X& x) {
  return tree::leaves_as<typename op::kept<typename tree::common_leaf<X>::type>::type>(x);
}

/// The structure of `like`, with its elements that can't be differentiated, on the numbers in a contiguous range of as
/// many as it has leaves (else `ShapeError`).
template <class X, class Numbers>
auto unflatten(const X& like, const Numbers& numbers) {
  using S = std::remove_cvref_t<decltype(*numbers.data())>;
  const std::size_t count = tree::count_leaves(like), given = numbers.size();
  if (given != count) {
    throw ShapeError("duet: this structure has " + std::to_string(count) + " leaves, not " + std::to_string(given));
  }
  const S* next = numbers.data();
  return tree::map_leaves<S>(like, [&](const auto&) { return *next++; });
}

namespace tree {

/// The place of element `i` of an array or a sequence, with as many numbers as it has dimensions: "[1]", "[1, 2]".
template <class T>
std::string index_of(const T& x, std::size_t i) {
  std::vector<std::size_t> shape;
  bool row_major = true;
  if constexpr (requires { x.shape(); }) {
    const auto& all = x.shape();
    shape.assign(all.begin(), all.end());
  } else if constexpr (requires { T::IsRowMajor; }) {  // Eigen's
    if (x.rows() != 1 && x.cols() != 1)
      shape = {static_cast<std::size_t>(x.rows()), static_cast<std::size_t>(x.cols())};
    row_major = T::IsRowMajor;
  } else if constexpr (requires { x.rows() * x.cols(); }) {
    shape = {x.rows(), x.cols()};
  }
  if (shape.size() < 2) return "[" + std::to_string(i) + "]";
  std::vector<std::size_t> place(shape.size());
  for (std::size_t k = 0; k < shape.size(); ++k) {
    const std::size_t dimension = row_major ? shape.size() - 1 - k : k;
    place[dimension] = i % shape[dimension];
    i /= shape[dimension];
  }
  std::string text;
  for (std::size_t one : place) text += (text.empty() ? "[" : ", ") + std::to_string(one);
  return text + "]";
}

/// The path to part `K` of the structure `T` that `here` leads to: "camera.focal", or "pair[1]" where parts have no
/// names.
template <class T, std::size_t K>
std::string name_of_part(const std::string& here) {
  if constexpr (requires { Structure<T>::template name<K>(); }) {
    return here + (here.empty() ? "" : ".") + Structure<T>::template name<K>();
  } else {
    return here + "[" + std::to_string(K) + "]";
  }
}

template <class T>
void add_names(const T& x, const std::string& here, std::vector<std::string>& names) {
  if constexpr (!is_container<T>) {
    names.push_back(here);
  } else if constexpr (inert<T>) {
    return;
  } else if constexpr (kind<T> == Kind::product) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto add = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
        if constexpr (inert<element_type<T, K>>) {
          return;
        } else {
          add_names(element<K>(x), name_of_part<T, K>(here), names);
        }
      };
      (add(std::integral_constant<std::size_t, I>{}), ...);
    }
    (std::make_index_sequence<size<T>>{});
  } else if constexpr (kind<T> == Kind::array) {
    for (std::size_t i = 0; i < size<T>; ++i) add_names(Structure<T>::at(x, i), here + index_of(x, i), names);
  } else {
    auto at = Structure<T>::first(x);
    for (std::size_t i = 0; i < static_cast<std::size_t>(x.size()); ++i) add_names(*at++, here + index_of(x, i), names);
  }
}

}  // namespace tree

/// The names of the leaves of `x` in order, such as "camera.rotation[2]": members by their names where these are known
/// to Hana, everything else by position.
template <class X>
std::vector<std::string> leaf_names(const X& x) {
  std::vector<std::string> names;
  tree::add_names(x, "", names);
  return names;
}

}  // namespace duet
