// What classifiers answer.

#include "learn/estimator.h"

namespace lumir::learn {

Predictions Classifier::answer_rows(const Matrix& x) const {
  Matrix scores = score_rows(x);
  std::vector<int> predicted = model::highest(scores);
  return {std::move(predicted), std::move(scores), score_kind()};
}

}  // namespace lumir::learn
