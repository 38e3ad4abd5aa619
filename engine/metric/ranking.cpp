// See ranking.h.

#include "metric/ranking.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/error.h"

namespace lumir::metric {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The weight of the rows of each class.
std::vector<double> rows_of_classes(const Answers& answers, Weights weights) {
  std::vector<double> rows(static_cast<size_t>(answers.n_classes));
  for (size_t i = 0; i < answers.truth.size(); ++i) {
    rows[static_cast<size_t>(answers.truth[i])] += weights.empty() ? 1 : weights[i];
  }
  return rows;
}

}  // namespace

Ranking rank(std::span<const double> scores, std::span<const char> positive, Weights weights) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  Ranking ranking;
  double right = 0, wrong = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    const size_t row = order[i];
    (positive[row] ? right : wrong) += weights.empty() ? 1 : weights[row];
    if (i + 1 < order.size() && scores[order[i + 1]] == scores[row]) continue;
    ranking.thresholds.push_back(scores[row]);
    ranking.right.push_back(right);
    ranking.wrong.push_back(wrong);
  }
  return ranking;
}

double area_under_roc(const Ranking& ranking) {
  const double positive = ranking.right.back(), negative = ranking.wrong.back();
  if (!(positive > 0 && negative > 0)) return kNaN;
  double area = 0, right = 0, wrong = 0;
  for (size_t i = 0; i < ranking.right.size(); ++i) {
    area += (ranking.wrong[i] - wrong) * (ranking.right[i] + right) / 2;
    right = ranking.right[i];
    wrong = ranking.wrong[i];
  }
  return area / (positive * negative);
}

double average_precision(const Ranking& ranking) {
  const double positive = ranking.right.back();
  if (!(positive > 0)) return kNaN;
  double sum = 0, right = 0;
  for (size_t i = 0; i < ranking.right.size(); ++i) {
    const double taken = ranking.right[i] + ranking.wrong[i];
    if (taken > 0) sum += (ranking.right[i] - right) * ranking.right[i] / taken;
    right = ranking.right[i];
  }
  return sum / positive;
}

Ranking rank_class(const Answers& answers, int of, Weights weights) {
  std::vector<double> scores(answers.truth.size());
  std::vector<char> positive(scores.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    scores[i] = (*answers.scores)(i, static_cast<size_t>(of));
    positive[i] = answers.truth[i] == of;
  }
  return rank(scores, positive, weights);
}

Measurer averaged_ranking(const Answers& answers, const std::string& average, double (*area)(const Ranking& ranking),
                          const std::string& who) {
  const auto occurring = rows_of_classes(answers, {});
  if (std::count_if(occurring.begin(), occurring.end(), [](double rows) { return rows > 0; }) < 2) {
    throw ArgumentError(who + ": needs rows of at least two classes");
  }
  return Measurer([answers, average, area](Weights weights) -> Value {
    if (answers.n_classes == 2) return area(rank_class(answers, 1, weights));
    const auto rows = rows_of_classes(answers, weights);
    double sum = 0, whole = 0;
    for (int c = 0; c < answers.n_classes; ++c) {
      const double weight = average == "weighted" ? rows[static_cast<size_t>(c)] : 1;
      if (!(rows[static_cast<size_t>(c)] > 0)) continue;
      sum += weight * area(rank_class(answers, c, weights));
      whole += weight;
    }
    return sum / whole;
  });
}

}  // namespace lumir::metric
