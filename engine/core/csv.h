// Fields of csv files (RFC 4180).

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lumir {

/// A field as it stands in the file: quoted where it holds a comma, a quote or a line break.
std::string csv_field(std::string_view text);

/// One row of a csv file: the line where it begins and its fields.
struct CsvRow {
  size_t line = 0;
  std::vector<std::string> fields;
  bool closed = true;  // false: a quote was left open
};
/// Quotes may hold commas, line breaks and doubled quotes; lines end in \n, \r\n or \r; empty ones and a byte order
/// mark are passed over.
std::vector<CsvRow> read_csv(std::string_view text);

}  // namespace lumir
