// Accuracy: the share of rows that were predicted right.

#include "metric/metric.h"

namespace lumir::metric {
namespace {

Measurer accuracy(const Answers& answers, const NoOptions&) {
  std::vector<double> right;
  for (size_t i = 0; i < answers.truth.size(); ++i) right.push_back(answers.truth[i] == answers.predicted[i]);
  return Measurer::mean(std::move(right));
}

const RegisterMetric<NoOptions> accuracy_metric{"accuracy",
                                                accuracy,
                                                {.summary = "Share of rows that were predicted right.",
                                                 .returns = "a number from 0 to 1",
                                                 .example = "metric.accuracy({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
                                                 .source = "scikit-learn's accuracy_score"}};

}  // namespace
}  // namespace lumir::metric
