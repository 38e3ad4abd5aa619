// Recall by what the corpus knows of whoever sings.

#include "report/group_figures.h"

#include <algorithm>
#include <map>
#include <string>

#include "core/readable.h"
#include "report/named_bars_figure.h"
#include "report/result_figures.h"

namespace lumir::report {
namespace {

struct Count {
  double right = 0, all = 0;
};

/// By the words of the column, each with how many of its recordings are right; those without a word are left out.
std::map<std::string, Count> counts_of(const evaluate::Results& results, const data::Dataset& recordings,
                                       const std::string& column) {
  std::map<std::string, std::string> word_of;
  const auto ids = recordings.column("id"), words = recordings.column(column);
  for (size_t i = 0; i < ids.size(); ++i) word_of[ids[i]] = words[i];
  const auto& predicted = results.models.front().predicted;
  std::map<std::string, Count> counts;
  for (size_t i = 0; i < results.ids.size() && i < predicted.size(); ++i) {
    const auto word = word_of.find(results.ids[i]);
    if (word == word_of.end() || word->second.empty()) continue;
    Count& count = counts[word->second];
    count.all += 1;
    count.right += predicted[i] == results.truth[i] ? 1 : 0;
  }
  return counts;
}

}  // namespace

std::vector<FigurePtr> group_figures(const evaluate::Results& results, const data::Dataset& recordings) {
  std::vector<FigurePtr> figures;
  if (results.target != Target::classes || results.models.empty()) return figures;
  for (const std::string column : {"sex", "voice"}) {
    if (!recordings.has_column(column)) continue;
    const auto counts = counts_of(results, recordings, column);
    if (counts.size() < 2) continue;
    std::vector<std::pair<std::string, double>> bars;
    for (const auto& [word, count] : counts) {
      bars.emplace_back(word + " (" + show_count(static_cast<long>(count.all)) + ")", count.right / count.all);
    }
    const std::string& model = results.models.front().name;
    auto figure =
        std::make_shared<NamedBarsFigure>(std::move(bars), "share that " + model + " has right, by " + column);
    figure->name = "by_" + column;
    figure->title = marked(model + " by " + column, results.synthetic);
    figure->caption = "The share of validation recordings that are right, by the " + column +
                      " of who sings; in brackets how many there are.";
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace lumir::report
