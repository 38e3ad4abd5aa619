// Predictions of classes.

#include "model/predictions.h"

namespace lumir::model {

std::vector<int> highest(const Matrix& scores) {
  std::vector<int> best(scores.rows);
  for (size_t i = 0; i < scores.rows; ++i) best[i] = first_largest(scores.row(i));
  return best;
}

}  // namespace lumir::model
