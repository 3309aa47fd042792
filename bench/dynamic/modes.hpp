// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>
#include <duet/duet.hpp>

namespace bench {

/// Duet's modes, which can be used inside one another. What says to be a formula goes to the static tape, whatever
/// numbers it is called with: its graph is differentiated by columns or by rows. What branches on its values is called
/// with duals, or recorded on the dynamic tape.
struct DuetModes {
  static constexpr const char* name = "Duet";

  struct Mode {
    static double plain(double x) { return x; }
    template <duet::active X>
    static double plain(const X& x) {
      return plain(x.primal());
    }
  };

  struct Forward : Mode {
    template <class F, class T, std::size_t N, class... Rest>
    static constexpr std::array<T, N> gradient(const F& f, const std::array<T, N>& x, const Rest&... rest) {
      if constexpr (requires { F::is_formula; }) {
        return duet::jacfwd(f, duet::wrt<0>)(x, rest...).elements;
      } else {
        return duet::grad<duet::Forward>(f, duet::wrt<0>)(x, rest...);
      }
    }
  };

  struct Reverse : Mode {
    template <class F, class T, std::size_t N, class... Rest>
    static constexpr std::array<T, N> gradient(const F& f, const std::array<T, N>& x, const Rest&... rest) {
      if constexpr (requires { F::is_formula; }) {
        return duet::grad(f, duet::wrt<0>)(x, rest...);
      } else {
        return duet::grad<duet::DynamicTape>(f, duet::wrt<0>)(x, rest...);
      }
    }
  };
};

}  // namespace bench
