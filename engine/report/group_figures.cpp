// Recall by what the corpus knows of whoever sings.

#include "report/group_figures.h"

#include <algorithm>
#include <map>
#include <string>

#include "core/random.h"
#include "core/readable.h"
#include "evaluate/interval.h"
#include "evaluate/kinds.h"
#include "metric/metric.h"
#include "report/named_bars_figure.h"
#include "report/result_figures.h"

namespace lumir::report {
namespace {

using evaluate::Kind;

/// By the words of the column.
std::map<std::string, Kind> kinds_of(const evaluate::Results& results, const data::Dataset& recordings,
                                     const std::string& column) {
  std::map<std::string, std::string> word_of;
  const auto ids = recordings.column("id"), words = recordings.column(column);
  for (size_t i = 0; i < ids.size(); ++i) word_of[ids[i]] = words[i];
  return evaluate::kinds_of(results, word_of);
}

/// The share that is right, with the interval that compare would give it.
evaluate::Interval share_of(const Kind& kind) {
  const evaluate::Groups groups(kind.groups, kind.right.size());
  return evaluate::interval_of(metric::Measurer::share(kind.right), groups, global_seed());
}

/// Of all recordings that were judged.
double share_of_all(const evaluate::Results& results) {
  const auto& predicted = results.models.front().predicted;
  double right = 0;
  for (size_t i = 0; i < predicted.size() && i < results.truth.size(); ++i) right += predicted[i] == results.truth[i];
  return right / static_cast<double>(predicted.size());
}

std::shared_ptr<Figure> figure_of(const evaluate::Results& results, const std::map<std::string, Kind>& kinds,
                                  const std::string& column) {
  std::vector<std::pair<std::string, double>> bars;
  std::vector<Bar> whiskers;
  bool known = false;
  for (const auto& [word, kind] : kinds) {
    const evaluate::Interval share = share_of(kind);
    bars.emplace_back(word + " (" + show_count(static_cast<long>(kind.right.size())) + ")", share.value);
    whiskers.push_back(bar_of(share));
    known = known || share.known();
  }
  const std::string& model = results.models.front().name;
  auto figure = std::make_shared<NamedBarsFigure>(std::move(bars), "share that " + model + " has right, by " + column);
  figure->shares = true;
  figure->whiskers = std::move(whiskers);
  figure->line = share_of_all(results);
  figure->name = "by_" + column;
  figure->title = marked(model + " by " + column, results.synthetic);
  figure->caption = "In brackets how many held-out recordings there are; the line is the share of all" +
                    std::string(known ? ", whiskers are 95 % intervals" : "") +
                    (known && !results.group.empty() ? " by " + results.group : "") + ".";
  return figure;
}

}  // namespace

std::vector<FigurePtr> group_figures(const evaluate::Results& results, const data::Dataset& recordings) {
  std::vector<FigurePtr> figures;
  if (results.target != Target::classes || results.models.empty()) return figures;
  for (const std::string column : {"sex", "voice"}) {
    if (!recordings.has_column(column)) continue;
    const auto kinds = kinds_of(results, recordings, column);
    if (kinds.size() > 1) figures.push_back(figure_of(results, kinds, column));
  }
  return figures;
}

}  // namespace lumir::report
