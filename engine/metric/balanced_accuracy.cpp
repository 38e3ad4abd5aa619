// Balanced accuracy: the mean recall of the classes that occur, so that a large class does not speak for all.

#include <algorithm>

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

struct BalancedOptions {
  bool adjusted = false;
  static Schema schema() {
    return {Option{"adjusted", &BalancedOptions::adjusted, "from 0 for chance to 1, in place of from 1 / classes"}};
  }
};

Measurer balanced_accuracy(const Answers& answers, const BalancedOptions& options) {
  return Measurer([answers, adjusted = options.adjusted](Weights weights) -> Value {
    double sum = 0, classes = 0;
    for (const auto& count : count_classes(answers, weights)) {
      if (!(count.truth > 0)) continue;
      sum += count.right / count.truth;
      classes += 1;
    }
    const double mean = ratio_or_zero(sum, classes), chance = ratio_or_zero(1, classes);
    return adjusted && classes > 1 ? (mean - chance) / (1 - chance) : mean;
  });
}

const RegisterMetric<BalancedOptions> balanced_accuracy_metric{
    "balanced_accuracy",
    balanced_accuracy,
    {.summary = "Mean recall of the classes that occur in the truth.",
     .returns = "a number from 0 to 1",
     .example = "metric.balanced_accuracy({ 'a', 'b', 'b' }, { 'a', 'b', 'a' })",
     .source = "scikit-learn's balanced_accuracy_score"}};

}  // namespace
}  // namespace lumir::metric
