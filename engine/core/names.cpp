// A list of few names says more than the nearest of them, and a long one says less.

#include "core/names.h"

#include "core/error.h"

namespace lumir {

std::string known_names(std::string_view word, const std::vector<std::string>& names, std::string_view lead,
                        std::string_view only) {
  constexpr size_t kFew = 12;
  std::string text = did_you_mean(word, names);
  const bool said = names.size() == 1 && !text.empty();
  if (names.empty() || names.size() > kFew || said) return text;
  text += "; ";
  text += names.size() == 1 ? only : lead;
  for (size_t i = 0; i < names.size(); ++i) text += (i == 0 ? " " : ", ") + names[i];
  return text;
}

}  // namespace lumir
