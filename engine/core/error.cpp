// Finds the word a user probably meant.

#include "core/error.h"

#include <algorithm>
#include <cctype>
#include <climits>
#include <utility>

namespace lumir {
namespace {

std::string lower(std::string_view word) {
  std::string out(word);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Optimal string alignment distance: insert, delete, replace, or swap two neighbours, at cost 1 each.
int edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<int>> cost(a.size() + 1, std::vector<int>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = static_cast<int>(i + j);
        continue;
      }
      const int replaced = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

/// The one name that begins with `typed`, which must be two letters at least; else empty.
std::string only_one_beginning(const std::string& typed, const std::vector<std::string>& names) {
  std::string found;
  if (typed.size() < 2) return found;
  for (const auto& name : names) {
    if (!lower(name).starts_with(typed)) continue;
    if (!found.empty()) return "";
    found = name;
  }
  return found;
}

/// What other libraries call something, and what it is called here.
constexpr std::pair<std::string_view, std::string_view> kOtherWords[] = {{"sr", "rate"},
                                                                         {"fs", "rate"},
                                                                         {"samplerate", "rate"},
                                                                         {"sample_rate", "rate"},
                                                                         {"sampling_rate", "rate"},
                                                                         {"duration", "seconds"},
                                                                         {"nchannels", "channels"}};

/// The name here for a word of another library, where it is one of `names`; else empty.
std::string translated(const std::string& typed, const std::vector<std::string>& names) {
  for (const auto& [other, ours] : kOtherWords) {
    if (typed == other && std::find(names.begin(), names.end(), ours) != names.end()) return std::string(ours);
  }
  return "";
}

/// How many letters may be wrong in a word of that many: who types `nn` does not mean `ne`, nor `SiLU` `ELU`.
int tolerated(size_t letters) { return letters <= 2 ? 0 : letters <= 5 ? 1 : 2; }

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& names) {
  constexpr size_t kLongest = 200;  // nobody mistypes more, and comparing takes the square of it
  if (word.size() > kLongest) return "";
  const std::string typed = lower(word);
  if (const std::string ours = translated(typed, names); !ours.empty()) return ours;
  std::string best;
  std::pair<int, int> cost{tolerated(typed.size()), INT_MAX};  // without case, then with it
  for (const auto& name : names) {
    if (name.size() > kLongest) continue;
    const int distance = edit_distance(typed, lower(name));
    if (distance > cost.first || distance >= static_cast<int>(name.size())) continue;
    const std::pair<int, int> own{distance, edit_distance(word, name)};
    if (own >= cost) continue;
    cost = own;
    best = name;
  }
  return best.empty() ? only_one_beginning(typed, names) : best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
  const std::string best = nearest(word, names);
  if (best.empty() && word == "sr") return " (a clip carries its rate, so there is no sr)";
  return best.empty() ? "" : " (did you mean '" + best + "'?)";
}

}  // namespace lumir
