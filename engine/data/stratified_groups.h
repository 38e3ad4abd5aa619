// Dealing whole groups to folds so that every fold has its share of each class: scikit-learn's StratifiedGroupKFold
// without shuffling, number by number.
//
// Groups are dealt one by one, those with the most uneven classes first, each to the fold that leaves the classes most
// even. Which of two is more even is often a tie in truth, which rounding decides: so sums are rounded here in the order
// in which NumPy rounds them, and uneven corpora are dealt as scikit-learn deals them too.

#pragma once

#include <vector>

namespace lumir::data {

/// The fold of each group. `counts` has a row for each group, in the order of the groups' names, of how many rows it has
/// of each class; classes that no group has do not count.
std::vector<int> deal_stratified(const std::vector<std::vector<long>>& counts, int folds);

}  // namespace lumir::data
