// Ranking by scores: what ROC and precision-recall curves, and the areas under them, are read from.

#pragma once

#include <span>
#include <vector>

#include "metric/metric.h"

namespace lumir::metric {

/// Rows in falling order of their scores, gathered where scores are equal: each threshold once.
struct Ranking {
  std::vector<double> thresholds;
  std::vector<double> right;  // weight of positive rows that score at least as much
  std::vector<double> wrong;  // and of negative ones
};
/// `positive` says of each row whether it is of the class that is asked for.
Ranking rank(std::span<const double> scores, std::span<const char> positive, Weights weights = {});

/// Rows that are sorted once, to be ranked again and again with other weights.
class SortedRows {
 public:
  SortedRows(std::vector<double> scores, std::vector<char> positive);
  Ranking rank(Weights weights = {}) const;

 private:
  std::vector<double> scores_;  // falling
  std::vector<char> positive_;
  std::vector<size_t> row_;
};

/// Area under the ROC curve: the share of pairs of a positive and a negative row that the scores put in order, where an
/// equal score is half. NaN where one of the two is not there.
double area_under_roc(const Ranking& ranking);
/// Average precision: the precision at each threshold, weighed by the recall that it adds; nothing is read off between
/// thresholds. NaN where no row is positive.
double average_precision(const Ranking& ranking);

/// One class against the rest, from the column of its scores.
Ranking rank_class(const Answers& answers, int of, Weights weights = {});
/// The mean over the classes that occur of what a ranking of each against the rest gives; of two classes only the second
/// is ranked, as scikit-learn does. 'weighted' weighs by the rows of the class, 'micro' ranks every pair of a row and a
/// class at once, 'none' is a list. Of tags, those whose area is not told (no row has one, or each does) are left out, and
/// NaN in the list. Throws ArgumentError, begun by `who`, where fewer than two classes occur, or no area is told.
Measurer averaged_ranking(const Answers& answers, const std::string& average, double (*area)(const Ranking& ranking),
                          const std::string& who);

/// The ways of averaging_ranking, as options offer them.
inline const Choices kRankingAverages{"macro", "weighted", "micro", "none"};

}  // namespace lumir::metric
