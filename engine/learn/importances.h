// What a fitted classifier leans on: importances of columns, by its own account or by shuffling them.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "learn/estimator.h"

namespace lumir::learn {

/// By its own account: how much trees' cuts on a column won, or the sum over classes of the absolute weights of
/// straight borders. A pipeline answers for the columns that its last step sees. Throws ArgumentError, begun by
/// `who`, for one that has neither.
std::vector<double> importances_of(const Estimator& estimator, const std::string& who);

/// The weights of a fitted classifier's straight borders; a pipeline answers for its last step.
struct Coefficients {
  Matrix coef;              // [labels, columns]
  std::vector<int> labels;  // the class that each line speaks for, from 0; of two classes the second alone
};
/// Throws ArgumentError, begun by `who`, for one that has none.
Coefficients coefficients_of(const Estimator& estimator, const std::string& who);

/// Names of the columns that the last step of a pipeline sees.
std::vector<std::string> columns_seen(const Estimator& estimator, std::vector<std::string> columns);

/// How much worse the share of right answers gets where a column's numbers are shuffled among the rows.
struct PermutationImportances {
  std::vector<double> mean;  // one for each column
  std::vector<double> deviation;
};
PermutationImportances permutation_importances(const Estimator& estimator, const Matrix& x, const std::vector<int>& y,
                                               int repeats, uint64_t seed);

/// The way of one row through a single tree: "valence = 0.3 <= 0.41", then the leaf's classes.
std::vector<std::string> decision_path(const Estimator& tree, std::span<const double> row,
                                       const std::vector<std::string>& columns, const std::vector<std::string>& classes,
                                       const std::string& who);

}  // namespace lumir::learn
