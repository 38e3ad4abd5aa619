// See thresholds.h.

#include "metric/thresholds.h"

#include "metric/ranking.h"

namespace lumir::metric {

std::vector<double> best_thresholds(const Answers& answers) {
  std::vector<double> thresholds;
  for (int c = 0; c < answers.n_classes; ++c) {
    const Ranking ranking = rank_class(answers, c);
    double best = 0, threshold = usual_threshold(answers.kind);
    for (size_t i = 0; i < ranking.thresholds.size(); ++i) {
      const double taken = ranking.right[i] + ranking.wrong[i];
      const double f1 = 2 * ranking.right[i] / (taken + ranking.right.back());
      if (!(f1 > best)) continue;
      best = f1;
      threshold = ranking.thresholds[i];
    }
    thresholds.push_back(threshold);
  }
  return thresholds;
}

}  // namespace lumir::metric
