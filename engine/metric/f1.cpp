// F1: the harmonic mean of precision and recall.

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

double f1_of_class(const ClassCount& count) { return ratio_or_zero(2 * count.right, count.truth + count.predicted); }

Measurer f1(const Answers& answers, const AverageOptions& options) { return averaged(answers, options, f1_of_class); }

const RegisterMetric<AverageOptions> f1_metric{
    "f1",
    f1,
    {.summary = "Harmonic mean of precision and recall.",
     .returns = "a number from 0 to 1; one for each class with average = 'none'",
     .example = "metric.f1({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
     .source = "scikit-learn's f1_score, zero_division = 0"},
    {.title = "F1", .targets = {Target::classes, Target::tags}}};

}  // namespace
}  // namespace lumir::metric
