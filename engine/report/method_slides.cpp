// Slides of what was done: the data and its split, from sound to numbers, networks, models and searches.

#include <algorithm>
#include <cmath>

#include "core/readable.h"
#include "evaluate/vote.h"
#include "metric/scorer.h"
#include "report/chain_words.h"
#include "report/result_figures.h"
#include "report/sentences.h"
#include "report/slides.h"

namespace lumir::report {
namespace {

using evaluate::Results;

constexpr size_t kLeaksOnSlide = 8;  // which leave room to the words and the recording above them

/// What is to be said of the intervals, each a sentence.
std::string remarks_of(const Results& results) {
  std::string text;
  for (const auto& remark : evaluate::remarks_on_intervals(results)) text += " " + capitalised(remark) + ".";
  return text;
}

Slide network_slide(const Experiment& experiment, const NetworkTable& network) {
  TableBlock table;
  table.header = {"part", "what it is"};
  table.align = {Across::left, Across::left};
  for (const auto& number : network.numbers) {
    table.header.push_back(number);
    table.align.push_back(Across::right);
  }
  table.rows = network.parts;
  table.on_slide = kSettingsOnSlide;
  if (table.rows.size() > table.on_slide) {
    table.caption = "The first " + std::to_string(table.on_slide) + " of " + std::to_string(table.rows.size()) +
                    " rows; the page has all";
  }
  Slide slide{experiment.networks.size() > 1 ? "Method: the network " + network.name : "Method: the network", {table}};
  if (!network.remark.empty()) slide.blocks.push_back(TextBlock{network.remark, Tone::quiet});
  return slide;
}

Slide training_slide(const Experiment& experiment) {
  Slide slide = worded_slide(experiment, "Method: the training", "training");
  std::vector<Block> left, right;  // of two, one beside the other
  for (const auto& facts : experiment.trainings) {
    (left.size() > right.size() ? right : left).push_back(facts_table(facts, ""));
  }
  if (right.empty()) {
    slide.blocks.insert(slide.blocks.end(), left.begin(), left.end());
  } else {
    slide.blocks.push_back(columns(std::move(left), std::move(right)));
  }
  return slide;
}

/// Rows under their heads, the first column of which are words.
TableBlock table_under_heads(const std::vector<std::vector<std::string>>& rows) {
  TableBlock table;
  table.header = rows.front();
  table.align.assign(table.header.size(), Across::right);
  table.align.front() = Across::left;
  table.rows.assign(rows.begin() + 1, rows.end());
  return table;
}

Slide rounds_slide(const RoundsTable& rounds) {
  TableBlock table = table_under_heads(rounds.rows);
  std::rotate(table.rows.begin(), table.rows.end() - 1, table.rows.end());  // means first: many rounds leave the slide
  table.on_slide = kSettingsOnSlide;
  return {"Cross-validation", {TextBlock{rounds.model}, table}};
}

Slide folds_slide(const Experiment& experiment) {
  return {
      "Cross-validation",
      {table_under_heads(experiment.folds),
       TextBlock{"Means and standard deviations are over folds; scores with an interval (95 %) are over the answers "
                 "of all folds at once, of which each recording has one.",
                 Tone::quiet}}};
}

TableBlock steps_table(const ChainTable& chain, bool alone) {
  TableBlock table;
  if (!alone && !chain.models.empty()) table.caption = "What " + joined(chain.models) + " learnt from";
  table.header = {"step", "what is done"};
  table.align = {Across::right};
  for (size_t i = 0; i < chain.steps.size(); ++i) table.rows.push_back({std::to_string(i + 1), chain.steps[i]});
  return table;
}

/// Sentences on the one chain, and its steps as boxes.
Slide chain_slide(const Experiment& experiment) {
  const bool alone = experiment.chains.size() == 1;
  const ChainTable* only = alone ? &experiment.chains.front() : nullptr;
  Slide slide = worded_slide(experiment, "Method: from sound to numbers", "method",
                             only ? sentences_of(only->chain, only->columns) : std::vector<std::string>{});
  const FigurePtr boxes = only ? chain_figure(only->chain, only->columns) : nullptr;
  if (boxes) slide.blocks.push_back(FigureBlock{boxes});
  return slide;
}

/// Each chain by itself, with all options: models that hear in different ways are not fed by one.
Slide steps_slide(const Experiment& experiment) {
  Slide slide{"Method: every step", {}};
  const bool alone = experiment.chains.size() == 1;
  for (const auto& chain : experiment.chains) {
    if (chain.steps.empty()) continue;  // a table that was read: nothing was heard
    slide.blocks.push_back(steps_table(chain, alone));
    if (chain.columns == 0) continue;
    const std::string whose = alone || chain.models.empty() ? "" : " for " + joined(chain.models);
    slide.blocks.push_back(TextBlock{"Each recording is described by " + show_count(static_cast<long>(chain.columns)) +
                                         " numbers" + whose + ". Options that are not named have their defaults.",
                                     Tone::quiet});
  }
  slide.appendix = alone;
  return slide;
}

/// Settings from best to worst, those that could not be fitted last; ties in the order of the grid.
std::vector<SearchRow> ranked(std::vector<SearchRow> rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const SearchRow& a, const SearchRow& b) {
    if (std::isnan(a.mean) || std::isnan(b.mean)) return !std::isnan(a.mean) && std::isnan(b.mean);
    return a.mean > b.mean;
  });
  return rows;
}

