// A search as a curve: how the score of cross-validation moves with the setting that was tried in most values.

#pragma once

#include "report/experiment.h"

namespace lumir::report {

/// The mean over folds, with a standard deviation to either side, over the values of one option while all others are
/// those of the best setting, above what guesses among the classes (none: of no classes) would reach. Null where no option has three
/// values there.
FigurePtr validation_curve(const SearchTable& search, const std::vector<evaluate::ClassScores>& classes);

}  // namespace lumir::report
