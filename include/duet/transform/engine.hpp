// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/mode.hpp>
#include <duet/tape/flat.hpp>

/// What the transforms ask of a policy.
namespace duet {

/// A way to differentiate flat functions; a model of it serves every transform. It says that it is one, and for a flat
/// function `F f`, variables `v` and parameters `p` (rows of numbers) it has
/// - `result<F>`, the structure that f returns on its numbers,
/// - `jacobian<Mode, Symmetric>(f, v, p, then)`, `tangents(f, v, t, p, then)`, `cotangents(f, v, w, p, then)`, which
///   return then(values, derivatives) for the row of outputs and the row of the Jacobian's elements, of the tangents
///   along t, of the cotangents of v for the weighting w of the outputs. A `then` whose type says that it is
///   `derivatives_only` may get an empty row of values.
/// The concept asks for no more than the name: checking the rest would differentiate something in every program.
template <class E>
concept engine = requires {
  requires E::is_engine;
};

namespace transform {

/// A function to be differentiated at given arguments.
template <class W, class F, class... X>
[[gnu::always_inline]] constexpr auto flat(const F& f, const X&... x) {
  static_assert(tape::check<true, W, X...>());
  return tape::Flat<F, W, X...>(f, x...);
}

/// What the flat function `FlatF` returns to engine `E`.
template <class E, class FlatF>
struct returned {
  using type = typename E::template result<FlatF>;
  static_assert(!tree::run_time_sized<type>,
                "duet: the result has a size known only at run time; differentiate with DynamicTape or Forward");
  static_assert(!tree::is_container<type> || tree::run_time_sized<type> || tree::of_numbers_only<type>,
                "duet: the result holds something that is no floating-point number, which StaticTape can't return; "
                "return numbers only, or differentiate with DynamicTape or Forward");
};

/// What becomes of an engine's results: the pair of the structures `A` (values) and `B` (derivatives), or `B` alone,
/// with the inert elements of `like`. Both are made in one expression from numbers that are still in registers; a
/// compiler does not see through copies of arrays that are handed up from function to function, and such a copy has to
/// wait for the stores of its parts.
template <class A, class B, bool Both, class Like = tree::Nothing>
struct Collect {
  static constexpr bool derivatives_only = !Both;
  const Like& like = tree::nothing;

  [[gnu::always_inline]] constexpr auto operator()(const auto& y, const auto& d) const {
    if constexpr (Both) {
      return std::pair(tree::build<A>(y), tree::build<B>(d, like));
    } else {
      return tree::build<B>(d, like);
    }
  }
};
template <class A, class B, bool Both, class Like>
[[gnu::always_inline]] constexpr Collect<A, B, Both, Like> collect(const Like& like) {
  return {like};
}

}  // namespace transform
}  // namespace duet