Slide models_slide(const Experiment& experiment) {
  Slide slide = worded_slide(experiment, "Method: the models", "models");
  TableBlock table;
  table.header = {"model", "settings"};
  if (!experiment.searches.empty()) table.header = {"model", "pipeline", "settings tried", "best of them"};
  if (!experiment.searches.empty()) table.align = {Across::left, Across::left, Across::right, Across::left};
  for (const auto& model : experiment.results->models) {
    const auto search = std::find_if(experiment.searches.begin(), experiment.searches.end(),
                                     [&](const SearchTable& one) { return one.model == model.name; });
    if (experiment.searches.empty()) {
      table.rows.push_back({model.name, model.settings.empty() ? "as it comes" : model.settings});
    } else if (search == experiment.searches.end()) {
      table.rows.push_back({model.name, "", "", model.settings});
    } else {
      table.rows.push_back(
          {model.name, search->pipeline, show_count(static_cast<long>(search->rows.size())), model.settings});
    }
  }
  slide.blocks.push_back(table);
  for (const auto& search : experiment.searches) {
    const std::string group = search.group.empty() ? ", row by row, because no groups were given"
                                                   : ", whole " + search.group + "s in one fold";
    slide.blocks.push_back(
        TextBlock{"Settings were chosen by " + std::to_string(search.folds) +
                      "-fold cross-validation on the training recordings" + group +
                      "; the whole pipeline was fitted anew inside each fold, the best setting then on "
                      "all of them." +
                      (search.audit.empty() ? "" : " Of the folds: " + search.audit + "."),
                  Tone::quiet});
    break;
  }
  return slide;
}

/// Which of the settings, best first, a slide has room for: "The best 12 of 28 settings".
std::string words_of_cut(const std::vector<SearchRow>& rows) {
  const auto failed = static_cast<size_t>(
      std::count_if(rows.begin(), rows.end(), [](const auto& row) { return std::isnan(row.mean); }));
  const size_t fitted = rows.size() - failed;
  if (fitted >= kSettingsOnSlide) {
    return "The best " + std::to_string(kSettingsOnSlide) + " of " + show_count(static_cast<long>(rows.size())) +
           " settings";
  }
  return "The " + std::to_string(fitted) + (fitted == 1 ? " setting" : " settings") + " that could be fitted, and " +
         std::to_string(kSettingsOnSlide - fitted) + " of " + show_count(static_cast<long>(failed)) + " that could not";
}

