// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/linearised.hpp>
#include <duet/transform/flat.hpp>

/// What the transforms ask of a policy.
namespace duet {

/// A way to differentiate flat functions; a model of it serves every transform. It says that it is one, and for a flat
/// function `F f`, variables `v` and parameters `p` (arrays of numbers) it has
/// - `result<F>`, the structure that f returns on its numbers,
/// - `jacobian<Mode, Symmetric>(f, v, p)`, `tangents(f, v, t, p)`, `cotangents(f, v, w, p)`, each a `Linearised`: the
///   outputs with the Jacobian, with the tangents along t, with the cotangents of v for the weighting w of the outputs.
/// The concept asks for no more than the name: checking the rest would differentiate something in every program.
template <class E>
concept engine = requires { requires E::is_engine; };

namespace transform {

/// A function to be differentiated at given arguments.
template <class W, class F, class... X>
[[gnu::always_inline]] constexpr auto flat(const F& f, const X&... x) {
  check<F, W, X...>();
  return Flat<F, W, X...>(f, x...);
}

/// The structure `T` on the leaves of a row.
template <class T, class Row>
[[gnu::always_inline]] constexpr auto in_structure(const Row& leaves) {
  return tree::source(leaves).template build<T, 0>();
}

}  // namespace transform
}  // namespace duet
