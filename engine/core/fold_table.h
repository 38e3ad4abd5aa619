// Tables that are wider than a terminal: their columns in groups, one group below the other.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace lumir {

/// The lines of a table with its columns in groups of at most `width` columns of text, each group beginning
/// with the table's first column, an empty line between two. Nothing where the lines fit, where they are no
/// table (three lines and three columns at least, parted by two spaces and more) or where a column is prose,
/// half of `width` and wider.
std::optional<std::vector<std::string>> folded_table(const std::vector<std::string>& lines, size_t width);

}  // namespace lumir
