// Hamming loss: the share of tags that were given wrongly, or wrongly not.

#include "metric/metric.h"

namespace lumir::metric {
namespace {

Measurer hamming_loss(const Answers& answers, const NoOptions&) {
  std::vector<double> rows;
  for (size_t i = 0; i < answers.rows(); ++i) {
    double wrong = 0;
    for (int c = 0; c < answers.n_classes; ++c) wrong += answers.is(i, c) != answers.taken_for(i, c);
    rows.push_back(wrong / answers.n_classes);
  }
  return Measurer::share(std::move(rows));
}

const RegisterMetric<NoOptions> hamming_loss_metric{
    "hamming_loss",
    hamming_loss,
    {.summary = "Share of all tags of all rows that were given wrongly, or wrongly not given.",
     .returns = "a number from 0 to 1",
     .example = "metric.hamming_loss({ { 'guitar', 'slow' }, { 'drums' } }, { { 'guitar' }, { 'drums' } })",
     .source = "scikit-learn's hamming_loss"},
    {.greater_is_better = false, .targets = {Target::tags}}};

}  // namespace
}  // namespace lumir::metric
