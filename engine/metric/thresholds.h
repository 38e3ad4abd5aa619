// The score from which on a row is given a tag.

#pragma once

#include <vector>

#include "metric/metric.h"

namespace lumir::metric {

/// Of each tag the score from which on F1 of these rows is best, of equal ones the highest: scikit-learn's
/// precision_recall_curve, and its best point. A tag that no row has keeps the usual one.
std::vector<double> best_thresholds(const Answers& answers);

}  // namespace lumir::metric
