// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>
#include <duet/duet.hpp>
#include <type_traits>

namespace bench {

/// Duet's modes, which can be used inside one another: forward mode by duals; reverse mode by the static tape for what
/// says to be a formula, whatever numbers it is called with, and else by the dynamic tape.
struct DuetModes {
  static constexpr const char* name = "Duet";

  template <class Policy>
  struct By {
    template <class F, class T, std::size_t N, class... Rest>
    static constexpr std::array<T, N> gradient(const F& f, const std::array<T, N>& x, const Rest&... rest) {
      return duet::grad<Policy>(f, duet::wrt<0>)(x, rest...);
    }
  };

  using Forward = By<duet::Forward>;

  struct Reverse {
    template <class F, class T, std::size_t N, class... Rest>
    static constexpr std::array<T, N> gradient(const F& f, const std::array<T, N>& x, const Rest&... rest) {
      using Policy = std::conditional_t < requires { F::is_formula; }
      , duet::StaticTape, duet::DynamicTape < double >> ;
      return By<Policy>::gradient(f, x, rest...);
    }
  };
};

}  // namespace bench
