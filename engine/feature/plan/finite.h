// Whether samples are numbers.

#pragma once

namespace lumir::feature {

/// False where one of n samples is NaN or infinite.
bool all_finite(const float* samples, long n);

}  // namespace lumir::feature
