// Accuracy: the share of rows that were predicted right.

#include "metric/metric.h"

namespace lumir::metric {
namespace {

Value accuracy(const Answers& answers, const NoOptions&) {
  double right = 0;
  for (size_t i = 0; i < answers.truth.size(); ++i) right += answers.truth[i] == answers.predicted[i];
  return right / static_cast<double>(answers.truth.size());
}

const RegisterMetric<NoOptions> accuracy_metric{"accuracy",
                                                accuracy,
                                                {.summary = "Share of rows that were predicted right.",
                                                 .returns = "a number from 0 to 1",
                                                 .example = "metric.accuracy({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
                                                 .source = "scikit-learn's accuracy_score"}};

}  // namespace
}  // namespace lumir::metric
