// How datasets and splits look in a terminal.

#include <algorithm>
#include <cstdio>
#include <map>
#include <sstream>

#include "core/readable.h"
#include "core/text.h"
#include "data/dataset.h"
#include "data/split.h"
#include "data/words.h"

namespace lumir::data {
namespace {

constexpr size_t kBar = 20;          // longest bar
constexpr size_t kMostClasses = 40;  // shown with a bar each
constexpr size_t kColumns = 80;      // of a terminal

std::vector<std::string> bars(const std::vector<std::pair<std::string, size_t>>& counts) {
  size_t longest = 0, most = 0;
  for (const auto& [name, n] : counts) {
    longest = std::max(longest, text_width(name));
    most = std::max(most, n);
  }
  std::vector<std::string> lines;
  for (const auto& [name, n] : counts) {
    const size_t length = most <= kBar ? n : std::max<size_t>(1, n * kBar / most);
    char number[24];
    std::snprintf(number, sizeof number, "%4zu", n);
    lines.push_back(pad_right(name, longest) + "  " + pad_right(std::string(length, '#'), std::min(most, kBar)) +
                    number);
  }
  return lines;
}

/// Two columns, read down, where there are more than ten.
std::string in_columns(const std::vector<std::string>& lines) {
  const size_t rows = lines.size() > 10 ? (lines.size() + 1) / 2 : lines.size();
  std::string text;
  for (size_t row = 0; row < rows; ++row) {
    text += "\n  " + lines[row];
    if (row + rows < lines.size()) text += "      " + lines[row + rows];
  }
  return text;
}

/// Broken between words where a line would be longer than a terminal is wide; `before` columns stand in front of each.
std::string wrapped(const std::string& text, size_t before) {
  std::string out;
  size_t column = before;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const size_t width = text_width(word);
    const bool begins = column == before;
    if (!begins && column + 1 + width > kColumns) {
      out += "\n" + std::string(before, ' ');
      column = before;
    } else if (!begins) {
      out += " ";
      ++column;
    }
    out += word;
    column += width;
  }
  return out;
}

}  // namespace

std::string count_words(const Dataset& dataset) {
  std::string words = count_of(dataset.size(), dataset.unit());
  for (const auto& level : dataset.levels()) {
    if (level != "track" || !dataset.has_sound())
      words += " · " + count_of(distinct(dataset.groups(level)).size(), level);
  }
  return words;
}

std::string show(const Dataset& dataset) {
  std::string text = "Dataset  " + count_words(dataset);
  double seconds = 0;
  for (const double length : dataset.seconds()) seconds += length;
  if (dataset.has_sound()) text += " · " + show_duration(seconds);
  text += " · columns ";
  const auto columns = dataset.columns();
  for (size_t i = 0; i < columns.size(); ++i) text += (i > 0 ? ", " : "") + columns[i];
  if (dataset.chain()) text += " · " + show_step(dataset.chain());
  if (dataset.synthetic()) text += " · synthetic sample";
  if (!dataset.leak().empty()) text += "\n  " + dataset.leak();
  if (dataset.label().empty() || dataset.target() == Target::numbers) return text;
  std::map<std::string, size_t> counts;
  for (const auto& label : dataset.labels()) {
    const bool tags = dataset.target() == Target::tags;
    for (const auto& one : tags ? parts_of(label, dataset.label_kind()) : std::vector{label}) ++counts[visible(one)];
  }
  std::vector<std::pair<std::string, size_t>> shown(counts.begin(), counts.end());
  const size_t n_more = shown.size() > kMostClasses ? shown.size() - kMostClasses : 0;
  shown.resize(shown.size() - n_more);
  text += in_columns(bars(shown));
  if (n_more > 0) text += "\n  and " + std::to_string(n_more) + " more";
  return text;
}

std::string show(const Split& split, bool colour) {
  const std::string name = pad_right(split.whole.name(), 9) + "  ";
  const size_t margin = 11;
  const bool red = colour && !split.audit.clean();
  return name + wrapped(count_words(split.whole) + " · " + split.rule, margin) + "\n" + std::string(margin, ' ') +
         (red ? "\033[31m" : "") + wrapped(split.audit_line(), margin) + (red ? "\033[0m" : "");
}

}  // namespace lumir::data
