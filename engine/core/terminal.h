// What is printed on a terminal fits it, also when it has become narrower: its width is asked for each time.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lumir {

/// How many columns the terminal behind a file descriptor has now, 20 at least; nothing where there is none.
std::optional<size_t> terminal_width(int descriptor);

/// Lines of at most `width` columns: see folded below; as it is where stdout leads to no terminal.
std::string for_terminal(std::string_view text);

/// Breaks the lines that are wider than `width`. Two spaces and more part the columns of a table, whose columns go below
/// each other in groups (core/fold_table.h). Of other lines, where the column that does not fit has half of the width to
/// itself, its words go on below it; else it goes to a line of its own with all that follows, under the second column.
/// Words are never broken.
std::string folded(std::string_view text, size_t width);

}  // namespace lumir
