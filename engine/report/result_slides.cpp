// Slides of what came out: the table of the models, their comparison, the figures.

#include <algorithm>

#include "core/readable.h"
#include "evaluate/tag_table.h"
#include "metric/scorer.h"
#include "report/result_figures.h"
#include "report/sentences.h"
#include "report/slides.h"
#include "report/validation_curve.h"

namespace lumir::report {
namespace {

using evaluate::ModelResult;
using evaluate::Results;

constexpr size_t kManyBars = 4;          // more than these have their differences on a slide of their own
constexpr size_t kMostDifferences = 17;  // of the best over others

std::string score_text(const evaluate::Scores& scores, const std::string& name, bool limits) {
  const auto found = scores.find(name);
  if (found == scores.end()) return "-";
  const auto& score = found->second;
  // on a line of its own: side by side the two are too wide for six columns of a slide
  return show_score(score.value) +
         (limits && score.known() ? "\n(" + show_limits(score.value, score.low, score.high) + ")" : "");
}

/// The first guess being right is accuracy by another name: it need not stand beside it.
bool is_again(const std::string& name, const std::vector<std::string>& measures) {
  return name == "top_1" && std::find(measures.begin(), measures.end(), "accuracy") != measures.end();
}

/// One row for each model, one column for each measure that any model has in `set`.
TableBlock score_table(const Results& results, evaluate::Scores ModelResult::*set, bool limits) {
  TableBlock table;
  table.header = {"model"};
  table.align = {Across::left};
  std::vector<std::string> measures;
  for (const auto& name : measured(results, results.metrics)) {
    const auto has = [&](const ModelResult& model) { return (model.*set).contains(name); };
    if (std::none_of(results.models.begin(), results.models.end(), has)) continue;
    if (is_again(name, measures)) continue;
    measures.push_back(name);
    table.header.push_back(metric::Scorer(name).short_title());
    table.align.push_back(Across::right);
  }
  for (const auto& model : results.models) {
    if ((model.*set).empty()) continue;
    std::vector<std::string> row = {model.name};
    for (const auto& name : measures) row.push_back(score_text(model.*set, name, limits));
    table.rows.push_back(row);
  }
  return table;
}

/// "; precision, recall and F1 are averages over classes": of what is measured, that whose header does not say how.
std::string averages_of(const Results& results) {
  std::vector<std::string> names;
  for (const auto& name : measured(results, results.metrics)) {
    const metric::Scorer scorer(name);
    if (scorer.title() != scorer.short_title()) names.push_back(scorer.short_title());
  }
  if (names.empty()) return "";
  return "; " + joined(names) + (names.size() > 1 ? " are averages" : " is an average") +
         " over classes, which have no interval";
}

std::string held_out_words(const Results& results) {
  return has_intervals(results) ? "Held-out recordings, with 95 % intervals" : "Held-out recordings";
}

/// All contenders in one table that fits a slide, however many they are.
TableBlock plain_results_table(const Results& results) {
  const bool limits = results.models.size() <= kManyModels;
  auto rows = evaluate::plain_table(results, limits);
  for (auto& row : rows) {
    row.pop_back();  // how long a fit took, which another run has otherwise
    if (const size_t wide = row[1].find("  ("); wide != std::string::npos) row[1].erase(wide, 1);
  }
  TableBlock table;
  table.header = rows.front();
  table.align.assign(table.header.size(), Across::right);
  table.align[0] = Across::left;
  table.rows.assign(rows.begin() + 1, rows.end());
  table.caption = marked(std::string("Held-out recordings, best first") +
                             (limits && has_intervals(results) ? ", with 95 % intervals of accuracy" : "") +
                             "; precision, recall and F1 are means over classes",
                         results.synthetic);
  if (results.models.size() > 1) table.best = 0;
  return table;
}

TableBlock table_of(const std::vector<std::vector<std::string>>& rows, size_t words) {
  TableBlock table;
  table.header = rows.front();
  table.align.assign(table.header.size(), Across::right);
  std::fill_n(table.align.begin(), words, Across::left);
  table.rows.assign(rows.begin() + 1, rows.end());
  return table;
}

/// Of tags and numbers: a line for each measure of each model.
TableBlock score_lines(const Results& results) {
  TableBlock table = table_of(evaluate::score_rows(results), 3);
  const std::string silent = evaluate::words_of_silent_tags(results);
  table.caption = marked(held_out_words(results) + (silent.empty() ? "" : "; " + silent), results.synthetic);
  return table;
}

/// The best model's table of tags, in as many slides as it needs.
std::vector<Slide> tag_slides(const Results& results, const std::string& of) {
  constexpr size_t kRows = 17;
  std::vector<Slide> slides;
  if (results.target != Target::tags) return slides;
  const ModelResult& best = results.models.front();
  const TableBlock all = table_of(evaluate::tag_rows(best), 1);
  const size_t pages = (all.rows.size() + kRows - 1) / kRows;
  for (size_t page = 0; page < pages; ++page) {
    TableBlock part = all;
    const size_t first = page * kRows, last = std::min(first + kRows, all.rows.size());
    part.rows.assign(all.rows.begin() + static_cast<long>(first), all.rows.begin() + static_cast<long>(last));
    part.caption =
        marked("rows: recordings that have the tag; from: the score from which on it is given", results.synthetic);
    const std::string number = pages > 1 ? " (" + std::to_string(page + 1) + " of " + std::to_string(pages) + ")" : "";
    slides.push_back({"Every tag: " + best.name + of + number, {part}});
  }
  return slides;
}

TableBlock results_table(const Results& results) {
  if (results.target != Target::classes) return score_lines(results);
  if (evaluate::is_plain(results)) return plain_results_table(results);
  TableBlock table = score_table(results, &ModelResult::valid, true);
  table.caption = marked(held_out_words(results) + averages_of(results), results.synthetic);
  if (results.models.size() > 1) table.best = 0;
  return table;
}

/// Without rows where no model was judged on what it learnt from.
TableBlock training_table(const Results& results) {
  if (evaluate::is_plain(results) || results.target != Target::classes) return {};
  TableBlock table = score_table(results, &ModelResult::train, false);
  table.caption = marked("Training, for comparison", results.synthetic);
  return table;
}

TableBlock difference_table(const Results& results) {
  TableBlock table;
  const std::string measure = results.metrics.empty() ? "accuracy" : metric::Scorer(results.metrics[0]).title();
  table.caption = marked("Differences of " + measure + ", paired by recording", results.synthetic);
  table.header = {"better", "than", "gain", "95 % interval", "beyond chance"};
  table.align = {Across::left, Across::left, Across::right, Across::right, Across::left};
  for (const auto& one : results.differences) {
    const bool of_best = one.better == results.models.front().name;
    if (results.models.size() > kManyModels && (!of_best || table.rows.size() >= kMostDifferences)) continue;
    const bool tie = show_score(one.gain.value) == show_score(0);
    table.rows.push_back({one.better, one.worse, tie ? "tie" : show_gain(one.gain.value),
                          one.gain.known() ? show_gain(one.gain.low) + " to " + show_gain(one.gain.high) : "-",
                          one.beyond_chance ? "yes" : "no"});
  }
  return table;
}

}  // namespace

std::string set_words(size_t set) { return set == 0 ? "" : "set " + std::to_string(set + 1); }

Slide overfitting_slide(const Experiment& experiment) {
  Slide slide = worded_slide(experiment, "Overfitting in numbers", "overfitting", sentences_of(experiment.overfitting));
  if (experiment.overfitting.empty()) return slide;
  slide.blocks.push_back(table_of(experiment.overfitting));
  slide.blocks.push_back(
      TextBlock{"Training numbers are means over the batches of an epoch, as they were learnt from (with dropout and "
                "what changes batches); validation numbers are those of the network at the epoch's end.",
                Tone::quiet});
  return slide;
}

Slide analysis_slide(const Experiment& experiment) {
  const bool results = experiment.results && !experiment.results->models.empty();
  Slide slide = worded_slide(experiment, "Analysis", "analysis",
                             results ? analysis_of(*experiment.results, experiment) : std::vector<std::string>{});
  if (!results) return slide;
  for (const auto& search : experiment.searches) {
    if (search.model != experiment.results->models.front().name) continue;
    const bool classes = experiment.results->target == Target::classes;
    const auto curve = validation_curve(
        search, classes ? experiment.results->models.front().per_class : std::vector<evaluate::ClassScores>{});
    if (curve) slide.blocks.push_back(FigureBlock{curve, true});
  }
  return slide;
}

Slide groups_slide(const Experiment& experiment) {
  std::vector<Block> left, right;
  for (const auto& figure : experiment.groups) left.push_back(FigureBlock{figure, true});
  if (experiment.importances) right.push_back(FigureBlock{experiment.importances, true});
  const std::string title = "Analysis: " + std::string(left.empty() ? "" : "whom it knows") +
                            (left.empty() || right.empty() ? "" : ", and ") + (right.empty() ? "" : "by what");
  if (left.empty() || right.empty()) return {title, left.empty() ? right : left};
  return {title, {columns(left, right)}};
}

std::vector<Slide> result_slides(const Experiment& experiment, const Results& results, size_t set,
                                 const std::vector<FigurePtr>& figures) {
  const std::string of = set == 0 ? "" : ", " + set_words(set);
  Slide table = set == 0 ? worded_slide(experiment, "Results", "results") : Slide{"Results" + of, {}};
  if (set > 0) {
    table.blocks.push_back(TextBlock{
        "Other recordings than those of the results before: " + show_count(static_cast<long>(results.size())) + ".",
        Tone::quiet});
  }
  table.blocks.push_back(results_table(results));
  // few bars stand under the table, which says the same in numbers; many would leave neither room to be read
  const bool beside = results.models.size() <= kManyBars && results.target == Target::classes;
  if (beside) table.blocks.push_back(FigureBlock{figures.front()});
  std::vector<Slide> slides = {table};
  if (!beside) slides.push_back({"Comparison of models" + of, {FigureBlock{figures.front()}}});
  Slide numbers{"Results: differences and training" + of, {}};
  numbers.appendix = beside;
  if (!results.differences.empty()) numbers.blocks.push_back(difference_table(results));
  if (auto training = training_table(results); !training.rows.empty()) numbers.blocks.push_back(std::move(training));
  slides.push_back(std::move(numbers));
  for (auto& slide : tag_slides(results, of)) slides.push_back(std::move(slide));
  for (size_t i = 1; i < figures.size(); ++i) {
    slides.push_back({figures[i]->title, {FigureBlock{figures[i]}}});
    slides.back().appendix = i > 1;  // the best model's confusion is told, those of others and every class are not
  }
  if (set > 0) {
    for (auto& slide : slides) slide.appendix = true;
  }
  return slides;
}

}  // namespace lumir::report
