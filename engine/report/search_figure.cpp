// See search_figure.h.

#include "report/search_figure.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "metric/scorer.h"
#include "report/curve_figure.h"
#include "report/matrix_figure.h"

namespace lumir::report {
namespace {

using Candidate = model::Searched::Candidate;

constexpr size_t kMostTicks = 9;   // one for each value that was tried, on a scale of powers
constexpr double kNarrow = 0.05;   // on each side of scores that are all equal
constexpr double kManyTimes = 20;  // from the least to the most: a scale of powers of ten

std::string text_of(const Value& value) { return value.text() ? *value.text() : show(value); }

/// What an option was set to: numbers from the least to the most, behind them words as they came.
std::vector<Value> values_of(const model::Searched& searched, const std::string& option) {
  std::vector<Value> values;
  for (const Candidate& candidate : searched.candidates) {
    const auto found = candidate.setting.find(option);
    if (found == candidate.setting.end()) continue;
    if (std::find(values.begin(), values.end(), found->second) == values.end()) values.push_back(found->second);
  }
  std::stable_sort(values.begin(), values.end(), [](const Value& a, const Value& b) {
    if (a.number() && b.number()) return *a.number() < *b.number();
    return a.number() && !b.number();
  });
  return values;
}

std::vector<std::string> texts_of(const std::vector<Value>& values) {
  std::vector<std::string> texts;
  for (const Value& value : values) texts.push_back(text_of(value));
  return texts;
}

/// The best that was reached with these values of options; null where nothing was.
const Candidate* best_with(const model::Searched& searched, const std::vector<std::pair<std::string, Value>>& set) {
  const Candidate* best = nullptr;
  for (const Candidate& candidate : searched.candidates) {
    const bool has = std::all_of(set.begin(), set.end(), [&](const auto& one) {
      const auto found = candidate.setting.find(one.first);
      return found != candidate.setting.end() && found->second == one.second;
    });
    if (has && candidate.rank > 0 && (!best || candidate.rank < best->rank)) best = &candidate;
  }
  return best;
}

/// Limits of numbers that are drawn as powers of ten.
Limits powers_of(const Limits& limits) {
  if (!limits) return limits;
  if (!(limits->first > 0)) throw ArgumentError("search: 'xlim' must be above 0 where x spans powers of ten");
  return std::pair(std::log10(limits->first), std::log10(limits->second));
}

/// The mean of the best of each value, with a band of a deviation to either side; of `worth` where it has any.
Series line_over(const model::Searched& searched, const std::string& name, const std::string& x,
                 const std::vector<Value>& values, bool powers, const std::vector<MeanAndDeviation>& worth = {}) {
  Series line{name, {}, {}};
  for (const Value& value : values) {
    const Candidate* best = best_with(searched, {{x, value}});
    MeanAndDeviation of{std::numeric_limits<double>::quiet_NaN(), 0};
    if (best)
      of = worth.empty() ? MeanAndDeviation{best->mean, best->sd}
                         : worth[static_cast<size_t>(best - searched.candidates.data())];
    line.x.push_back(powers ? std::log10(*value.number()) : *value.number());
    line.y.push_back(of.mean);
    line.low.push_back(of.mean - of.deviation);
    line.high.push_back(of.mean + of.deviation);
  }
  return line;
}

std::shared_ptr<Figure> curve_over(const model::Searched& searched, const std::string& x,
                                   const std::vector<Value>& values, const Limits& x_limits, const Limits& y_limits,
                                   const std::vector<MeanAndDeviation>& train) {
  const double least = *values.front().number(), most = *values.back().number();
  const bool powers = least > 0 && most >= kManyTimes * least;
  std::vector<Series> lines{line_over(searched, "test", x, values, powers)};
  if (!train.empty()) lines.push_back(line_over(searched, "train", x, values, powers, train));
  const bool named = powers && values.size() <= kMostTicks;
  auto figure = std::make_shared<CurveFigure>(lines, powers && !named ? "log10 of " + x : x,
                                              metric::Scorer(searched.scoring).title());
  for (size_t i = 0; named && i < values.size(); ++i) {
    figure->x_ticks.push_back({lines.front().x[i], text_of(values[i])});
  }
  figure->points = true;
  figure->x_limits = named ? powers_of(x_limits) : x_limits;
  figure->y_limits = y_limits;
  return figure;
}

/// Of the scores that there are; equal ones lie in the middle of a narrow range, not of one beyond all scores.
std::pair<std::optional<double>, std::optional<double>> colour_range(std::vector<double> scores) {
  std::erase_if(scores, [](double score) { return std::isnan(score); });
  const auto [least, most] = std::minmax_element(scores.begin(), scores.end());
  if (scores.empty() || *least < *most) return {};
  return {*least - kNarrow, *most + kNarrow};
}

std::shared_ptr<Figure> cells_over(const model::Searched& searched, const std::string& x,
                                   const std::vector<Value>& across, const std::string& y,
                                   const std::vector<Value>& upwards, const Limits& x_limits, const Limits& y_limits) {
  Matrix means(std::max<size_t>(upwards.size(), 1), across.size());
  for (size_t row = 0; row < means.rows; ++row) {
    for (size_t column = 0; column < across.size(); ++column) {
      std::vector<std::pair<std::string, Value>> set{{x, across[column]}};
      if (!upwards.empty()) set.emplace_back(y, upwards[row]);
      const Candidate* best = best_with(searched, set);
      means(row, column) = best ? best->mean : std::numeric_limits<double>::quiet_NaN();
    }
  }
  MatrixOptions look;
  look.x_label = x;
  look.y_label = y;
  look.unit = metric::Scorer(searched.scoring).title();
  look.column_names = texts_of(across);
  look.row_names = upwards.empty() ? std::vector<std::string>{""} : texts_of(upwards);
  look.numbers = true;
  std::tie(look.low, look.high) = colour_range(means.values);
  look.x_limits = x_limits;
  look.y_limits = y_limits;
  return std::make_shared<MatrixFigure>(std::move(means), std::move(look));
}

}  // namespace

std::vector<std::string> varied_options(const model::Searched& searched) {
  std::vector<std::string> options;
  for (const Candidate& candidate : searched.candidates) {
    for (const auto& [option, value] : candidate.setting) {
      const bool known = std::find(options.begin(), options.end(), option) != options.end();
      if (!known && values_of(searched, option).size() > 1) options.push_back(option);
    }
  }
  return options;
}

std::shared_ptr<Figure> search_figure(const model::Searched& searched, const std::string& learner, const std::string& x,
                                      const std::string& y, const Limits& x_limits, const Limits& y_limits,
                                      const std::vector<MeanAndDeviation>& train) {
  const std::vector<Value> across = values_of(searched, x);
  const std::vector<Value> upwards = y.empty() ? std::vector<Value>() : values_of(searched, y);
  const bool numbers = std::all_of(across.begin(), across.end(), [](const Value& value) { return value.number(); });
  const auto figure = y.empty() && numbers ? curve_over(searched, x, across, x_limits, y_limits, train)
                                           : cells_over(searched, x, across, y, upwards, x_limits, y_limits);
  figure->name = "search";
  figure->title = "Search: " + learner;
  const size_t shown = y.empty() ? 1 : 2;
  if (varied_options(searched).size() > shown) figure->caption = "The best that the other options reach.";
  return figure;
}

}  // namespace lumir::report
