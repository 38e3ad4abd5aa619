// Breaking lines where their columns allow it.

#include "core/terminal.h"

#include <algorithm>

#include <sys/ioctl.h>
#include <unistd.h>

#include "core/fold_table.h"
#include "core/text.h"

namespace lumir {
namespace {

/// Where the next column begins behind `from`: after two spaces or more; npos for none.
size_t next_column(std::string_view line, size_t from) {
  const size_t gap = line.find("  ", from);
  return gap == std::string_view::npos ? gap : line.find_first_not_of(' ', gap);
}

/// The last byte of what begins at `from` and takes at most `width` columns.
size_t reach(std::string_view line, size_t from, size_t width) {
  size_t taken = 0, at = from;
  for (const auto& character : characters(line.substr(from))) {
    taken += text_width(character);
    if (taken > width) break;
    at += character.size();
  }
  return at;
}

/// The spaces around which a line is broken: what stays, and what goes on.
struct Break {
  size_t end = 0;    // of what stays
  size_t begin = 0;  // of what goes on
  size_t indent = 0;
};

/// Between two words of the column that begins at `column`, which goes on below itself; end 0
/// where there is no place.
Break between_words(std::string_view line, size_t column, size_t indent, size_t width) {
  const size_t most = reach(line, 0, width);
  size_t space = most < line.size() && line[most] == ' ' ? most : line.rfind(' ', most);
  if (space == std::string_view::npos || space <= column) space = line.find(' ', column);
  if (space == std::string_view::npos) return {};
  const size_t end = line.find_last_not_of(' ', space);
  return {end + 1, line.find_first_not_of(' ', space), indent};
}

/// `hang` is where a line without columns goes on, `second` the second column.
Break break_of(std::string_view line, size_t width, size_t hang, size_t second) {
  size_t column = line.find_first_not_of(' ');
  const size_t first = column;
  while (true) {  // to the first column that does not fit
    const size_t next = next_column(line, column);
    if (next == std::string_view::npos) break;
    const size_t end = line.find_last_not_of(' ', next - 1) + 1;
    if (text_width(line.substr(0, end)) > width) break;
    column = next;
  }
  const size_t place = text_width(line.substr(0, column));
  if (column == first) return between_words(line, column, hang, width);
  if (place <= width / 2) return between_words(line, column, place, width);
  return {line.find_last_not_of(' ', column - 1) + 1, column, second};
}

std::string folded_line(std::string line, size_t width) {
  const size_t first = line.find_first_not_of(' ');
  if (first == std::string::npos || line.find('\033') != std::string::npos) return line;
  const size_t column = next_column(line, first);
  size_t second = column == std::string::npos ? first + 2 : text_width(std::string_view(line).substr(0, column));
  if (second > width / 2) second = first + 2;
  std::string text;
  size_t hang = first + 2;
  while (text_width(line) > width) {
    const Break at = break_of(line, width, hang, second);
    if (at.end == 0 || at.begin == std::string::npos) break;
    text += line.substr(0, at.end) + "\n";
    hang = std::min(at.indent, width / 2);
    line = std::string(hang, ' ') + line.substr(at.begin);
  }
  return text + line;
}

/// The last of them is what stands behind the last line break, if only "".
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

/// Whether a line may be one of a table: it has a gap, and nothing in it is coloured.
bool has_columns(const std::string& line) {
  const size_t first = line.find_first_not_of(' ');
  return first != std::string::npos && next_column(line, first) != std::string::npos &&
         line.find('\033') == std::string::npos;
}

}  // namespace

std::optional<size_t> terminal_width(int descriptor) {
  constexpr size_t kUsual = 80, kLeast = 20;
  if (isatty(descriptor) == 0) return std::nullopt;
  winsize size{};
  const bool known = ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? std::max<size_t>(size.ws_col, kLeast) : kUsual;
}

std::string folded(std::string_view text, size_t width) {
  const auto lines = lines_of(text);
  std::string out;
  for (size_t first = 0; first < lines.size();) {
    size_t end = first;
    while (end < lines.size() && has_columns(lines[end])) ++end;
    std::vector<std::string> block(lines.begin() + static_cast<ptrdiff_t>(first),
                                   lines.begin() + static_cast<ptrdiff_t>(std::max(end, first + 1)));
    first += block.size();
    if (const auto table = folded_table(block, width)) {
      block = *table;
    } else {
      for (auto& line : block) line = folded_line(line, width);
    }
    for (const auto& line : block) out += line + "\n";
  }
  if (!out.empty()) out.pop_back();
  return out;
}

std::string for_terminal(std::string_view text) {
  const auto width = terminal_width(STDOUT_FILENO);
  return width ? folded(text, *width) : std::string(text);
}

}  // namespace lumir
