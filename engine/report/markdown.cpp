// A recipe's words as blocks of a slide: paragraphs, lists, tables, headings.

#include <algorithm>
#include <cctype>
#include <optional>

#include "report/rich_text.h"
#include "report/slides.h"

namespace lumir::report {
namespace {

/// What stands behind "- ", "* " or "3. "; nothing for another line.
std::optional<std::string> bullet_of(const std::string& line) {
  if (line.starts_with("- ") || line.starts_with("* ")) return trimmed(line.substr(2));
  return std::nullopt;
}

std::optional<std::string> numbered_of(const std::string& line) {
  size_t digits = 0;
  while (digits < line.size() && std::isdigit(static_cast<unsigned char>(line[digits]))) ++digits;
  const bool point = digits > 0 && digits < 4 && line.size() > digits + 1 &&
                     (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ';
  if (!point) return std::nullopt;
  return trimmed(line.substr(digits + 2));
}

/// The cells of "| a | b |"; a bar behind a backslash is no border.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cells.back() += line[++i];
    } else if (line[i] == '|') {
      cells.emplace_back();
    } else {
      cells.back() += line[i];
    }
  }
  if (trimmed(cells.back()).empty()) cells.pop_back();
  for (auto& cell : cells) cell = unmarked(trimmed(cell));
  return cells;
}

/// "|---|:--:|--:|" below the heads: where numbers stand at the right.
bool is_rule(const std::vector<std::string>& cells) {
  return !cells.empty() && std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
    return cell.find('-') != std::string::npos && cell.find_first_not_of("-: ") == std::string::npos;
  });
}

/// Lines as they come, and the block that they are becoming.
class Reader {
 public:
  void take(const std::string& line) {
    if (line.empty()) return end();
    if (line.starts_with('|')) return take_row(line);
    if (const auto item = bullet_of(line)) return take_item(*item, false);
    if (const auto item = numbered_of(line)) return take_item(*item, true);
    if (line.starts_with('#'))
      return take_heading(trimmed(
          line.substr(line.find_first_not_of('#') == std::string::npos ? line.size() : line.find_first_not_of('#'))));
    if (!list_.items.empty()) {
      list_.items.back() += " " + line;
    } else {
      end_table();
      text_ += (text_.empty() ? "" : " ") + line;
    }
  }
  std::vector<Block> finish() {
    end();
    return std::move(blocks_);
  }

 private:
  void take_item(const std::string& item, bool numbered) {
    end_text();
    end_table();
    if (!list_.items.empty() && list_.numbered != numbered) end_list();
    list_.numbered = numbered;
    list_.items.push_back(item);
  }
  void take_row(const std::string& line) {
    end_text();
    end_list();
    table_.markdown += line + "\n";  // cells have lost their marks
    std::vector<std::string> cells = cells_of(line);
    if (is_rule(cells) && table_.rows.size() == 1 && table_.header.empty()) {
      for (const auto& cell : cells) table_.align.push_back(cell.ends_with(':') ? Across::right : Across::left);
      table_.header = std::move(table_.rows.front());
      table_.rows.clear();
      return;
    }
    const size_t columns = !table_.header.empty() ? table_.header.size()
                           : !table_.rows.empty() ? table_.rows.front().size()
                                                  : cells.size();
    cells.resize(columns);
    table_.rows.push_back(std::move(cells));
  }
  void take_heading(const std::string& words) {
    end();
    if (!words.empty()) blocks_.push_back(TextBlock{"**" + words + "**", Tone::normal, true});
  }
  void end() {
    end_text();
    end_list();
    end_table();
  }
  void end_text() {
    if (!text_.empty()) blocks_.push_back(TextBlock{text_, Tone::normal, true});
    text_.clear();
  }
  void end_list() {
    if (!list_.items.empty()) blocks_.push_back(list_);
    list_ = {};
    list_.rich = true;
  }
  void end_table() {
    if (!table_.rows.empty() || !table_.header.empty()) blocks_.push_back(table_);
    table_ = {};
  }

  std::vector<Block> blocks_;
  std::string text_;
  BulletBlock list_{.items = {}, .rich = true};
  TableBlock table_;
};

}  // namespace

std::vector<Block> blocks_of(const std::string& words) {
  Reader reader;
  for (size_t start = 0; start <= words.size();) {
    const size_t end = std::min(words.find('\n', start), words.size());
    reader.take(trimmed(words.substr(start, end - start)));
    start = end + 1;
  }
  return reader.finish();
}

}  // namespace lumir::report
