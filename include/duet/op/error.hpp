// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <stdexcept>

#ifndef __cpp_exceptions
#error "duet: errors are reported by exceptions; compile without -fno-exceptions"
#endif

/// What Duet throws. Mistakes that the compiler can see do not compile; the others are one of these, and leave all
/// objects usable.
namespace duet {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A tape was asked for something that its records can't answer: a variable of another tape or of records that have
/// been dropped, seeds that don't match, no active tape.
struct TapeError : Error {
  using Error::Error;
};

/// Structures whose sizes, known at run time, don't fit together.
struct ShapeError : Error {
  using Error::Error;
};

/// A derivative turned out not to be zero where the pattern of a sparse matrix has no entry.
struct PatternError : Error {
  using Error::Error;
};

}  // namespace duet
