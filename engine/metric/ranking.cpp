// See ranking.h.

#include "metric/ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "core/error.h"

namespace lumir::metric {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The weight of the rows of each class, or with each tag.
std::vector<double> rows_of_classes(const Answers& answers, Weights weights) {
  std::vector<double> rows(static_cast<size_t>(answers.n_classes));
  for (size_t i = 0; i < answers.rows(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    if (!answers.values) {
      rows[static_cast<size_t>(answers.truth[i])] += weight;
      continue;
    }
    for (size_t c = 0; c < rows.size(); ++c) rows[c] += answers.is(i, static_cast<int>(c)) ? weight : 0;
  }
  return rows;
}

SortedRows sorted_rows(const Answers& answers, int of) {
  std::vector<double> scores(answers.rows());
  std::vector<char> positive(scores.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    scores[i] = (*answers.scores)(i, static_cast<size_t>(of));
    positive[i] = answers.is(i, of);
  }
  return {std::move(scores), std::move(positive)};
}

std::vector<SortedRows> all_sorted_rows(const Answers& answers) {
  std::vector<SortedRows> all;
  for (int c = 0; c < answers.n_classes; ++c) all.push_back(sorted_rows(answers, c));
  return all;
}

/// Every pair of a row and a class by itself.
Measurer micro_ranking(const Answers& answers, double (*area)(const Ranking& ranking), const std::string& who) {
  std::vector<char> positive;
  for (size_t i = 0; i < answers.rows(); ++i) {
    for (int c = 0; c < answers.n_classes; ++c) positive.push_back(answers.is(i, c));
  }
  const auto sorted = std::make_shared<const SortedRows>(answers.scores->values, std::move(positive));
  const auto columns = static_cast<size_t>(answers.n_classes);
  const auto measure = [sorted, area, columns](Weights weights) -> Value {
    std::vector<double> repeated;
    for (const double weight : weights) repeated.insert(repeated.end(), columns, weight);
    return area(sorted->rank(repeated));
  };
  if (std::isnan(*measure({}).number()))
    throw ArgumentError(who + ": no row has what is ranked, or each has all of it");
  return answers.target == Target::tags ? Measurer::smooth(measure) : Measurer(measure);
}

}  // namespace

Ranking rank(std::span<const double> scores, std::span<const char> positive, Weights weights) {
  return SortedRows({scores.begin(), scores.end()}, {positive.begin(), positive.end()}).rank(weights);
}

SortedRows::SortedRows(std::vector<double> scores, std::vector<char> positive) : row_(scores.size()) {
  std::iota(row_.begin(), row_.end(), size_t{0});
  std::stable_sort(row_.begin(), row_.end(), [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  for (const size_t row : row_) {
    scores_.push_back(scores[row]);
    positive_.push_back(positive[row]);
  }
}

Ranking SortedRows::rank(Weights weights) const {
  Ranking ranking;
  double right = 0, wrong = 0;
  for (size_t i = 0; i < row_.size(); ++i) {
    (positive_[i] ? right : wrong) += weights.empty() ? 1 : weights[row_[i]];
    if (i + 1 < row_.size() && scores_[i + 1] == scores_[i]) continue;
    ranking.thresholds.push_back(scores_[i]);
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

Ranking rank_class(const Answers& answers, int of, Weights weights) { return sorted_rows(answers, of).rank(weights); }

Measurer averaged_ranking(const Answers& answers, const std::string& average, double (*area)(const Ranking& ranking),
                          const std::string& who) {
  const bool tags = answers.target == Target::tags;
  if (average == "micro" && (tags || answers.n_classes != 2)) return micro_ranking(answers, area, who);
  const auto occurring = rows_of_classes(answers, {});
  if (!tags && std::count_if(occurring.begin(), occurring.end(), [](double rows) { return rows > 0; }) < 2) {
    throw ArgumentError(who + ": needs rows of at least two classes");
  }
  const auto sorted = std::make_shared<const std::vector<SortedRows>>(all_sorted_rows(answers));
  const auto measure = [answers, sorted, average, area, tags](Weights weights) -> Value {
    if (!tags && answers.n_classes == 2) return area((*sorted)[1].rank(weights));
    const auto rows = rows_of_classes(answers, weights);
    List each;
    double sum = 0, whole = 0;
    for (size_t c = 0; c < rows.size(); ++c) {
      const double found = rows[c] > 0 ? area((*sorted)[c].rank(weights)) : kNaN;
      each.push_back(found);
      if (std::isnan(found)) continue;
      const double weight = average == "weighted" ? rows[c] : 1;
      sum += weight * found;
      whole += weight;
    }
    if (average == "none") return each;
    return sum / whole;
  };
  if (!tags) return Measurer(measure);
  if (average != "none" && std::isnan(*measure({}).number())) {
    throw ArgumentError(who + ": no tag stands on some rows and not on others");
  }
  return Measurer::smooth(measure);
}

}  // namespace lumir::metric
