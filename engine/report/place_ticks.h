// Ticks of rows that stand for something: frequencies, lags, names.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/axis.h"

namespace lumir::report {

/// Where a value lies among rows that are at `places`, ascending (row i is at i + 0.5), between the middles of its
/// neighbours; nothing beyond their ends.
std::optional<double> row_at(const std::vector<double>& places, double value);
/// What lies between two limits, in rows from 0 on: limits are in what `places` are in, and without those count
/// whole rows from 1. Throws ArgumentError, which calls them 'ylim', where no row lies between them; it names the unit.
std::pair<double, double> rows_between(const std::vector<double>& places, size_t rows,
                                       const std::pair<double, double>& limits, const std::string& unit = "");
/// Round numbers at an even distance where rows are evenly spaced, else 1, 2 and 5 times powers of ten as far as there
/// is room in `height`.
std::vector<Tick> place_ticks(const std::vector<double>& places, double height, const Look& look);
/// A name in the middle of each row.
std::vector<Tick> name_ticks(const std::vector<std::string>& names);

}  // namespace lumir::report
