// See tag_table.h.

#include "evaluate/tag_table.h"

#include <algorithm>
#include <cmath>

#include "core/readable.h"
#include "core/text.h"
#include "metric/confusion.h"
#include "metric/ranking.h"
#include "metric/scorer.h"

namespace lumir::evaluate {
namespace {

std::string text_of(double score) { return std::isnan(score) ? "-" : show_score(score); }

std::string text_of(const Interval& score) {
  const std::string text = show_score(score.value);
  return score.known() ? text + "  (" + show_limits(score.value, score.low, score.high) + ")" : text;
}

}  // namespace

std::vector<TagScores> tag_table(const metric::Answers& answers, const std::vector<std::string>& tags,
                                 const std::vector<double>& thresholds) {
  const auto counts = metric::count_classes(answers);
  std::vector<TagScores> rows;
  for (size_t i = 0; i < tags.size(); ++i) {
    const auto ranking = metric::rank_class(answers, static_cast<int>(i));
    const auto& count = counts[i];
    rows.push_back({.name = tags[i],
                    .positives = static_cast<int>(count.truth),
                    .roc_auc = metric::area_under_roc(ranking),
                    .average_precision = metric::average_precision(ranking),
                    .threshold = thresholds.empty() ? usual_threshold(answers.kind) : thresholds[i],
                    .precision = metric::ratio_or_zero(count.right, count.predicted),
                    .recall = metric::ratio_or_zero(count.right, count.truth),
                    .f1 = metric::ratio_or_zero(2 * count.right, count.truth + count.predicted)});
  }
  return rows;
}

std::vector<std::vector<std::string>> tag_rows(const ModelResult& model) {
  constexpr size_t kNameWidth = 20;
  std::vector<std::vector<std::string>> rows{{"tag", "rows", "ROC-AUC", "PR-AUC", "from", "precision", "recall", "F1"}};
  for (const auto& tag : model.per_tag) {
    const bool told = tag.positives > 0;
    const auto if_told = [told](double score) { return told ? show_score(score) : std::string("-"); };
    rows.push_back({cut(visible(tag.name), kNameWidth), std::to_string(tag.positives), text_of(tag.roc_auc),
                    text_of(tag.average_precision), show_score(tag.threshold), if_told(tag.precision),
                    if_told(tag.recall), if_told(tag.f1)});
  }
  return rows;
}

std::string words_of_silent_tags(const Results& results) {
  constexpr size_t kMost = 8;
  if (results.target != Target::tags || results.models.empty()) return "";
  std::vector<std::string> silent;
  for (const auto& tag : results.models.front().per_tag) {
    if (tag.positives == 0) silent.push_back(visible(tag.name));
  }
  if (silent.empty()) return "";
  std::string text = "no recording has ";
  for (size_t i = 0; i < std::min(silent.size(), kMost); ++i) text += (i > 0 ? ", '" : "'") + silent[i] + "'";
  if (silent.size() > kMost) text += " and " + std::to_string(silent.size() - kMost) + " more";
  return text + ": left out of the means over tags";
}

std::vector<std::vector<std::string>> score_rows(const Results& results) {
  const bool trained = std::any_of(results.models.begin(), results.models.end(),
                                   [](const ModelResult& model) { return !model.train.empty(); });
  bool limits = false;
  for (const auto& model : results.models) {
    for (const auto& [name, score] : model.valid) limits |= score.known();
  }
  std::vector<std::vector<std::string>> rows{{"model", "measure", limits ? "score  (95 %)" : "score"}};
  if (trained) rows[0].push_back("on train");
  for (const auto& model : results.models) {
    for (const auto& name : results.metrics) {
      rows.push_back({name == results.metrics.front() ? cut(model.name, 24) : "", metric::Scorer(name).short_title(),
                      text_of(model.valid.at(name))});
      if (!trained) continue;
      const auto train = model.train.find(name);
      rows.back().push_back(train == model.train.end() ? "-" : show_score(train->second.value));
    }
  }
  return rows;
}

}  // namespace lumir::evaluate
