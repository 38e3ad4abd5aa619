// The classification report: precision, recall, F1 and rows of each class and their averages, as text.

#pragma once

#include <string>
#include <vector>

#include "metric/metric.h"

namespace lumir::metric {

/// In scikit-learn's layout, to the character. `classes` are the names; only those that occur are listed. Throws what
/// measure throws.
std::string classification_report(const Answers& answers, const std::vector<std::string>& classes, int digits = 2);

}  // namespace lumir::metric
