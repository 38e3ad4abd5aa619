// Average precision: the area under the precision-recall curve, which tells more than ROC where a class is rare.

#include "metric/ranking.h"

namespace lumir::metric {
namespace {

struct AveragePrecisionOptions {
  std::string average = "macro";
  static Schema schema() {
    return {Option{"average", &AveragePrecisionOptions::average,
                   "how classes become one number: alike, or by their rows", Choices{"macro", "weighted"}}};
  }
};

Measurer average_precision_of(const Answers& answers, const AveragePrecisionOptions& options) {
  return averaged_ranking(answers, options.average, average_precision, "average_precision");
}

const RegisterMetric<AveragePrecisionOptions> average_precision_metric{
    "average_precision",
    average_precision_of,
    {.summary =
         "Area under the precision-recall curve (PR-AUC), each class against the rest, over the classes that occur.",
     .returns = "a number from 0 to 1",
     .example = "metric.average_precision({ 1, 2 }, { { 0.9, 0.1 }, { 0.4, 0.6 } })",
     .source = "scikit-learn's average_precision_score"},
    {.needs = Needs::kScores, .title = "PR-AUC"}};

}  // namespace
}  // namespace lumir::metric
