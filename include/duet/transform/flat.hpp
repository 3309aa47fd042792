// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/table.hpp>
#include <duet/tree/source.hpp>

/// From a user's function of structures to what the engines differentiate: a function of a row of variables and a row of
/// parameters.
namespace duet {

/// Names the arguments to differentiate with respect to; none named means all.
template <int... I>
struct Wrt {};
template <int... I>
inline constexpr Wrt<I...> wrt{};

namespace transform {

template <class W>
struct Selection;
template <int... I>
struct Selection<Wrt<I...>> {
  static constexpr bool has(int argument) { return sizeof...(I) == 0 || ((argument == I) || ...); }
  static constexpr int largest = [] {
    int result = -1;
    ((result = I > result ? I : result), ...);
    return result;
  }();
};

/// A leaf that can be differentiated.
template <class T>
struct is_differentiable : std::bool_constant<std::floating_point<T> || active<T> || batch<T> ||
                                              (is_number<T> && !std::is_arithmetic_v<T>)> {};

/// Whether a parameter goes along as numbers; anything else (integers, strings, ...) stays with the function as it is.
template <class T>
inline constexpr bool is_numeric = tree::all_leaves<T, is_differentiable>::value;

template <class T>
struct is_expression : std::bool_constant<requires { T::arity; }> {};
template <class T>
struct is_not_expression : std::bool_constant<!is_expression<T>::value> {};
template <class T>
inline constexpr bool has_expression = !tree::all_leaves<T, is_not_expression>::value;

/// A structure whose size is only known at run time.
template <class T>
concept run_time_sized = requires(T& x) {
  x.begin();
  x.size();
  x.resize(1);
};

/// The calls with arguments `Args...` of function `F`, differentiated with respect to `W`, as a flat function. It is empty
/// if `F` is and every argument is numeric.
template <class F, class W, class... Args>
class Flat {
  using Selected = Selection<W>;
  static constexpr std::size_t count = sizeof...(Args);

  template <int K>
  using Arg = std::tuple_element_t<static_cast<std::size_t>(K), std::tuple<Args...>>;
  template <int K>
  static constexpr bool is_variable = Selected::has(K);
  template <int K>
  static constexpr bool is_parameter = !Selected::has(K) && is_numeric<Arg<K>>;

  /// Keeps an argument that is neither variable nor parameter.
  template <int K, bool Kept = !is_variable<K> && !is_parameter<K>>
  struct Slot {
    constexpr Slot() = default;
    constexpr explicit Slot(const Arg<K>&) {}
  };
  template <int K>
  struct Slot<K, true> {
    Arg<K> value;
    constexpr explicit Slot(const Arg<K>& x) : value(x) {}
  };
  template <class>
  struct Slots;
  template <int... K>
  struct Slots<std::integer_sequence<int, K...>> : Slot<K>... {
    constexpr Slots() = default;
    constexpr explicit Slots(const Args&... x) : Slot<K>(x)... {}
  };
  using Indices = std::make_integer_sequence<int, static_cast<int>(count)>;

  template <class Test>
  static constexpr int leaves_where(int before, Test test) {
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      return (0 + ... + (K < before && test(std::integral_constant<int, K>{}) ? tree::leaves<Arg<K>> : 0));
    }(Indices{});
  }
  static constexpr int variables_before(int k) {
    return leaves_where(k, [](auto i) { return is_variable<i>; });
  }
  static constexpr int parameters_before(int k) {
    return leaves_where(k, [](auto i) { return is_parameter<i>; });
  }

  template <int... K>
  static auto numbers(std::integer_sequence<int, K...>) ->
      typename tree::common_leaf<std::conditional_t<is_variable<K>, Arg<K>, std::tuple<>>...>::type;
  template <int... K>
  static auto parameter_numbers(std::integer_sequence<int, K...>) ->
      typename tree::common_leaf<std::conditional_t<is_parameter<K>, Arg<K>, std::tuple<>>...>::type;

  template <int Size, class T>
  static auto row_of() -> std::array<T, static_cast<std::size_t>(Size)>;
  template <int Size, class T>
    requires std::is_void_v<T>
  static auto row_of() -> std::tuple<>;

 public:
  static constexpr int variables = variables_before(static_cast<int>(count));
  static constexpr int parameters = parameters_before(static_cast<int>(count));

  /// Whether the leaves are numbers of different types that no single type can hold.
  static constexpr bool mixed = (has_expression<Args> || ...);

  constexpr Flat() = default;
  constexpr Flat(const F& f, const Args&... x) : f_(f), kept_(x...) {}

  /// Calls the function with its arguments built from the leaves of `v` and `p`.
  template <class V, class P>
  [[gnu::always_inline]] constexpr auto call(const V& v, const P& p) const {
    return call(v, p, Indices{});
  }

  /// Rows of the variables and of the parameters, where all are of one type.
  template <class Self = Flat>
  struct Rows {
    using variables = decltype(row_of<Self::variables, decltype(numbers(Indices{}))>());
    using parameters = decltype(row_of<Self::parameters, decltype(parameter_numbers(Indices{}))>());
  };

