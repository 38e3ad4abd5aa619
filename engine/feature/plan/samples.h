// What every feature asks of the samples that it is worked out from.

#pragma once

#include <span>
#include <string>

namespace lumir::feature {

/// Throws ArgumentError, begun by `who`, for the first that is NaN, infinite or too loud to be sound.
void check_samples(std::span<const float> samples, const std::string& who);

}  // namespace lumir::feature
