// See fold_table.h.

#include "core/fold_table.h"

#include <algorithm>

#include "core/text.h"

namespace lumir {
namespace {

/// What stands in each place of a terminal's line; behind a character that takes two, "".
using Places = std::vector<std::string>;

Places places_of(const std::string& line) {
  Places places;
  for (const auto& character : characters(line)) {
    const size_t taken = text_width(character);
    if (taken == 0 && !places.empty()) {
      places.back() += character;
    } else {
      places.push_back(character);
      if (taken == 2) places.emplace_back();
    }
  }
  return places;
}

struct Column {
  size_t begin, end;
};

/// What stands between `gap` places and more that are blank in all lines.
std::vector<Column> columns_of(const std::vector<Places>& lines, size_t widest, size_t gap) {
  std::vector<Column> columns;
  for (size_t place = 0; place < widest; ++place) {
    const bool blank = std::all_of(lines.begin(), lines.end(),
                                   [place](const Places& line) { return place >= line.size() || line[place] == " "; });
    if (blank) continue;
    if (columns.empty() || place - columns.back().end >= gap) columns.push_back({place, place});
    columns.back().end = place + 1;
  }
  return columns;
}

/// Whether columns are a table's, which can stand beside its first one.
bool can_be_grouped(const std::vector<Column>& columns, size_t width) {
  if (columns.size() < 3) return false;
  return std::all_of(columns.begin(), columns.end(), [&](const Column& column) {
    const size_t own = column.end - column.begin;
    return 2 * own <= width && columns[1].begin + own <= width;
  });
}

/// Places begin .. end - 1 of a line.
std::string part_of(const Places& line, size_t begin, size_t end) {
  std::string text;
  for (size_t place = begin; place < end; ++place) text += place < line.size() ? line[place] : " ";
  return text;
}

std::string without_end(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::vector<std::string> grouped(const std::vector<Places>& lines, const std::vector<Column>& columns, size_t width) {
  std::vector<std::string> out;
  const size_t head = columns[1].begin;  // where what stands beside the first column begins
  for (size_t first = 1; first < columns.size();) {
    size_t last = first;
    while (last + 1 < columns.size() && head + columns[last + 1].end - columns[first].begin <= width) ++last;
    if (first > 1) out.emplace_back();
    for (const auto& line : lines) {
      out.push_back(without_end(part_of(line, 0, head) + part_of(line, columns[first].begin, columns[last].end)));
    }
    first = last + 1;
  }
  return out;
}

}  // namespace

std::optional<std::vector<std::string>> folded_table(const std::vector<std::string>& lines, size_t width) {
  constexpr size_t kFewestLines = 3, kGap = 3, kSmallGap = 2;  // a score and its limits are two spaces apart
  std::vector<Places> places;
  size_t widest = 0;
  for (const auto& line : lines) {
    places.push_back(places_of(line));
    widest = std::max(widest, places.back().size());
  }
  if (lines.size() < kFewestLines || widest <= width) return std::nullopt;
  for (const size_t gap : {kGap, kSmallGap}) {
    const auto columns = columns_of(places, widest, gap);
    if (can_be_grouped(columns, width)) return grouped(places, columns, width);
  }
  return std::nullopt;
}

}  // namespace lumir