  /// The leaves of the variables and those of the parameters: arrays, or tuples if they are of different types.
  [[gnu::always_inline]] static constexpr auto variables_of(const Args&... x) {
    if constexpr (mixed) {
      return mixed_leaves<true>(Indices{}, x...);
    } else {
      return collect<decltype(numbers(Indices{})), variables, true>(Indices{}, x...);
    }
  }
  [[gnu::always_inline]] static constexpr auto parameters_of(const Args&... x) {
    if constexpr (mixed) {
      return mixed_leaves<false>(Indices{}, x...);
    } else if constexpr (parameters == 0) {
      return std::tuple<>();
    } else {
      return collect<decltype(parameter_numbers(Indices{})), parameters, false>(Indices{}, x...);
    }
  }

  /// The variables' structure around some leaves: that of the one argument, or a tuple of those of several.
  template <class Row>
  [[gnu::always_inline]] static constexpr auto shaped(const Row& leaves) {
    return shaped(tree::source(leaves), Indices{});
  }

 private:
  template <class V, class P, int... K>
  [[gnu::always_inline]] constexpr auto call(const V& v, const P& p, std::integer_sequence<int, K...>) const {
    static_assert(std::invocable<const F&, decltype(argument<K>(v, p))...>,
                  "duet: the function can't be called with these arguments as differentiated numbers; check their "
                  "count, and make the parameters generic (auto, or a template) instead of double");
    return f_(argument<K>(v, p)...);
  }
  template <int K, class V, class P>
  [[gnu::always_inline]] constexpr decltype(auto) argument(const V& v, const P& p) const {
    if constexpr (is_variable<K>) {
      return v.template build<Arg<K>, variables_before(K)>();
    } else if constexpr (is_parameter<K>) {
      return p.template build<Arg<K>, parameters_before(K)>();
    } else {
      return (static_cast<const Slot<K>&>(kept_).value);
    }
  }

  template <class T, int Size, bool Variables, int... K>
  [[gnu::always_inline]] static constexpr std::array<T, static_cast<std::size_t>(Size)> collect(
      std::integer_sequence<int, K...>, const Args&... x) {
    std::array<T, static_cast<std::size_t>(Size)> leaves{};
    [[maybe_unused]] T* out = leaves.data();
    ((out = collect_one<Variables ? is_variable<K> : is_parameter<K>>(x, out)), ...);
    return leaves;
  }
  template <bool Take, class X, class T>
  [[gnu::always_inline]] static constexpr T* collect_one(const X& x, T* out) {
    if constexpr (Take) {
      return tree::flatten(x, out);
    } else {
      return out;
    }
  }

  template <bool Variables, int... K>
  static constexpr auto mixed_leaves(std::integer_sequence<int, K...>, const Args&... x) {
    return std::tuple_cat(mixed_leaves_of<Variables ? is_variable<K> : is_parameter<K>>(x)...);
  }
  template <bool Take, class X>
  static constexpr auto mixed_leaves_of(const X& x) {
    if constexpr (Take) {
      return tree::leaf_tuple(x);
    } else {
      return std::tuple<>();
    }
  }

  template <class Source, int... K>
  [[gnu::always_inline]] static constexpr auto shaped(const Source& from, std::integer_sequence<int, K...>) {
    auto structures = std::tuple_cat(shaped_one<K>(from)...);
    if constexpr (std::tuple_size_v<decltype(structures)> == 1) {
      return std::get<0>(structures);
    } else {
      return structures;
    }
  }
  template <int K, class Source>
  [[gnu::always_inline]] static constexpr auto shaped_one(const Source& from) {
    if constexpr (is_variable<K>) {
      return std::tuple(from.template build<Arg<K>, variables_before(K)>());
    } else {
      return std::tuple<>();
    }
  }

  [[no_unique_address]] F f_;
  [[no_unique_address]] Slots<Indices> kept_;
};

/// Says in one sentence what is wrong with a request, before anything else can go wrong.
template <class F, class W, class... Args>
constexpr void check() {
  static_assert((!run_time_sized<const Args> && ...) && (!run_time_sized<Args> && ...),
                "duet: an argument has a size known only at run time; StaticTape and Forward differentiate scalars, "
                "std::array and tuples of them, use DynamicTape for the rest");
  static_assert(Selection<W>::largest < static_cast<int>(sizeof...(Args)),
                "duet: wrt<...> names an argument that the function is not called with");
  constexpr auto differentiable = []<int... K>(std::integer_sequence<int, K...>) {
    return ((!Selection<W>::has(K) || is_numeric<Args>)&&...);
  }(std::make_integer_sequence<int, static_cast<int>(sizeof...(Args))>{});
  static_assert(differentiable,
                "duet: only floating-point numbers can be differentiated; pass 2.0 instead of 2, or leave the argument "
                "out by naming the others with duet::wrt");
}

}  // namespace transform
}  // namespace duet
