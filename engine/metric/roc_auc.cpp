// ROC-AUC: how often a row of a class scores higher for it than a row of another.

#include <cmath>

#include "core/error.h"
#include "metric/ranking.h"

namespace lumir::metric {
namespace {

struct RocAucOptions {
  std::string multi_class = "ovr";
  std::string average = "macro";
  static Schema schema() {
    return {Option{"multi_class", &RocAucOptions::multi_class,
                   "each class against the rest ('ovr'), or every two classes against each other ('ovo')",
                   Choices{"ovr", "ovo"}},
            Option{"average", &RocAucOptions::average,
                   "how classes become one number: alike, by their rows, every row and class by itself, or not",
                   kRankingAverages}};
  }
};

/// Rows of two classes only, ranked by the scores of the first.
double area_between(const Answers& answers, int one, int other, Weights weights) {
  std::vector<double> scores, of_rows;
  std::vector<char> positive;
  for (size_t i = 0; i < answers.truth.size(); ++i) {
    if (answers.truth[i] != one && answers.truth[i] != other) continue;
    scores.push_back((*answers.scores)(i, static_cast<size_t>(one)));
    positive.push_back(answers.truth[i] == one);
    if (!weights.empty()) of_rows.push_back(weights[i]);
  }
  return scores.empty() ? std::nan("") : area_under_roc(rank(scores, positive, of_rows));
}

/// The mean over pairs of classes that occur, each ranked by the scores of either (Hand and Till, 2001).
Value pairwise(const Answers& answers, const std::string& average, Weights weights) {
  double sum = 0, whole = 0;
  for (int a = 0; a < answers.n_classes; ++a) {
    for (int b = a + 1; b < answers.n_classes; ++b) {
      const double area = (area_between(answers, a, b, weights) + area_between(answers, b, a, weights)) / 2;
      if (std::isnan(area)) continue;
      double weight = 1;
      if (average == "weighted") {
        weight = 0;
        for (size_t i = 0; i < answers.truth.size(); ++i) {
          if (answers.truth[i] == a || answers.truth[i] == b) weight += weights.empty() ? 1 : weights[i];
        }
      }
      sum += weight * area;
      whole += weight;
    }
  }
  return sum / whole;
}

Measurer roc_auc(const Answers& answers, const RocAucOptions& options) {
  Measurer against_rest = averaged_ranking(answers, options.average, area_under_roc, "roc_auc");
  if (options.multi_class == "ovr" || answers.target != Target::classes || answers.n_classes == 2) return against_rest;
  if (options.average != "macro" && options.average != "weighted") {
    throw ArgumentError("roc_auc: 'multi_class' = 'ovo' averages by 'macro' or 'weighted', not by '" + options.average +
                        "'");
  }
  return Measurer(
      [answers, average = options.average](Weights weights) { return pairwise(answers, average, weights); });
}

const RegisterMetric<RocAucOptions> roc_auc_metric{
    "roc_auc",
    roc_auc,
    {.summary =
         "Area under the ROC curve: the share of pairs of rows, one of a class and one of another, that its scores "
         "put in order; 0.5 is chance. Over the classes that occur; of tags over those that some rows have and some "
         "not.",
     .returns = "a number from 0 to 1; one for each class or tag with average = 'none'",
     .example = "metric.roc_auc({ 1, 2, 3 }, { { 0.8, 0.1, 0.1 }, { 0.3, 0.4, 0.3 }, { 0.5, 0.3, 0.2 } })",
     .source =
         "scikit-learn's roc_auc_score; Hand and Till, A Simple Generalisation of the Area Under the ROC Curve (2001)"},
    {.needs = Needs::kScores, .title = "ROC-AUC", .targets = {Target::classes, Target::tags}}};

}  // namespace
}  // namespace lumir::metric
