// The validation curve of a search.

#include "report/validation_curve.h"

#include <algorithm>
#include <cmath>

#include "metric/scorer.h"
#include "report/curve_figure.h"
#include "report/result_figures.h"

namespace lumir::report {
namespace {

/// Rows in which all but that option are as in the best one, the option a number; by it, ascending.
std::vector<const SearchRow*> along(const SearchTable& search, const SearchRow& best, const std::string& option) {
  std::vector<const SearchRow*> rows;
  for (const auto& row : search.rows) {
    Map others = row.values, wanted = best.values;
    const auto value = others.find(option);
    if (std::isnan(row.mean) || value == others.end() || !value->second.number()) continue;
    others.erase(option);
    wanted.erase(option);
    if (others == wanted) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const SearchRow* a, const SearchRow* b) {
    return *a->values.at(option).number() < *b->values.at(option).number();
  });
  return rows;
}

}  // namespace

FigurePtr validation_curve(const SearchTable& search, const std::vector<evaluate::ClassScores>& classes) {
  const auto worse = [](const SearchRow& a, const SearchRow& b) {
    return std::isnan(a.mean) ? !std::isnan(b.mean) : a.mean < b.mean;
  };
  const auto best = std::max_element(search.rows.begin(), search.rows.end(), worse);
  if (best == search.rows.end()) return nullptr;
  std::string option;
  std::vector<const SearchRow*> rows;
  for (const auto& [name, value] : best->values) {
    auto found = value.number() ? along(search, *best, name) : std::vector<const SearchRow*>{};
    if (found.size() <= rows.size()) continue;
    rows = std::move(found);
    option = name;
  }
  if (rows.size() < 3) return nullptr;
  Series line{search.model, {}, {}};
  std::vector<Tick> ticks;
  for (size_t i = 0; i < rows.size(); ++i) {
    line.x.push_back(static_cast<double>(i));
    line.y.push_back(rows[i]->mean);
    line.low.push_back(rows[i]->mean - rows[i]->deviation);
    line.high.push_back(rows[i]->mean + rows[i]->deviation);
    ticks.push_back({static_cast<double>(i), show(rows[i]->values.at(option))});
  }
  auto figure = std::make_shared<CurveFigure>(std::vector{line}, option + " (steps of the grid)",
                                              metric::Scorer(search.metric).title() + ", mean of folds");
  figure->x_ticks = std::move(ticks);
  figure->chance = chance_of(search.metric, classes);
  figure->points = true;
  figure->name = "validation_curve";
  figure->title = "Search: " + search.model + " over " + option;
  figure->caption = "The mean over " + std::to_string(search.folds) +
                    " folds with a standard deviation to either side; all other settings are the best ones.";
  return figure;
}

}  // namespace lumir::report
