// Grids: which settings of an estimator a search tries.
//
// A sub-grid is a map: a scalar is fixed, a list means alternatives, 'none' is Python's None. Keys are paths as
// model/path.h reads them: a bare one goes to the one estimator inside that has it, 'SVC.C' names the step.

#pragma once

#include <string>
#include <vector>

#include "core/value.h"
#include "model/estimator.h"

namespace lumir::learn {

/// The sub-grids of an option, which is one map or a list of them. Throws ArgumentError, begun by `who`, for what is
/// neither.
std::vector<Map> sub_grids(const std::string& who, const std::string& option, const Value& grid);
/// The alternatives of one key; a value that is no list is its only one.
List alternatives_of(const std::string& who, const std::string& key, const Value& value);
/// Every setting of all sub-grids: one sub-grid after the other, within each as in scikit-learn's ParameterGrid, keys
/// sorted, the last key fastest.
std::vector<Map> settings_of_grid(const std::string& who, const Value& grid);
/// The description of an estimator under a setting. Throws ArgumentError, begun by `who`, for a key that means no option
/// or one that another key means too.
Value described_under(const std::string& who, const model::Estimator& root, const Map& setting);

}  // namespace lumir::learn
