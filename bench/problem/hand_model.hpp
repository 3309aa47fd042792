// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace bench {

/// A rotation or another linear map, and a shift: three rows of four numbers.
template <class T>
using Affine = std::array<T, 12>;

/// One map after another.
template <class T, class A, class B>
Affine<T> compose(const Affine<A>& a, const Affine<B>& b) {
  Affine<T> result;
  for (std::size_t i = 0; i < 12; i += 4) {
    for (std::size_t j = 0; j < 3; ++j) {
      result[i + j] = a[i] * b[j] + a[i + 1] * b[4 + j] + a[i + 2] * b[8 + j];
    }
    result[i + 3] = a[i] * b[3] + a[i + 1] * b[7] + a[i + 2] * b[11] + a[i + 3];
  }
  return result;
}

/// A hand: bones, each of them placed relative to a parent that comes before it, and a skin of points that go along
/// with one bone or several, by weights.
struct HandModel {
  struct Bone {
    int parent;                // -1: none
    Affine<double> relative;   // at rest
    Affine<double> from_skin;  // takes the skin at rest to the bone's own coordinates
  };
  struct Influence {
    std::size_t bone;
    double weight;
  };
  struct SkinPoint {
    std::array<double, 3> at_rest;
    std::vector<Influence> influences;
  };

  std::vector<Bone> bones;
  std::vector<SkinPoint> skin;
  bool is_mirrored = false;
};

}  // namespace bench
