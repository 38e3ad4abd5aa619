// How much columns say of the classes: what selections choose by.

#pragma once

#include <string>
#include <vector>

#include "learn/estimator.h"

namespace lumir::learn {

/// Options of selections that score each column by itself.
struct ColumnScoreOptions {
  std::string score_func = "f_classif";
  int mi_neighbors = 3;
  std::optional<int> seed;
};

template <class S>
Schema column_score_schema(Schema schema) {
  return extend(
      std::move(schema),
      Option{"score_func", &S::score_func,
             "what columns are judged by: the F value of an analysis of variance, the chi-square of counts, or "
             "what a column and the classes tell of each other",
             Choices{"f_classif", "chi2", "mutual_info_classif"}},
      Option{"mi_neighbors", &S::mi_neighbors, "n_neighbors of 'mutual_info_classif'", Range{1}},
      Option{"seed", &S::seed,
             "of the noise that keeps equal numbers apart in 'mutual_info_classif'; 'none' "
             "takes that of lumir.seed"});
}

/// One number for each column, higher is better; NaN for a constant column. Checks the training; errors begin with
/// `who`.
std::vector<double> column_scores(const std::string& who, const Training& training, const ColumnScoreOptions& options);
/// The columns of the k highest scores: constant columns last, and among equals the later column wins, as in
/// scikit-learn.
std::vector<int> highest_columns(const std::vector<double>& scores, size_t k);

}  // namespace lumir::learn
