// Whether samples are numbers that sound can have.

#pragma once

namespace lumir::feature {

/// Full scale is 1. What is beyond this is no sound, and the square of its spectrum's power is beyond floats.
inline constexpr float kLoudest = 1e10F;

/// False where one of n samples is NaN, infinite or beyond kLoudest, up to its rounding.
bool all_measurable(const float* samples, long n);

}  // namespace lumir::feature
