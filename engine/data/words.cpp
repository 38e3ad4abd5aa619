// See words.h.

#include "data/words.h"

#include <algorithm>

#include "core/readable.h"

namespace lumir::data {

std::string count_of(size_t n, std::string_view unit) {
  if (unit.ends_with('s')) unit.remove_suffix(1);
  return show_count(static_cast<long>(n)) + " " + std::string(unit) + (n == 1 ? "" : "s");
}

std::vector<std::string> distinct(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

std::string first_repeated(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  const auto found = std::adjacent_find(texts.begin(), texts.end());
  return found == texts.end() ? "" : *found;
}

std::string listed(const std::vector<std::string>& texts) {
  constexpr size_t kShown = 20;
  std::string words;
  for (size_t i = 0; i < std::min(texts.size(), kShown); ++i) words += (i > 0 ? ", " : "") + texts[i];
  if (texts.size() > kShown) words += " and " + show_count(static_cast<long>(texts.size() - kShown)) + " more";
  return words;
}

}  // namespace lumir::data
