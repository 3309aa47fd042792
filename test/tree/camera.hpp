// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <boost/hana/define_struct.hpp>

/// A struct that is described to Hana where it is defined.
template <class T>
struct Camera {
  BOOST_HANA_DEFINE_STRUCT(Camera, (std::array<T, 3>, rotation), (T, focal));
  bool operator==(const Camera&) const = default;
};
