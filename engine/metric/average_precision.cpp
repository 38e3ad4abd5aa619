// Average precision: the area under the precision-recall curve, which tells more than ROC where a class is rare.

#include "metric/ranking.h"

namespace lumir::metric {
namespace {

struct AveragePrecisionOptions {
  std::string average = "macro";
  static Schema schema() {
    return {Option{"average", &AveragePrecisionOptions::average,
                   "how classes become one number: alike, by their rows, every row and class by itself, or not",
                   kRankingAverages}};
  }
};

Measurer average_precision_of(const Answers& answers, const AveragePrecisionOptions& options) {
  return averaged_ranking(answers, options.average, average_precision, "average_precision");
}

const RegisterMetric<AveragePrecisionOptions> average_precision_metric{
    "average_precision",
    average_precision_of,
    {.summary =
         "Area under the precision-recall curve (PR-AUC), each class against the rest, over the classes that occur; of "
         "tags the mean over those that some row has (mAP).",
     .returns = "a number from 0 to 1; one for each class or tag with average = 'none'",
     .example = "metric.average_precision({ 1, 2 }, { { 0.9, 0.1 }, { 0.4, 0.6 } })",
     .source = "scikit-learn's average_precision_score"},
    {.needs = Needs::kScores, .title = "PR-AUC", .targets = {Target::classes, Target::tags}}};

}  // namespace
}  // namespace lumir::metric
