// The order of classes.

#include "data/labels.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "core/error.h"

namespace lumir::data {
namespace {

std::optional<long long> whole_number(const std::string& label) {
  long long number = 0;
  const char* end = label.data() + label.size();
  const auto [stop, problem] = std::from_chars(label.data(), end, number);
  return problem == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

}  // namespace

std::vector<std::string> classes_among(std::vector<std::string> labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  if (std::all_of(labels.begin(), labels.end(), [](const auto& label) { return whole_number(label).has_value(); })) {
    std::stable_sort(labels.begin(), labels.end(),
                     [](const auto& a, const auto& b) { return *whole_number(a) < *whole_number(b); });
  }
  return labels;
}

std::vector<int> places_of(const std::vector<std::string>& labels, const std::vector<std::string>& classes) {
  std::unordered_map<std::string_view, int> known;
  for (size_t i = 0; i < classes.size(); ++i) known.emplace(classes[i], static_cast<int>(i));
  std::vector<int> places;
  places.reserve(labels.size());
  for (const auto& label : labels) {
    const auto found = known.find(label);
    places.push_back(found == known.end() ? -1 : found->second);
  }
  return places;
}

void check_labels(const std::string& who, const std::string& name, const std::vector<std::string>& labels) {
  const auto is_blank = [](const std::string& label) {
    return label.find_first_not_of(" \t\r\n") == std::string::npos;
  };
  const auto blank = std::find_if(labels.begin(), labels.end(), is_blank);
  if (blank == labels.end()) return;
  throw ArgumentError(who + ": '" + name + "' holds a blank label at position " +
                      std::to_string(blank - labels.begin() + 1));
}

}  // namespace lumir::data
