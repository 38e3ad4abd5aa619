// Quantiles of columns and of the normal distribution.

#pragma once

#include <vector>

namespace lumir::learn {

/// numpy's percentile, interpolated linearly; reorders `values`.
double percentile(std::vector<double>& values, double percent);
/// The same for a share of 0 to 1 of values that are sorted.
double quantile_of_sorted(const std::vector<double>& values, double share);
/// Reorders `values`.
double median(std::vector<double>& values);
/// The number below which a share of the normal distribution lies.
double normal_quantile(double share);

}  // namespace lumir::learn
