// Ticks of rows that stand for something: frequencies, lags, names.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/axis.h"

namespace lumir::report {

/// Where a value lies among rows that are at `places`, ascending (row i is at i + 0.5), between the middles of its
/// neighbours; nothing beyond their ends.
std::optional<double> row_at(const std::vector<double>& places, double value);
/// Round numbers at an even distance where rows are evenly spaced, else 1, 2 and 5 times powers of ten as far as there
/// is room in `height`.
std::vector<Tick> place_ticks(const std::vector<double>& places, double height, const Look& look);
/// A name in the middle of each row.
std::vector<Tick> name_ticks(const std::vector<std::string>& names);

}  // namespace lumir::report
