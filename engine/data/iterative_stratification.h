// Iterative stratification: dealing rows that have several tags so that every side has its share of each.
//
// Sechidis, Tsoumakas and Vlahavas, On the Stratification of Multi-Label Data (2011). The tag that fewest rows are left
// of is dealt first, each of its rows to the side that wants most of it; of equal ones to the side that wants most rows,
// of those to the first. Here a unit that is dealt is a group of rows with counts of its tags: a row by itself is one.

#pragma once

#include <vector>

#include "core/matrix.h"

namespace lumir::data {

/// The side of each unit. `counts` is [units, tags], how many rows of a unit have each tag; `sizes` has the rows of each
/// unit, `shares` what part of all rows each side is to have.
std::vector<int> deal_by_tags(const Matrix& counts, const std::vector<double>& sizes,
                              const std::vector<double>& shares);

}  // namespace lumir::data
