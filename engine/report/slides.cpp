// What a recipe's own words become on a slide.

#include "report/slides.h"

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

std::vector<Block> words_for(const Experiment& experiment, const std::string& key,
                             const std::vector<std::string>& computed) {
  const auto given = experiment.texts.find(key);
  if (given != experiment.texts.end() && !trimmed(given->second).empty()) return blocks_of(given->second);
  if (computed.empty()) return {};
  return {BulletBlock{computed}};
}

Slide worded_slide(const Experiment& experiment, const std::string& title, const std::string& key,
                   const std::vector<std::string>& computed) {
  Slide slide{title, words_for(experiment, key, computed), key};
  slide.words = slide.blocks.size();
  return slide;
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
