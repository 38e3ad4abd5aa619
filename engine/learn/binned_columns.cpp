// Columns as bins, cut where scikit-learn's boosting cuts them.

#include "learn/binned_columns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/parallel.h"
#include "learn/sorted_numbers.h"
#include "learn/vectorised.h"

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

constexpr size_t kPlaces = 256;  // that a number may have among the cuts, which are padded with infinity

/// How many cuts are below each of `n` numbers: all of them halve their ranges in step.
LUMIR_VECTORISED void find_places(const double* numbers, size_t n, const double* cuts, uint64_t* places) {
  for (uint64_t step = kPlaces / 2; step > 0; step /= 2) {
#pragma omp simd
    for (size_t i = 0; i < n; ++i) places[i] += cuts[places[i] + step - 1] < numbers[i] ? step : 0;
  }
}

/// The bins of a column; NaN has one of its own.
void find_bins(const std::vector<double>& numbers, const std::vector<double>& cuts, uint8_t* bins) {
  constexpr size_t kTogether = 64;
  std::array<double, kPlaces> padded;
  padded.fill(std::numeric_limits<double>::infinity());
  std::copy(cuts.begin(), cuts.end(), padded.begin());
  for (size_t begin = 0; begin < numbers.size(); begin += kTogether) {
    std::array<uint64_t, kTogether> places{};
    const size_t n = std::min(kTogether, numbers.size() - begin);
    find_places(numbers.data() + begin, n, padded.data(), places.data());
    for (size_t i = 0; i < n; ++i) {
      bins[begin + i] = static_cast<uint8_t>(std::isnan(numbers[begin + i]) ? BinnedColumns::kMissing : places[i]);
    }
  }
}

}  // namespace

BinnedColumns::BinnedColumns(const Matrix& x, int max_bins)
    : rows_(x.rows), bins_(x.rows * x.columns), thresholds_(x.columns), missing_(x.columns) {
  constexpr size_t kTogether = 8;  // columns that lie in one line of the cache
  parallel_for((x.columns + kTogether - 1) / kTogether, [&](size_t some) {
    const size_t begin = some * kTogether, n = std::min(kTogether, x.columns - begin);
    std::vector<std::vector<double>> columns(n, std::vector<double>(x.rows));
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t c = 0; c < n; ++c) columns[c][i] = x(i, begin + c);
    }
    std::vector<double> values, spare;
    for (size_t c = 0; c < n; ++c) {
      values.clear();
      for (const double value : columns[c]) {
        if (!std::isnan(value)) values.push_back(value);
      }
      missing_[begin + c] = values.size() < x.rows;
      sort_numbers(values, spare);
      thresholds_[begin + c] = cuts_of(values, max_bins);
      find_bins(columns[c], thresholds_[begin + c], bins_.data() + (begin + c) * rows_);
    }
  });
}

}  // namespace lumir::learn
