// What stands in the columns of a table: counts, means and quartiles, as pandas' describe has them.

#pragma once

#include <string>
#include <vector>

#include "data/table.h"

namespace lumir::data {

struct ColumnSummary {
  std::string name;
  size_t count = 0;    // numbers that are there
  size_t missing = 0;  // NaN
  double mean = 0;
  double std = 0;  // ddof 1; NaN for fewer than two numbers
  double min = 0;
  double q25 = 0, q50 = 0, q75 = 0;  // between two numbers in proportion
  double max = 0;
};

/// One for each column; NaN throughout where a column has no numbers. Throws ArgumentError where rows are items.
std::vector<ColumnSummary> describe_columns(const Table& table);

/// A row for each column, and names over the columns.
std::string show(const std::vector<ColumnSummary>& columns);

}  // namespace lumir::data
