// Means over folds, and all folds as one.

#include "evaluate/fold_scores.h"

#include <algorithm>

#include "core/error.h"
#include "core/random.h"
#include "core/readable.h"
#include "core/text.h"
#include "evaluate/interval.h"
#include "metric/scorer.h"

namespace lumir::evaluate {
namespace {

std::string title_of(const std::string& metric) { return metric::Scorer(metric).short_title(); }

std::string text_of(const MeanAndSpread& found) { return show_score(found.mean) + " (" + show_score(found.sd) + ")"; }

std::string text_of(const Interval& score) {
  const std::string value = show_score(score.value);
  return score.known() ? value + " (" + show_limits(score.value, score.low, score.high) + ")" : value;
}

using Rows = std::vector<std::vector<std::string>>;

Rows table_of_folds(const Setting& setting, const std::vector<std::string>& metrics) {
  Rows rows{{"fold"}};
  for (const auto& metric : metrics) rows[0].push_back(title_of(metric));
  for (size_t i = 0; i < setting.folds().size(); ++i) {
    rows.push_back({std::to_string(i + 1)});
    for (const auto& metric : metrics) rows.back().push_back(show_score(setting.folds()[i].at(metric).value));
  }
  std::vector<std::string> means{"mean (sd)"}, all{"all folds (95 %)"};
  for (const auto& metric : metrics) {
    means.push_back(text_of(setting.summary(metric)));
    all.push_back(text_of(setting.overall(metric)));
  }
  rows.push_back(means);
  rows.push_back(all);
  return rows;
}

Rows table_of_settings(const std::vector<Setting>& settings, const std::vector<std::string>& metrics) {
  Rows rows{{"setting", title_of(metrics.front()) + " (95 %)"}};
  for (const auto& metric : metrics) rows[0].push_back(title_of(metric) + ", mean (sd)");
  rows[0].emplace_back("folds");
  for (const auto& setting : settings) {
    rows.push_back({setting.name(), text_of(setting.overall(metrics.front()))});
    for (const auto& metric : metrics) rows.back().push_back(text_of(setting.summary(metric)));
    rows.back().push_back(std::to_string(setting.folds().size()));
  }
  return rows;
}

template <class T>
void append(const std::vector<T>& more, std::vector<T>& to) {
  to.insert(to.end(), more.begin(), more.end());
}
void append(const Matrix& more, Matrix& to) {
  to.rows += more.rows;
  to.columns = more.columns;
  to.values.append(more.values);
}

Value to_value(const Setting& setting, const std::vector<std::string>& metrics) {
  Map mean, spread, interval;
  for (const auto& metric : metrics) {
    const auto found = setting.summary(metric);
    mean[metric] = found.mean;
    spread[metric] = found.sd;
    const auto all = setting.overall(metric);
    Map of{{"value", all.value}};
    if (all.known()) of["low"] = all.low, of["high"] = all.high;
    interval[metric] = of;
  }
  return Map{{"name", setting.name()},
             {"metrics", List(metrics.begin(), metrics.end())},
             {"mean", mean},
             {"std", spread},
             {"interval", interval}};
}

}  // namespace

void Setting::add(const Results& results) {
  const ModelResult& best = results.models.front();
  folds_.push_back(best.valid);
  append(results.truth, all_.truth);
  append(results.values, all_.values);
  append(results.groups.empty() ? results.ids : results.groups, all_.groups);
  append(best.predicted, model_.predicted);
  append(best.scores, model_.scores);
  append(best.taken, model_.taken);
  all_.target = results.target;
  all_.classes = results.classes;
  model_.kind = best.kind;
}

std::vector<double> Setting::of(const std::string& metric) const {
  std::vector<double> values;
  for (const auto& fold : folds_) values.push_back(fold.at(metric).value);
  return values;
}

MeanAndSpread Setting::summary(const std::string& metric) const { return metric::spread_of(of(metric)); }

Interval Setting::overall(const std::string& metric) const {
  const auto measurer = metric::Scorer(metric).measurer(answers_of(all_, model_));
  return interval_of(measurer, Groups(all_.groups, all_.size()), global_seed());
}

void FoldScores::add(const Results& results, const std::string& setting) {
  const auto metrics = shown_metrics(results);
  if (!settings_.empty() && metrics != metrics_) {
    throw ArgumentError("add: these results have other metrics than those of the folds before");
  }
  metrics_ = metrics;
  const auto found =
      std::find_if(settings_.begin(), settings_.end(), [&](const Setting& one) { return one.name() == setting; });
  last_ = static_cast<size_t>(found - settings_.begin());
  if (found == settings_.end()) settings_.emplace_back(setting);
  settings_[last_].add(results);
}

size_t FoldScores::folds() const {
  size_t all = 0;
  for (const auto& setting : settings_) all += setting.folds().size();
  return all;
}

Rows FoldScores::table() const {
  if (settings_.empty()) return {{"fold"}};
  return settings_.size() == 1 ? table_of_folds(settings_.front(), metrics_) : table_of_settings(settings_, metrics_);
}

std::string FoldScores::last() const {
  std::string text;
  if (settings_.empty()) return text;
  for (const auto& metric : metrics_) {
    const double value = settings_[last_].folds().back().at(metric).value;
    text += (text.empty() ? "" : "   ") + title_of(metric) + " " + show_score(value);
  }
  return text;
}

Value to_value(const FoldScores& scores) {
  List settings;
  for (const auto& setting : scores.settings()) settings.push_back(to_value(setting, scores.metrics()));
  return settings;
}

std::string show(const FoldScores& scores) {
  if (scores.settings().empty()) return "no folds yet";
  const auto table = scores.table();
  std::vector<size_t> numbers;
  for (size_t i = 1; i < table.front().size(); ++i) numbers.push_back(i);
  return text_table(table, numbers);
}

}  // namespace lumir::evaluate
