// Log loss (cross-entropy): how surprised a model is by the truth, on average.

#include <algorithm>
#include <cmath>
#include <limits>

#include "metric/metric.h"

namespace lumir::metric {
namespace {

/// A probability of 0 counts as the least that a double tells from 0 beside 1, so that one row does not decide all.
constexpr double kLeast = std::numeric_limits<double>::epsilon();

Measurer log_loss(const Answers& answers, const NoOptions&) {
  std::vector<double> losses;
  for (size_t i = 0; i < answers.truth.size(); ++i) {
    const double probability = (*answers.scores)(i, static_cast<size_t>(answers.truth[i]));
    losses.push_back(-std::log(std::clamp(probability, kLeast, 1 - kLeast)));
  }
  return Measurer::mean(std::move(losses));
}

const RegisterMetric<NoOptions> log_loss_metric{
    "log_loss",
    log_loss,
    {.summary = "Mean negative logarithm of the probability that the true class was given: 0 is perfect.",
     .returns = "a number from 0 up, in nats",
     .example = "metric.log_loss({ 1, 2 }, { { 0.9, 0.1 }, { 0.4, 0.6 } })",
     .source = "scikit-learn's log_loss"},
    {.needs = Needs::kProbabilities, .greater_is_better = false}};

}  // namespace
}  // namespace lumir::metric
