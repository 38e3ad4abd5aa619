// How far off things are at their worst, where one of them may be no number.

#pragma once

#include <cmath>

namespace lumir::testing {

/// The larger of two; NaN if either is, which std::max(a, NaN) would pass over: whoever yields NaN is off.
inline double worse(double a, double b) { return std::isnan(a) || a > b ? a : b; }

}  // namespace lumir::testing
