// See kinds.h.

#include "evaluate/kinds.h"

#include <numeric>

namespace lumir::evaluate {

double Kind::share() const {
  return std::accumulate(right.begin(), right.end(), 0.0) / static_cast<double>(right.size());
}

std::map<std::string, Kind> kinds_of(const Results& results, const std::map<std::string, std::string>& word_of) {
  const auto& predicted = results.models.front().predicted;
  std::map<std::string, Kind> kinds;
  for (size_t i = 0; i < results.ids.size() && i < predicted.size(); ++i) {
    const auto word = word_of.find(results.ids[i]);
    if (word == word_of.end() || word->second.empty()) continue;
    Kind& kind = kinds[word->second];
    kind.right.push_back(predicted[i] == results.truth[i] ? 1 : 0);
    if (i < results.groups.size()) kind.groups.push_back(results.groups[i]);
  }
  return kinds;
}

}  // namespace lumir::evaluate
