// Columns as bins, cut where scikit-learn's boosting cuts them.

#include "learn/binned_columns.h"

#include <algorithm>
#include <cmath>

#include "core/parallel.h"

namespace lumir::learn {
namespace {

/// Between distinct values where they are few, else between equal shares of the rows. `values` are sorted.
std::vector<double> cuts_of(const std::vector<double>& values, int max_bins) {
  std::vector<double> distinct = values, cuts;
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (distinct.size() <= static_cast<size_t>(max_bins)) {
    for (size_t i = 1; i < distinct.size(); ++i) cuts.push_back(distinct[i - 1] / 2 + distinct[i] / 2);
    return cuts;
  }
  for (int bin = 1; bin < max_bins; ++bin) {  // numpy's percentile, 'averaged_inverted_cdf'
    const double place = static_cast<double>(values.size()) * bin / max_bins;
    const auto above = static_cast<size_t>(place);
    const bool between = place == static_cast<double>(above);
    cuts.push_back(between ? values[above - 1] / 2 + values[above] / 2 : values[above]);
  }
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

}  // namespace

BinnedColumns::BinnedColumns(const Matrix& x, int max_bins)
    : rows_(x.rows), bins_(x.rows * x.columns), thresholds_(x.columns), missing_(x.columns) {
  parallel_for(x.columns, [&](size_t column) {
    std::vector<double> values;
    for (size_t i = 0; i < x.rows; ++i) {
      if (!std::isnan(x(i, column))) values.push_back(x(i, column));
    }
    missing_[column] = values.size() < x.rows;
    std::sort(values.begin(), values.end());
    thresholds_[column] = cuts_of(values, max_bins);
    const auto& cuts = thresholds_[column];
    for (size_t i = 0; i < x.rows; ++i) {
      const auto bin = std::lower_bound(cuts.begin(), cuts.end(), x(i, column)) - cuts.begin();
      bins_[column * rows_ + i] = static_cast<uint8_t>(std::isnan(x(i, column)) ? kMissing : bin);
    }
  });
}

}  // namespace lumir::learn
