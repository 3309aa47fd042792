// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <tuple>

// What takes gradients, see tool.hpp.
#include "../peers/eigen.hpp"
#include "duet.hpp"
#ifdef DUET_PEER_ADOLC
#include "../peers/adolc.hpp"
#endif
#ifdef DUET_PEER_SACADO
#include "../peers/sacado.hpp"
#endif
#ifdef DUET_PEER_CODI
#include "../peers/codi.hpp"
#endif
#ifdef DUET_PEER_ADEPT
#include "../peers/adept.hpp"
#endif
#ifdef DUET_PEER_CPPAD
#include "../peers/cppad.hpp"
#endif

namespace bench {

/// Calls `f` with each tool that there is.
template <class F>
void each_tool(F&& f) {
  f.template operator()<DuetVar>();
  f.template operator()<DuetMap>();
  f.template operator()<EigenForward>();
#ifdef DUET_PEER_ADOLC
  f.template operator()<Adolc>();
#endif
#ifdef DUET_PEER_SACADO
  f.template operator()<SacadoRad>();
#endif
#ifdef DUET_PEER_CODI
  f.template operator()<Codi>();
#endif
#ifdef DUET_PEER_ADEPT
  f.template operator()<Adept>();
#endif
#ifdef DUET_PEER_CPPAD
  f.template operator()<CppAd>();
#endif
}

}  // namespace bench
