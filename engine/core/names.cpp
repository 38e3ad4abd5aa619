// A list of few names says more than the nearest of them, and a long one says less.

#include "core/names.h"

#include "core/error.h"

namespace lumir {

std::string short_list(const std::vector<std::string>& names, std::string_view lead, std::string_view only) {
  constexpr size_t kFew = 12;
  if (names.empty() || names.size() > kFew) return "";
  std::string text = "; ";
  text += names.size() == 1 ? only : lead;
  for (size_t i = 0; i < names.size(); ++i) text += (i == 0 ? " " : ", ") + names[i];
  return text;
}

std::string known_names(std::string_view word, const std::vector<std::string>& names, std::string_view lead,
                        std::string_view only) {
  return did_you_mean(word, names) + short_list(names, lead, only);
}

}  // namespace lumir
