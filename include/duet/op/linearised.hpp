// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

/// What every engine gives back, so that the transforms need not know engines apart.
namespace duet {

/// How a Jacobian is accumulated: column by column, row by row, or whichever takes fewer operations.
enum class Mode { automatic, forward, reverse };

/// The outputs of a function and their derivatives: the Jacobian row by row, a tangent, or cotangents. Each is a
/// `std::array` of numbers, or a `std::tuple` where the numbers are of different types (expressions are).
template <class Values, class Derivatives>
struct Linearised {
  Values value;
  Derivatives derivative;
};

}  // namespace duet
