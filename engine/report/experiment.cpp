// The deck of an experiment: which slides there are, in the order in which one tells it.

#include "report/experiment.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "core/file.h"
#include "core/readable.h"
#include "evaluate/vote.h"
#include "metric/scorer.h"
#include "report/bar_figure.h"
#include "report/class_figure.h"
#include "report/confusion_figure.h"
#include "report/sentences.h"

namespace lumir::report {
namespace {

using evaluate::ModelResult;
using evaluate::Results;

constexpr size_t kSettingsOnSlide = 12;

/// "Random forest" as part of a file's name: "random_forest".
std::string file_word(const std::string& name) {
  std::string word;
  for (const char letter : name) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte >= 128 || std::isalnum(byte)) {
      word += static_cast<char>(byte < 128 ? std::tolower(byte) : byte);
    } else if (!word.empty() && word.back() != '_') {
      word += '_';
    }
  }
  while (!word.empty() && word.back() == '_') word.pop_back();
  return word.empty() ? "model" : word;
}

std::string unique(std::string name, std::set<std::string>& used) {
  const std::string base = name;
  for (int n = 2; !used.insert(name).second; ++n) name = base + "_" + std::to_string(n);
  return name;
}

/// Those of the metrics that any model has, in the order of tables.
std::vector<std::string> measured(const Results& results, const std::vector<std::string>& metrics) {
  std::vector<std::string> there;
  for (const auto& name : metrics) {
    const auto has = [&](const ModelResult& model) { return model.valid.contains(name); };
    if (std::any_of(results.models.begin(), results.models.end(), has)) there.push_back(name);
  }
  return there;
}

std::string score_text(const evaluate::Scores& scores, const std::string& name, bool limits) {
  const auto found = scores.find(name);
  if (found == scores.end()) return "-";
  const auto& score = found->second;
  // on a line of its own: side by side the two are too wide for six columns of a slide
  return show_score(score.value) + (limits && score.known() ? "\n(" + show_limits(score.low, score.high) + ")" : "");
}

std::string marked(const std::string& title, bool synthetic) {
  return synthetic ? title + " (synthetic sample)" : title;
}

/// Without a whisker where no interval is known.
Bar bar_of(const evaluate::Interval& score) {
  return score.known() ? Bar{score.value, score.low, score.high} : Bar{score.value, score.value, score.value};
}

constexpr size_t kManyModels = 6;       // more than these have no confusion matrix each, but the best has one
constexpr size_t kMostDifferences = 8;  // of the best over others, beside the bars of many models

std::shared_ptr<Figure> comparison_figure(const Results& results) {
  std::vector<BarPanel> panels;
  for (const auto& name : measured(results, shown_metrics(results))) {
    BarPanel panel{metric::Scorer(name).title(), {}, std::nullopt};
    for (const auto& model : results.models) {
      const auto valid = model.valid.find(name), train = model.train.find(name);
      BarRow row{model.name, {}, std::nullopt};
      if (valid != model.valid.end()) row.valid = bar_of(valid->second);
      if (train != model.train.end()) row.train = bar_of(train->second);
      panel.rows.push_back(row);
    }
    if (name == "accuracy") panel.chance = 1.0 / static_cast<double>(results.classes.size());
    panels.push_back(panel);
  }
  auto figure = std::make_shared<BarFigure>(std::move(panels));
  figure->name = "comparison";
  figure->title = marked("Comparison of models", results.synthetic);
  figure->caption = "Validation beside training; whiskers are 95 % intervals" +
                    (results.group.empty() ? std::string(".") : " by " + results.group + ".");
  return figure;
}

std::shared_ptr<Figure> confusion_of(const Results& results, const ModelResult& model, const std::string& name) {
  auto figure = std::make_shared<ConfusionFigure>(model.confusion, results.classes, results.label, ConfusionOptions{});
  figure->name = name;
  figure->title = marked("Confusion matrix: " + model.name, results.synthetic);
  figure->caption = "Rows are the true " + (results.label.empty() ? "class" : results.label) +
                    ", columns what was predicted, cells count recordings; colour is the share of the row.";
  return figure;
}

std::shared_ptr<Figure> classes_of(const Results& results) {
  const ModelResult& best = results.models.front();
  auto figure = std::make_shared<ClassFigure>(best.per_class, results.label.empty() ? "class" : results.label);
  figure->name = "classes";
  figure->title =
      marked("Every " + (results.label.empty() ? "class" : results.label) + ": " + best.name, results.synthetic);
  figure->caption = "Precision, recall and F1 on the validation recordings.";
  return figure;
}

