// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Elementary and special functions for constant expressions and run time: at run time plain libm, in a constant
// expression algorithms of our own that give the same result with every compiler.  float is computed in double; long
// double has no algorithm of its own and is constant only where the compiler folds std:: (g++ does).
#pragma once

#include "duet/math/error_function.hpp"
#include "duet/math/exponential.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/fma.hpp"
#include "duet/math/gamma.hpp"
#include "duet/math/hyperbolic.hpp"
#include "duet/math/inverse_trigonometric.hpp"
#include "duet/math/logarithm.hpp"
#include "duet/math/polygamma.hpp"
#include "duet/math/power.hpp"
#include "duet/math/roots.hpp"
#include "duet/math/rounding.hpp"
#include "duet/math/sinc.hpp"
#include "duet/math/trigonometric.hpp"
#include "duet/math/two_exponentials.hpp"
