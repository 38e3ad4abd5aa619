// See spread.h.

#include "metric/spread.h"

#include <cmath>
#include <numeric>

namespace lumir::metric {

MeanAndSpread spread_of(const std::vector<double>& scores) {
  const auto n = static_cast<double>(scores.size());
  const double mean = std::accumulate(scores.begin(), scores.end(), 0.0) / n;
  double squares = 0;
  for (const double score : scores) squares += (score - mean) * (score - mean);
  return {mean, std::sqrt(squares / n)};
}

}  // namespace lumir::metric
