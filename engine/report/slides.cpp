// What a recipe's own words become on a slide.

#include "report/slides.h"

#include <algorithm>
#include <cctype>

namespace lumir::report {

std::string trimmed(const std::string& line) {
  const size_t first = line.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::vector<Block> blocks_of(const std::string& words) {
  std::vector<Block> blocks;
  std::vector<std::string> bullets;
  std::string paragraph;
  const auto end_paragraph = [&] {
    if (!paragraph.empty()) blocks.push_back(TextBlock{paragraph});
    paragraph.clear();
  };
  const auto end_bullets = [&] {
    if (!bullets.empty()) blocks.push_back(BulletBlock{bullets});
    bullets.clear();
  };
  for (size_t start = 0; start <= words.size();) {
    const size_t end = std::min(words.find('\n', start), words.size());
    const std::string line = trimmed(words.substr(start, end - start));
    start = end + 1;
    const bool bullet = line.starts_with("- ") || line.starts_with("* ");
    if (bullet) {
      end_paragraph();
      bullets.push_back(trimmed(line.substr(2)));
    } else if (line.empty()) {
      end_paragraph();
      end_bullets();
    } else if (!bullets.empty()) {
      bullets.back() += " " + line;
    } else {
      paragraph += (paragraph.empty() ? "" : " ") + line;
    }
  }
  end_paragraph();
  end_bullets();
  return blocks;
}

std::vector<Block> words_for(const Experiment& experiment, const std::string& key,
                             const std::vector<std::string>& computed) {
  const auto given = experiment.texts.find(key);
  if (given != experiment.texts.end() && !trimmed(given->second).empty()) return blocks_of(given->second);
  if (computed.empty()) return {};
  return {BulletBlock{computed}};
}

TableBlock facts_table(const std::vector<Fact>& facts, const std::string& caption) {
  TableBlock table;
  table.caption = caption;
  for (const auto& [name, value] : facts) table.rows.push_back({name, value});
  return table;
}

std::string text_or(const Experiment& experiment, const std::string& key, const std::string& otherwise) {
  const auto found = experiment.texts.find(key);
  return found == experiment.texts.end() ? otherwise : trimmed(found->second);
}

}  // namespace lumir::report
