// Top-k accuracy: the share of rows whose true class is among the k best scored.

#include "metric/metric.h"

namespace lumir::metric {
namespace {

struct TopKOptions {
  int k = 3;
  static Schema schema() { return {Option{"k", &TopKOptions::k, "ranks that count as right", kPositive}}; }
};

/// Equal scores rank by the order of classes.
Measurer top_k(const Answers& answers, const TopKOptions& options) {
  std::vector<double> among;
  for (size_t i = 0; i < answers.truth.size(); ++i) {
    const auto scores = answers.scores->row(i);
    const auto truth = static_cast<size_t>(answers.truth[i]);
    int before = 0;
    for (size_t c = 0; c < scores.size(); ++c) {
      before += scores[c] > scores[truth] || (scores[c] == scores[truth] && c < truth);
    }
    among.push_back(before < options.k);
  }
  return Measurer::share(std::move(among));
}

const RegisterMetric<TopKOptions> top_k_metric{
    "top_k",
    top_k,
    {.summary = "Share of rows whose true class is among the k best scored.",
     .returns = "a number from 0 to 1",
     .example = "metric.top_k({ 1, 2 }, { { 0.9, 0.1, 0 }, { 0.5, 0.4, 0.1 } }, { k = 2 })",
     .source = "scikit-learn's top_k_accuracy_score"},
    {.needs = Needs::kScores}};

}  // namespace
}  // namespace lumir::metric
