// Tables from csv files: which column is the label, which are words, and what is done with cells that do not fit.

#pragma once

#include <string>
#include <vector>

#include "core/schema.h"
#include "data/csv_file.h"
#include "data/table.h"

namespace lumir::data {

struct CsvOptions {
  Value label = Value("");  // one column, or a list of them
  std::string target = "classes";
  std::string tag_separator = "|";
  std::string group = "";
  std::string id = "";
  std::vector<std::string> drop = {};
  Value words = Value("refused");  // one word for all columns of words, or one for each by its name
  std::string missing = "kept";
  std::string faulty = "refused";
  std::vector<std::string> na_values = {};
  std::string separator = "auto";
  std::string decimal = "auto";
  bool header = true;
  static Schema schema();
};

/// Reads a csv file as a table. Throws ArgumentError where an option names no column, Error with the path, the row and
/// the column for a cell that is no number, and for rows of another length, unless `faulty` says that they are left out.
Table read_csv_table(const std::string& path, const CsvOptions& options);

/// Rows of the file and what is called what: for layouts that know their columns (their names are given, not read).
struct NamedCsv {
  const CsvFile& file;
  std::vector<std::string> names;  // of all columns
};
Table read_csv_table(const NamedCsv& csv, const CsvOptions& options);

/// "table.csv, row 3 (line 4), column 'tempo'"
std::string place_in(const CsvFile& file, size_t row, const std::string& column = "");

}  // namespace lumir::data
