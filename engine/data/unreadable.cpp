// See unreadable.h.

#include "data/unreadable.h"

#include <algorithm>

#include "core/text.h"
#include "data/words.h"

namespace lumir::data {

std::string unreadable_words(const Dataset& songs) {
  const auto seconds = songs.seconds();
  const auto n = std::count(seconds.begin(), seconds.end(), 0.0);
  if (n == 0) return "";
  const auto first = static_cast<size_t>(std::find(seconds.begin(), seconds.end(), 0.0) - seconds.begin());
  const std::string path = visible(songs.column("path")[first]);
  if (songs.size() == 1) return "; " + path + " cannot be read";
  return "; " + std::to_string(n) + " of " + count_of(songs.size(), songs.unit()) +
         " cannot be read, the first: " + path;
}

}  // namespace lumir::data
