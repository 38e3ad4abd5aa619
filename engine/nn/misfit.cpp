// Lists of names, cut.

#include "nn/misfit.h"

#include <algorithm>
#include <iterator>

#include "core/error.h"
#include "core/text.h"

namespace lumir::nn {
namespace {

constexpr size_t kMostShown = 6;  // of each list

std::string quoted(const std::string& name) { return "'" + cut(visible(name), 80) + "'"; }

std::string list_of(const std::vector<std::string>& parts, std::string (*shown)(const std::string&),
                    const char* between) {
  std::string text;
  for (size_t i = 0; i < std::min(parts.size(), kMostShown); ++i) text += (i > 0 ? between : "") + shown(parts[i]);
  if (parts.size() > kMostShown) text += " and " + std::to_string(parts.size() - kMostShown) + " more";
  return text;
}

/// What all of `longer` begin with before one of `shorter`, each of which is met; "" where it is not so.
std::string common_prefix(const std::vector<std::string>& longer, const std::vector<std::string>& shorter) {
  if (longer.empty() || longer.size() != shorter.size()) return "";
  std::vector<std::string> a = longer, b = shorter;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  if (!a[0].ends_with("." + b[0])) return "";
  const std::string prefix = a[0].substr(0, a[0].size() - b[0].size());
  const auto same = [&prefix](const std::string& one, const std::string& other) { return one == prefix + other; };
  return std::equal(a.begin(), a.end(), b.begin(), same) ? prefix : "";
}

}  // namespace

Misfit compared(const std::vector<std::string>& names, const State& state) {
  Misfit found;
  std::copy_if(names.begin(), names.end(), std::back_inserter(found.missing),
               [&](const std::string& name) { return !state.contains(name); });
  for (const auto& [name, array] : state) {
    if (std::find(names.begin(), names.end(), name) == names.end()) found.unexpected.push_back(name);
  }
  return found;
}

std::string Misfit::text(const std::string& owner, const std::vector<std::string>& names) const {
  std::vector<std::string> said;
  if (!missing.empty()) said.push_back("has no array " + list_of(missing, quoted, ", ") + " of " + owner);
  if (!unexpected.empty()) {
    const bool one = unexpected.size() == 1;
    said.push_back(list_of(unexpected, quoted, ", ") + (one ? " is" : " are") + " no part of " + owner +
                   (one ? did_you_mean(unexpected[0], names) : ""));
  }
  if (!misshapen.empty()) {
    said.push_back(list_of(
        misshapen, [](const std::string& text) { return text; }, "; "));
  }
  std::string text;
  for (const auto& part : said) text += (text.empty() ? "" : "; ") + part;
  if (const std::string more = common_prefix(unexpected, missing); !more.empty()) {
    text += " ({ rename = { [" + quoted(more) + "] = '' } } takes that off)";
  } else if (const std::string less = common_prefix(missing, unexpected); !less.empty()) {
    text += " ({ rename = { [''] = " + quoted(less) + " } } puts that before)";
  }
  return text;
}

}  // namespace lumir::nn
