// Mean, deviation and extremes of a row of frames.

#pragma once

#include <span>

namespace lumir::feature {

struct RowStatistics {
  double mean = 0;
  double deviation = 0;  // with n in the denominator, as numpy.std
  double greatest = 0;
  double least = 0;
};

/// Of at least one number.
RowStatistics statistics_of(std::span<const float> row);
/// The middle one, or the mean of the middle two; of at least one number.
double median_of(std::span<const float> row);

}  // namespace lumir::feature
