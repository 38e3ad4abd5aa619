// See label_kind.h.

#include "data/label_kind.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "core/text.h"
#include "data/labels.h"

namespace lumir::data {
namespace {

double number_in(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, number);
  if (problem == std::errc() && stop == end && std::isfinite(number)) return number;
  throw Error("the label '" + visible(text) + "' is no number");
}

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::vector<std::string> parts_of(const std::string& text, const LabelKind& kind) {
  std::vector<std::string> parts;
  size_t from = 0;
  while (from <= text.size()) {
    const size_t end = kind.separator.empty() ? std::string::npos : text.find(kind.separator, from);
    const std::string part = trimmed(text.substr(from, end == std::string::npos ? end : end - from));
    if (!part.empty()) parts.push_back(part);
    if (end == std::string::npos) break;
    from = end + kind.separator.size();
  }
  return parts;
}

std::string joined(const std::vector<std::string>& parts, const LabelKind& kind) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : kind.separator) + part;
  return text;
}

std::vector<std::string> names_among(const std::vector<std::string>& texts, const LabelKind& kind) {
  if (!kind.names.empty()) return kind.names;
  if (kind.target == Target::classes) return classes_among(texts);
  std::vector<std::string> tags;
  for (const auto& text : texts) {
    for (auto& tag : parts_of(text, kind)) tags.push_back(std::move(tag));
  }
  return classes_among(std::move(tags));
}

Matrix values_of(const std::vector<std::string>& texts, const std::vector<std::string>& names, const LabelKind& kind) {
  Matrix values(texts.size(), names.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto parts = parts_of(texts[i], kind);
    if (kind.target == Target::numbers) {
      if (parts.size() != names.size()) {
        throw Error("the label '" + visible(texts[i]) + "' holds " + std::to_string(parts.size()) + " numbers, " +
                    std::to_string(names.size()) + " are wanted");
      }
      std::transform(parts.begin(), parts.end(), values.row(i).begin(), number_in);
      continue;
    }
    const auto places = places_of(parts, names);
    for (size_t k = 0; k < parts.size(); ++k) {
      if (places[k] < 0)
        throw Error("the tag '" + visible(parts[k]) + "' is none of those named" + did_you_mean(parts[k], names));
      values(i, static_cast<size_t>(places[k])) = 1;
    }
  }
  return values;
}

}  // namespace lumir::data
