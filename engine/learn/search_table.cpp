// See search_table.h.

#include "learn/search_table.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "core/text.h"

namespace lumir::learn {
namespace {

std::string text_of(const Search::Worth& worth) {
  if (worth.rank == 0) return "-";
  char text[60];
  std::snprintf(text, sizeof text, "%.3f (%.3f)", worth.mean, worth.sd);
  return text;
}

std::string seconds_of(const Search::Candidate& candidate) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", candidate.seconds);
  return text;
}

/// Best first; those without a rank stand last.
std::vector<size_t> best_first(const std::vector<Search::Candidate>& candidates) {
  std::vector<size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const int first = candidates[a].rank, second = candidates[b].rank;
    return first > 0 && (second == 0 || first < second);
  });
  return order;
}

}  // namespace

std::string search_table(const Search& search) {
  std::vector<std::vector<Search::Worth>> worth;
  std::vector<std::string> heads{"rank"};
  std::vector<size_t> numbers{0};
  for (size_t m = 0; m < search.scorers().size(); ++m) {
    worth.push_back(search.worth_by(m));
    numbers.push_back(heads.size());
    heads.push_back(search.scorers()[m].title() + " (sd)");
  }
  numbers.push_back(heads.size());
  heads.insert(heads.end(), {"s", "setting"});
  std::vector<std::vector<std::string>> rows{heads};
  for (const size_t c : best_first(search.candidates())) {
    const Search::Candidate& candidate = search.candidates()[c];
    std::vector<std::string> row{candidate.rank > 0 ? std::to_string(candidate.rank) : "-"};
    for (const auto& by_metric : worth) row.push_back(text_of(by_metric[c]));
    const std::string setting = model::show_setting(candidate.setting);
    row.push_back(seconds_of(candidate));
    row.push_back(candidate.reason.empty() ? setting : setting + ": " + candidate.reason);
    rows.push_back(row);
  }
  return text_table(rows, numbers);
}

}  // namespace lumir::learn
