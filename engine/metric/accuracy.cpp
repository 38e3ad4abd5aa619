// Accuracy: the share of rows that were predicted right.

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

Measurer accuracy(const Answers& answers, const NoOptions&) { return share_right(answers); }

const RegisterMetric<NoOptions> accuracy_metric{
    "accuracy",
    accuracy,
    {.summary = "Share of rows that were predicted right; of tags, every one of the row.",
     .returns = "a number from 0 to 1",
     .example = "metric.accuracy({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
     .source = "scikit-learn's accuracy_score"},
    {.targets = {Target::classes, Target::tags}}};

}  // namespace
}  // namespace lumir::metric
