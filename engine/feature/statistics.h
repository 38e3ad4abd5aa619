// Statistics of a row of frames; numpy's and scipy's definitions.

#pragma once

#include <span>
#include <string>
#include <vector>

namespace lumir::feature {

struct RowStatistics {
  double mean = 0;
  double variance = 0;   // with n in the denominator, as numpy.var
  double deviation = 0;  // its root, as numpy.std
  double greatest = 0;
  double least = 0;
};

/// Of at least one number, in one pass.
RowStatistics statistics_of(std::span<const float> row);

/// How a row's numbers lie around their mean.
struct RowShape {
  double skewness = 0;   // as scipy.stats.skew; 0 for equal numbers
  double kurtosis = -3;  // Fisher's, as scipy.stats.kurtosis; -3 for equal numbers
};
RowShape shape_of(std::span<const float> row, double mean);

/// Numbers in ascending order, for what asks for places among them.
std::vector<float> sorted(std::span<const float> row);
/// The number that a share of `numbers`, which ascend, lie below, interpolated as numpy.quantile does; `share` is 0 to 1.
double quantile_of(const std::vector<float>& numbers, double share);
/// The middle one, or the mean of the middle two; of at least one number.
double median_of(std::span<const float> row);

/// One number about a row, by its word: 'mean', 'std', 'var', 'max', 'min', 'median', 'skew', 'kurtosis', or a
/// quantile: 'q25', 'q97.5'.
class Statistic {
 public:
  /// Throws ArgumentError that begins with `who` for a word that is none.
  Statistic(const std::string& word, const std::string& who);
  const std::string& word() const { return word_; }

 private:
  friend std::vector<double> statistics_of(std::span<const float> row, const std::vector<Statistic>& wanted);
  std::string word_;
  double share_ = -1;  // of a quantile
};

/// All of them, in their order.
std::vector<double> statistics_of(std::span<const float> row, const std::vector<Statistic>& wanted);

}  // namespace lumir::feature
