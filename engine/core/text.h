// Text in a terminal: how wide it is, and columns that stand under each other.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lumir {

/// Columns that UTF-8 text takes in a terminal: 2 for Chinese, Japanese and Korean characters, 0 for combining marks.
size_t text_width(std::string_view text);
/// The characters of UTF-8 text, one string each.
std::vector<std::string> characters(std::string_view text);
/// Padded with spaces to `width`, text on the left or on the right; longer text stays as it is.
std::string pad_right(std::string_view text, size_t width);
std::string pad_left(std::string_view text, size_t width);
/// At most `width` columns; what is cut off ends in an ellipsis.
std::string cut(std::string_view text, size_t width);

/// Text as one line that is safe to show: bytes that are no UTF-8 and control characters as escapes, "\\xE9", "\\n".
std::string visible(std::string_view text);
/// The same for text of several lines: line breaks and tabs stay.
std::string visible_lines(std::string_view text);
/// How many bytes of `text`, from its start, are one valid UTF-8 character; 0 where they are none.
size_t valid_character(std::string_view text);

/// True where a pattern is all of `text`; '*' stands for any text, none included.
bool matches(std::string_view pattern, std::string_view text);

/// Rows of cells, the first row being the heads. Columns named in `numbers` (0-based) stand right, the others left.
/// Lines end in "\n" and carry no spaces before it.
std::string text_table(const std::vector<std::vector<std::string>>& rows, const std::vector<size_t>& numbers,
                       size_t gap = 3);

}  // namespace lumir
