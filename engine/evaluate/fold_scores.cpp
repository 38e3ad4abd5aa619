// Means over folds.

#include "evaluate/fold_scores.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/error.h"
#include "core/text.h"
#include "metric/scorer.h"

namespace lumir::evaluate {
namespace {

std::string three_digits(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", number);
  return text;
}

std::string title_of(const std::string& metric) { return metric::Scorer(metric).short_title(); }

}  // namespace

void FoldScores::add(const Results& results) {
  const auto metrics = shown_metrics(results);
  if (!folds_.empty() && metrics != metrics_) {
    throw ArgumentError("add: these results have other metrics than those of the folds before");
  }
  metrics_ = metrics;
  folds_.push_back(results.models.front().valid);
}

std::vector<double> FoldScores::of(const std::string& metric) const {
  if (std::find(metrics_.begin(), metrics_.end(), metric) == metrics_.end()) {
    throw ArgumentError("'" + metric + "' was not measured" + did_you_mean(metric, metrics_));
  }
  std::vector<double> values;
  for (const auto& fold : folds_) values.push_back(fold.at(metric).value);
  return values;
}

MeanAndSpread FoldScores::summary(const std::string& metric) const {
  const auto values = of(metric);
  MeanAndSpread found;
  for (const double value : values) found.mean += value / static_cast<double>(values.size());
  for (const double value : values) {
    found.sd += (value - found.mean) * (value - found.mean) / static_cast<double>(values.size());
  }
  found.sd = std::sqrt(found.sd);
  return found;
}

std::vector<std::vector<std::string>> FoldScores::table() const {
  std::vector<std::vector<std::string>> rows{{"fold"}};
  for (const auto& metric : metrics_) rows[0].push_back(title_of(metric));
  for (size_t i = 0; i < folds_.size(); ++i) {
    rows.push_back({std::to_string(i + 1)});
    for (const auto& metric : metrics_) rows.back().push_back(three_digits(folds_[i].at(metric).value));
  }
  if (folds_.empty()) return rows;
  rows.push_back({"mean (sd)"});
  for (const auto& metric : metrics_) {
    const auto [mean, sd] = summary(metric);
    rows.back().push_back(three_digits(mean) + " (" + three_digits(sd) + ")");
  }
  return rows;
}

std::string FoldScores::last() const {
  std::string text;
  if (folds_.empty()) return text;
  for (const auto& metric : metrics_) {
    text += (text.empty() ? "" : "   ") + title_of(metric) + " " + three_digits(folds_.back().at(metric).value);
  }
  return text;
}

std::string show(const FoldScores& scores) {
  std::vector<size_t> numbers;
  for (size_t i = 1; i <= scores.metrics().size(); ++i) numbers.push_back(i);
  return text_table(scores.table(), numbers);
}

}  // namespace lumir::evaluate