std::string trimmed(const std::string& line) {
  const size_t first = line.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

/// The recipe's words: lines that begin with - or * are bullets, an empty line ends a paragraph, indentation of a long
/// string in the source does not count.
std::vector<Block> blocks_of(const std::string& words) {
  std::vector<Block> blocks;
  std::vector<std::string> bullets;
  std::string paragraph;
  const auto end_paragraph = [&] {
    if (!paragraph.empty()) blocks.push_back(TextBlock{paragraph});
    paragraph.clear();
  };
  const auto end_bullets = [&] {
    if (!bullets.empty()) blocks.push_back(BulletBlock{bullets});
    bullets.clear();
  };
  for (size_t start = 0; start <= words.size();) {
    const size_t end = std::min(words.find('\n', start), words.size());
    const std::string line = trimmed(words.substr(start, end - start));
    start = end + 1;
    const bool bullet = line.starts_with("- ") || line.starts_with("* ");
    if (bullet) {
      end_paragraph();
      bullets.push_back(trimmed(line.substr(2)));
    } else if (line.empty()) {
      end_paragraph();
      end_bullets();
    } else if (!bullets.empty()) {
      bullets.back() += " " + line;
    } else {
      paragraph += (paragraph.empty() ? "" : " ") + line;
    }
  }
  end_paragraph();
  end_bullets();
  return blocks;
}

/// The recipe's words for a slide, else bullets of computed sentences.
std::vector<Block> words_for(const Experiment& experiment, const std::string& key,
                             const std::vector<std::string>& computed) {
  const auto given = experiment.texts.find(key);
  if (given != experiment.texts.end() && !trimmed(given->second).empty()) return blocks_of(given->second);
  if (computed.empty()) return {};
  return {BulletBlock{computed}};
}

TableBlock facts_table(const std::vector<Fact>& facts, const std::string& caption) {
  TableBlock table;
  table.caption = caption;
  for (const auto& [name, value] : facts) table.rows.push_back({name, value});
  return table;
}

/// What is to be said of the intervals, each a sentence.
std::string remarks_of(const Results& results) {
  std::string text;
  for (const auto& remark : evaluate::remarks_on_intervals(results)) text += " " + capitalised(remark) + ".";
  return text;
}

Slide data_slide(const Experiment& experiment) {
  Slide slide{"Data and split", words_for(experiment, "data", {})};
  if (!experiment.leaks.empty()) slide.blocks.push_back(BulletBlock{experiment.leaks, Tone::warning});
  BulletBlock split;
  for (const auto& line : experiment.split) split.items.push_back(capitalised(line));
  std::vector<Block> right = {split};
  if (experiment.results) {
    const Results& results = *experiment.results;
    const std::string by = results.group.empty() ? "" : " by " + results.group;
    const std::string vote = evaluate::words_of_votes(results);
    right.push_back(TextBlock{"Scored on " + show_count(static_cast<long>(results.truth.size())) + " recordings of " +
                                  show_count(static_cast<long>(results.classes.size())) + " classes; 95 % intervals" +
                                  by + "." + remarks_of(results) + (vote.empty() ? "" : " Votes: " + vote + "."),
                              Tone::quiet});
  }
  if (experiment.dataset.empty()) {
    for (auto& block : right) slide.blocks.push_back(block);
  } else {
    const std::string caption = experiment.synthetic ? "synthetic sample" : "";
    slide.blocks.push_back(columns({facts_table(experiment.dataset, caption)}, right, 0.45));
  }
  if (!experiment.leaked.empty()) {
    TableBlock leaked;
    leaked.caption = "Recordings and groups that stood on both sides";
    leaked.header = {"where", "what", "training", "validation", "was"};
    leaked.rows = experiment.leaked;
    leaked.on_slide = kSettingsOnSlide;
    slide.blocks.push_back(leaked);
  }
  return slide;
}

Slide network_slide(const Experiment& experiment, const NetworkTable& network) {
  TableBlock table;
  table.header = {"part", "what it is", "parameters"};
  table.align = {Across::left, Across::left, Across::right};
  table.rows = network.parts;
  table.on_slide = kSettingsOnSlide;
  if (table.rows.size() > table.on_slide) {
    table.caption = "The first " + std::to_string(table.on_slide) + " of " + std::to_string(table.rows.size()) +
                    " rows; the page has all";
  }
  return {experiment.networks.size() > 1 ? "Method: the network " + network.name : "Method: the network", {table}};
}

Slide training_slide(const Experiment& experiment) {
  Slide slide{"Method: the training", words_for(experiment, "training", {})};
  for (const auto& facts : experiment.trainings) slide.blocks.push_back(facts_table(facts, ""));
  return slide;
}

Slide folds_slide(const Experiment& experiment) {
  TableBlock table;
  table.header = experiment.folds.front();
  table.align.assign(table.header.size(), Across::right);
  table.align.front() = Across::left;
  table.rows.assign(experiment.folds.begin() + 1, experiment.folds.end());
  return {
      "Cross-validation",
      {table,
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

/// Each chain by itself: models that hear in different ways are not fed by one.
Slide chain_slide(const Experiment& experiment) {
  Slide slide{"Method: from sound to numbers", words_for(experiment, "method", {})};
  const bool alone = experiment.chains.size() == 1;
  for (const auto& chain : experiment.chains) {
    if (!chain.steps.empty()) slide.blocks.push_back(steps_table(chain, alone));
    if (chain.columns == 0) continue;
    const std::string whose = alone || chain.models.empty() ? "" : " for " + joined(chain.models);
    slide.blocks.push_back(TextBlock{"Each recording is described by " + show_count(static_cast<long>(chain.columns)) +
                                         " numbers" + whose + ". Options that are not named have their defaults.",
                                     Tone::quiet});
  }
  if (slide.blocks.empty()) slide.blocks.push_back(TextBlock{"The recipe is " + experiment.recipe + "."});
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
  Slide slide{"Method: the models", words_for(experiment, "models", {})};
  TableBlock table;
  table.header = {"model", "settings"};
  if (!experiment.searches.empty()) table.header = {"model", "pipeline", "settings tried", "best of them"};
  if (!experiment.searches.empty()) table.align = {Across::left, Across::left, Across::right, Across::left};
  for (const auto& model : experiment.results->models) {
    const auto search = std::find_if(experiment.searches.begin(), experiment.searches.end(),
                                     [&](const SearchTable& one) { return one.model == model.name; });
    if (experiment.searches.empty()) {
      table.rows.push_back({model.name, model.settings});
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
  if (rows.size() > kSettingsOnSlide) {
    slide.blocks.push_back(TextBlock{"The best " + std::to_string(kSettingsOnSlide) + " of " +
                                         show_count(static_cast<long>(rows.size())) +
                                         " settings; all of them stand in report.html "
                                         "and run.json.",
                                     Tone::quiet});
  }
  return slide;
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

/// All contenders in one table that fits a slide, however many they are.
TableBlock plain_results_table(const Results& results) {
  const bool limits = results.models.size() <= kManyModels;
  auto rows = evaluate::plain_table(results, limits);
  for (auto& row : rows) {
    if (const size_t wide = row[1].find("  ("); wide != std::string::npos) row[1].erase(wide, 1);
  }
  TableBlock table;
  table.header = rows.front();
  table.align.assign(table.header.size(), Across::right);
  table.align[0] = Across::left;
  table.rows.assign(rows.begin() + 1, rows.end());
  table.caption = marked(std::string("Validation, best first") + (limits ? ", with 95 % intervals of accuracy" : "") +
                             "; precision, recall and F1 are means over classes",
                         results.synthetic);
  if (results.models.size() > 1) table.best = 0;
  return table;
}

TableBlock results_table(const Results& results) {
  if (evaluate::is_plain(results)) return plain_results_table(results);
  TableBlock table = score_table(results, &ModelResult::valid, true);
  table.caption = marked("Validation, with 95 % intervals" + averages_of(results), results.synthetic);
  if (results.models.size() > 1) table.best = 0;
  return table;
}

/// Without rows where no model was judged on what it learnt from.
TableBlock training_table(const Results& results) {
  if (evaluate::is_plain(results)) return {};
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
    table.rows.push_back({one.better, one.worse, show_gain(one.gain.value),
                          one.gain.known() ? show_gain(one.gain.low) + " to " + show_gain(one.gain.high) : "-",
                          one.beyond_chance ? "yes" : "no"});
  }
  return table;
}

/// What tells one set of recordings from the others: nothing for the first, which the report is of.
std::string set_words(size_t set) { return set == 0 ? "" : "set " + std::to_string(set + 1); }

std::vector<Slide> result_slides(const Experiment& experiment, const Results& results, size_t set,
                                 const std::vector<FigurePtr>& figures) {
  const std::string of = set == 0 ? "" : ", " + set_words(set);
  Slide table{"Results" + of, set == 0 ? words_for(experiment, "results", {}) : std::vector<Block>{}};
  if (set > 0) {
    table.blocks.push_back(TextBlock{"Other recordings than those of the results before: " +
                                         show_count(static_cast<long>(results.truth.size())) + ".",
                                     Tone::quiet});
  }
  table.blocks.push_back(results_table(results));
  if (const auto training = training_table(results); !training.rows.empty()) table.blocks.push_back(training);
  Slide comparison{"Comparison of models" + of, {FigureBlock{figures.front()}}};
  if (!results.differences.empty()) comparison.blocks.push_back(difference_table(results));
  std::vector<Slide> slides = {table, comparison};
  for (size_t i = 1; i < figures.size(); ++i) {
    slides.push_back({figures[i]->title, {FigureBlock{figures[i]}}});
  }
  return slides;
}

std::string option_text(const Value& value) {
  if (value.text()) return value.text()->empty() ? "(empty)" : *value.text();
  return show(value);
}

Slide details_slide(const Experiment& experiment) {
  Slide slide{"Details", words_for(experiment, "details", {})};
  std::vector<Fact> options;
  if (!experiment.recipe.empty()) options.emplace_back("recipe", experiment.recipe);
  if (!experiment.run.empty()) options.emplace_back("run", experiment.run);
  for (const auto& [name, value] : experiment.options) options.emplace_back(name, option_text(value));
  if (options.empty() || experiment.machine.empty()) {
    for (const auto& facts : {options, experiment.machine}) {
      if (!facts.empty()) slide.blocks.push_back(facts_table(facts, ""));
    }
  } else {
    slide.blocks.push_back(columns({facts_table(options, "Options of the recipe")},
                                   {facts_table(experiment.machine, "Machine and versions")}));
  }
  slide.blocks.push_back(
      TextBlock{(experiment.saved.empty() ? "" : "model.safetensors holds " + experiment.saved + ". ") +
                    "Results, options, searches, seeds and times stand in run.json beside this report.",
                Tone::quiet});
  return slide;
}

/// "error_analysis" as a title: "Error analysis".
std::string title_of_key(std::string key) {
  std::replace(key.begin(), key.end(), '_', ' ');
  return capitalised(key);
}

/// Slides for words that no slide of the deck asks for.
std::vector<Slide> further_slides(const Experiment& experiment) {
  static const std::set<std::string> known = {"novelty",  "data",       "method",   "models", "results", "details",
                                              "findings", "discussion", "subtitle", "author", "training"};
  std::vector<Slide> slides;
  for (const auto& [key, words] : experiment.texts) {
    if (!known.contains(key)) slides.push_back({title_of_key(key), blocks_of(words)});
  }
  return slides;
}

std::string text_or(const Experiment& experiment, const std::string& key, const std::string& otherwise) {
  const auto found = experiment.texts.find(key);
  return found == experiment.texts.end() ? otherwise : trimmed(found->second);
}

Document cover_of(const Experiment& experiment) {
  Document document;
  document.title = experiment.title;
  document.subtitle = text_or(experiment, "subtitle", experiment.subtitle);
  const std::string author = text_or(experiment, "author", experiment.author);
  if (!author.empty()) document.cover.push_back(author);
  if (!experiment.student.empty() && experiment.student != author) document.cover.push_back(experiment.student);
  std::string line;
  for (const auto& [name, value] : experiment.dataset) {
    // "268 songs · 20 artists": facts that are counts read as words
    const bool count = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
      return std::isdigit(static_cast<unsigned char>(c)) || c == ',';
    });
    if (count) line += (line.empty() ? "" : " · ") + value + " " + name;
  }
  if (!line.empty()) document.cover.push_back(line);
  if (experiment.synthetic) document.mark = "synthetic sample";
  document.warnings = experiment.leaks;
  return document;
}

/// The headline first; those without models say nothing.
std::vector<const Results*> sets_of(const Experiment& experiment) {
  std::vector<const Results*> sets;
  if (experiment.results && !experiment.results->models.empty()) sets.push_back(&*experiment.results);
  for (const auto& results : experiment.further) sets.push_back(&results);
  return sets;
}

void add(std::vector<Slide>& slides, Slide slide) {
  if (!slide.blocks.empty()) slides.push_back(std::move(slide));
}

}  // namespace

std::vector<FigurePtr> figures_of(const Results& results, const std::string& of) {
  if (results.models.empty()) return {};
  std::set<std::string> used;
  std::vector<std::shared_ptr<Figure>> figures = {comparison_figure(results)};
  for (const auto& model : results.models) {
    if (results.models.size() > kManyModels && figures.size() > 1) break;
    figures.push_back(confusion_of(results, model, unique("confusion_" + file_word(model.name), used)));
  }
  figures.push_back(classes_of(results));
  for (const auto& figure : figures) {
    if (of.empty()) break;
    figure->name += "_" + file_word(of);
    figure->title += ", " + of;
  }
  return {figures.begin(), figures.end()};
}

Value searches_value(const Experiment& experiment) {
  List searches;
  for (const auto& search : experiment.searches) {
    List rows;
    for (const auto& row : search.rows) {
      Map one{{"setting", row.setting}, {"mean", row.mean}, {"deviation", row.deviation}};
      if (!row.reason.empty()) one["reason"] = row.reason;
      rows.push_back(one);
    }
    searches.push_back(Map{{"model", search.model},
                           {"pipeline", search.pipeline},
                           {"folds", search.folds},
                           {"group", search.group},
                           {"audit", search.audit},
                           {"rows", rows}});
  }
  return searches;
}

Document deck_of(const Experiment& experiment) {
  Document document = cover_of(experiment);
  const bool has_results = experiment.results && !experiment.results->models.empty();
  auto& slides = document.slides;
  // what is new only the author can say
  const bool says_novelty = experiment.texts.contains("novelty");
  add(slides, {says_novelty ? "What is new" : "In short", words_for(experiment, "novelty", summary_of(experiment))});
  add(slides, data_slide(experiment));
  add(slides, chain_slide(experiment));
  for (const auto& network : experiment.networks) add(slides, network_slide(experiment, network));
  add(slides, training_slide(experiment));
  if (has_results) add(slides, models_slide(experiment));
  if (experiment.folds.size() > 1) add(slides, folds_slide(experiment));
  for (const auto& search : experiment.searches) add(slides, search_slide(experiment, search));
  const auto sets = sets_of(experiment);
  for (size_t set = 0; set < sets.size(); ++set) {
    const auto figures = figures_of(*sets[set], set_words(set));
    for (auto& slide : result_slides(experiment, *sets[set], set, figures)) add(slides, std::move(slide));
  }
  for (const auto& figure : experiment.figures) {
    add(slides, {figure->title.empty() ? title_of_key(figure->name) : figure->title, {FigureBlock{figure, true}}});
  }
  add(slides, {"Findings", words_for(experiment, "findings",
                                     has_results ? findings_of(*experiment.results) : std::vector<std::string>{})});
  for (auto& slide : further_slides(experiment)) add(slides, std::move(slide));
  add(slides, {"Discussion", words_for(experiment, "discussion", discussion_of(experiment))});
  add(slides, details_slide(experiment));
  return document;
}

Written write_report(const Experiment& experiment, const std::string& folder) {
  const Document document = deck_of(experiment);
  Written written;
  written.pdf = experiment.student.empty() ? "report.pdf" : experiment.student + "_report.pdf";
  written.html = "report.html";
  const auto pages = pages_of(document);
  written.slides = pages.size();
  std::vector<FigurePtr> figures;
  const auto sets = sets_of(experiment);
  for (size_t set = 0; set < sets.size(); ++set) {
    for (auto& figure : figures_of(*sets[set], set_words(set))) figures.push_back(std::move(figure));
  }
  figures.insert(figures.end(), experiment.figures.begin(), experiment.figures.end());
  std::set<std::string> used;
  for (const auto& figure : figures) {
    const std::string name = unique(figure->name.empty() ? "figure" : figure->name, used);
    for (const char* ending : {".png", ".svg", ".pdf"}) {
      const std::string path = "figures/" + name + ending;
      save(*figure, folder + "/" + path);
      written.figures.push_back(path);
    }
  }
  write_file(folder + "/" + written.pdf, pdf_of(pages, kSlideSize, document.title));
  write_file(folder + "/" + written.html, html_of(document));
  return written;
}

}  // namespace lumir::report
