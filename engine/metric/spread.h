// What the scores of several rounds come to.

#pragma once

#include <vector>

namespace lumir::metric {

struct MeanAndSpread {
  double mean = 0;
  double sd = 0;  // ddof 0, as scikit-learn and GridSearch have it
};

/// NaN where there are none.
MeanAndSpread spread_of(const std::vector<double>& scores);

}  // namespace lumir::metric
