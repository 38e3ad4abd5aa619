// Rows and columns of a table chosen, and the rows of a table as recordings: so everything that divides a Dataset (splits,
// lists, folds, their audits) divides a table too.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "data/table.h"

namespace lumir::data {

/// These rows (0-based, ascending), as a table of its own: classes that lose all their rows are no classes any more, unless
/// this is a side of a split, which counts them as the other side does. `who` begins the error of none.
Table keep_rows(const Table& table, const std::vector<int>& rows, const std::string& who);

/// The table with recordings behind its rows; one that was written by hand has its ids, labels and groups for them.
Table with_recordings(Table table);
/// The table with each row as a recording of its own, so that splits and folds by = 'id' deal rows one by one; the
/// song that a row was cut from stays its track, by which the audit sees what then stands on both sides.
Table row_by_row(Table table, const std::string& who);
/// The rows of a table with recordings that are of these (`side` is a part of them).
Table rows_on(const Table& table, const Dataset& side);

/// The places of the columns that names ask for, in the order of the names; '*' in a name stands for any text. Throws
/// ArgumentError, begun by `who`, for a name that no column has.
std::vector<size_t> columns_called(const Table& table, const std::vector<std::string>& names, const std::string& who);
/// These columns (0-based, in this order) and no others.
Table take_columns(const Table& table, std::span<const size_t> places);

}  // namespace lumir::data