Slide search_slide(const Experiment& experiment, const SearchTable& search) {
  TableBlock table;
  table.caption =
      marked("Mean " + metric::Scorer(search.metric).title() + " of " + std::to_string(search.folds) + " folds",
             experiment.synthetic);
  table.header = {"", "setting", "mean", "± deviation"};
  table.align = {Across::right, Across::left, Across::right, Across::right};
  table.best = 0;
  table.on_slide = kSettingsOnSlide;
  const auto rows = ranked(search.rows);
  const bool failures = !rows.empty() && std::isnan(rows.back().mean);
  if (failures) table.header.push_back("could not be fitted");
  for (size_t i = 0; i < rows.size(); ++i) {
    table.rows.push_back({std::to_string(i + 1), rows[i].setting, show_score(rows[i].mean),
                          std::isnan(rows[i].mean) ? "-" : show_score(rows[i].deviation)});
    if (failures) table.rows.back().push_back(rows[i].reason);
  }
  Slide slide{"Search: " + search.model, {table}};
  slide.appendix = true;
  if (rows.size() > kSettingsOnSlide) {
    slide.blocks.push_back(
        TextBlock{words_of_cut(rows) + "; all of them stand in report.html and run.json.", Tone::quiet});
  }
  return slide;
}

}  // namespace

Slide data_slide(const Experiment& experiment) {
  Slide slide = worded_slide(experiment, "Data and split", "data");
  if (!experiment.leaks.empty()) slide.blocks.push_back(BulletBlock{experiment.leaks, Tone::warning});
  BulletBlock split;
  for (const auto& line : experiment.split) split.items.push_back(capitalised(line));
  std::vector<Block> right;
  if (!split.items.empty()) right.push_back(split);
  if (experiment.results) {
    const Results& results = *experiment.results;
    const std::string by = results.group.empty() ? "" : " by " + results.group;
    const std::string vote = evaluate::words_of_votes(results);
    right.push_back(TextBlock{
        "Scored on " + show_count(static_cast<long>(results.size())) + " recordings of " +
            (results.target == Target::numbers ? "" : show_count(static_cast<long>(results.classes.size())) + " ") +
            name_of(results.target) + (has_intervals(results) ? "; 95 % intervals" + by : "") + "." +
            remarks_of(results) + (vote.empty() ? "" : " Votes: " + vote + "."),
        Tone::quiet});
  }
  if (experiment.dataset.empty()) {
    for (auto& block : right) slide.blocks.push_back(block);
  } else {
    const std::string caption = experiment.synthetic ? "synthetic sample" : "";
    slide.blocks.push_back(columns({facts_table(experiment.dataset, caption)}, right, 0.45));
  }
  if (experiment.example) slide.blocks.push_back(FigureBlock{experiment.example, true});
  if (!experiment.leaked.empty()) {
    TableBlock leaked;
    const size_t all = experiment.leaked.size();
    leaked.caption = "Recordings and groups that stood on both sides" +
                     (all > kLeaksOnSlide ? ", the first " + std::to_string(kLeaksOnSlide) + " of " +
                                                show_count(static_cast<long>(all)) + "; the page has all"
                                          : "");
    leaked.header = {"where", "what", "training", "validation", "was"};
    leaked.rows = experiment.leaked;
    leaked.on_slide = kLeaksOnSlide;
    slide.blocks.push_back(leaked);
  }
  return slide;
}

std::vector<Slide> method_slides(const Experiment& experiment) {
  std::vector<Slide> slides = {chain_slide(experiment), steps_slide(experiment)};
  for (const auto& network : experiment.networks) slides.push_back(network_slide(experiment, network));
  slides.push_back(training_slide(experiment));
  if (experiment.results && !experiment.results->models.empty()) slides.push_back(models_slide(experiment));
  if (experiment.folds.size() > 1) slides.push_back(folds_slide(experiment));
  for (const auto& rounds : experiment.rounds) slides.push_back(rounds_slide(rounds));
  for (const auto& search : experiment.searches) slides.push_back(search_slide(experiment, search));
  return slides;
}

}  // namespace lumir::report
