// Folds within a fit: what stacks or calibrates needs answers for rows that the one asked was not fitted on.
//
// Groups stay whole, so that an album does not speak for itself; where there are none, the folds are those of
// scikit-learn's StratifiedKFold.

#pragma once

#include <string>
#include <vector>

#include "data/folds.h"
#include "learn/estimator.h"

namespace lumir::learn {

/// Throws ArgumentError, begun by `who`, where rows cannot be dealt.
std::vector<data::Fold> inner_folds(const std::string& who, const Training& training, int count);
/// The rows that some fold tests, ascending.
std::vector<int> rows_in_folds(const std::vector<data::Fold>& folds);
/// What fits on each fold say of its test rows, see as_columns; 0 for rows that none tests.
Matrix answers_out_of_folds(const Estimator& estimator, const Training& training, const std::vector<data::Fold>& folds);

}  // namespace lumir::learn
