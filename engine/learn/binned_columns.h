// Columns as small whole numbers: what boosting counts in instead of sorting.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/matrix.h"

namespace lumir::learn {

class BinnedColumns {
 public:
  static constexpr int kMissing = 255;  // the bin of NaN

  /// At most `max_bins` (255 or fewer) bins of each column, of about as many rows each; `weights` may be empty.
  BinnedColumns(const Matrix& x, int max_bins);
  size_t rows() const { return rows_; }
  size_t columns() const { return thresholds_.size(); }
  std::span<const uint8_t> bins(size_t column) const { return {bins_.data() + column * rows_, rows_}; }
  /// The largest number that falls in each bin but the last.
  const std::vector<double>& thresholds(size_t column) const { return thresholds_[column]; }
  bool has_missing(size_t column) const { return missing_[column] != 0; }

 private:
  size_t rows_;
  std::vector<uint8_t> bins_;  // [columns, rows]
  std::vector<std::vector<double>> thresholds_;
  std::vector<char> missing_;
};

}  // namespace lumir::learn
