// Brier score: how far probabilities lie from what happened, squared.

#include "metric/metric.h"

namespace lumir::metric {
namespace {

/// Of two classes half the sum, so that it is the squared error of one probability.
Measurer brier_score(const Answers& answers, const NoOptions&) {
  const double scale = answers.n_classes == 2 ? 0.5 : 1;
  std::vector<double> rows;
  for (size_t i = 0; i < answers.truth.size(); ++i) {
    double sum = 0;
    for (int c = 0; c < answers.n_classes; ++c) {
      const double miss = (*answers.scores)(i, static_cast<size_t>(c)) - (answers.truth[i] == c ? 1 : 0);
      sum += miss * miss;
    }
    rows.push_back(scale * sum);
  }
  return Measurer::mean(std::move(rows));
}

const RegisterMetric<NoOptions> brier_score_metric{
    "brier_score",
    brier_score,
    {.summary = "Mean squared distance of the probabilities from the truth: 0 is perfect.",
     .returns = "a number from 0 to 1 for two classes, to 2 for more",
     .example = "metric.brier_score({ 1, 2 }, { { 0.9, 0.1 }, { 0.4, 0.6 } })",
     .source =
         "scikit-learn's brier_score_loss; Brier, Verification of Forecasts Expressed in Terms of Probability (1950)"},
    {.needs = Needs::kProbabilities, .greater_is_better = false, .title = "Brier score"}};

}  // namespace
}  // namespace lumir::metric
