// The deck of an experiment: which slides there are, in the order in which one tells it.

#include "report/experiment.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/file.h"
#include "core/readable.h"
#include "report/document_file.h"
#include "report/result_figures.h"
#include "report/sentences.h"
#include "report/slides.h"

namespace lumir::report {
namespace {

using evaluate::Results;

constexpr const char* kPage = "report.html";

std::string option_text(const Value& value) {
  if (value.text()) return value.text()->empty() ? "(empty)" : *value.text();
  return show(value);
}

Slide details_slide(const Experiment& experiment) {
  Slide slide = worded_slide(experiment, "Details", "details");
  std::vector<Fact> options;
  if (!experiment.recipe.empty()) options.emplace_back("recipe", experiment.recipe);
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
  static const std::set<std::string> known = {"novelty", "data",     "method",      "models",   "results",
                                              "details", "findings", "discussion",  "analysis", "subtitle",
                                              "author",  "training", "overfitting", "link"};
  std::vector<Slide> slides;
  for (const auto& [key, words] : experiment.texts) {
    if (!known.contains(key)) slides.push_back(worded_slide(experiment, title_of_key(key), key));
  }
  return slides;
}

/// What an author has to say of the results belongs to them; what is true of any such results is looked up behind them.
Slide discussion_slide(const Experiment& experiment) {
  Slide slide = worded_slide(experiment, "Discussion", "discussion", discussion_of(experiment));
  slide.appendix = !experiment.texts.contains("discussion") && experiment.leaks.empty();
  return slide;
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
  if (const std::string link = text_or(experiment, "link", ""); !link.empty()) document.cover.push_back(link);
  if (experiment.synthetic) document.mark = "synthetic sample";
  document.warnings = experiment.leaks;
  document.sounds = experiment.sounds;
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
  add(slides, worded_slide(experiment, says_novelty ? "What is new" : "In short", "novelty", summary_of(experiment)));
  add(slides, data_slide(experiment));
  for (auto& slide : method_slides(experiment)) add(slides, std::move(slide));
  const auto sets = sets_of(experiment);
  for (size_t set = 0; set < sets.size(); ++set) {
    const auto figures = figures_of(*sets[set], set_words(set));
    for (auto& slide : result_slides(experiment, *sets[set], set, figures)) add(slides, std::move(slide));
  }
  for (const auto& figure : experiment.figures) {
    add(slides, {figure->title.empty() ? title_of_key(figure->name) : figure->title, {FigureBlock{figure, true}}});
  }
  add(slides, worded_slide(experiment, "Findings", "findings",
                           has_results ? findings_of(*experiment.results) : std::vector<std::string>{}));
  add(slides, analysis_slide(experiment));
  add(slides, groups_slide(experiment));
  add(slides, overfitting_slide(experiment));
  for (auto& slide : further_slides(experiment)) add(slides, std::move(slide));
  add(slides, discussion_slide(experiment));
  add(slides, details_slide(experiment));
  // what tells the experiment first, in its order; then all else
  std::stable_partition(slides.begin(), slides.end(), [](const Slide& slide) { return !slide.appendix; });
  if (!experiment.appendix) std::erase_if(slides, [](const Slide& slide) { return slide.appendix; });
  return document;
}

namespace {

/// Slides and page; counts the slides.
void write_pages(const Document& document, const std::string& folder, Written& written) {
  const auto pages = pages_of(document);
  written.slides = pages.size();
  write_file(folder + "/" + written.pdf, pdf_of(pages, kSlideSize, document.title));
  write_file(folder + "/" + written.html, html_of(document));
}

}  // namespace

Written redraw_report(const std::string& folder) {
  const std::string path = folder + "/" + kLayoutFile, text = read_file(path);
  Written written;
  Document drawn;
  try {
    const Value layout = from_json(text, path), &pdf = layout.at("pdf");
    if (!pdf.text()) throw Error("the name of the slides is missing");
    written.pdf = *pdf.text();
    drawn = document_from(layout.at("document"));
  } catch (const Error&) {
    throw Error(path + ": is none that a run wrote");
  }
  written.html = kPage;
  const Document document = with_words(std::move(drawn), read_file(folder + "/" + kWordsFile));
  write_pages(document, folder, written);
  return written;
}

Written write_report(const Experiment& experiment, const std::string& folder) {
  Recorders recorders;
  const Document document = recorded(deck_of(experiment), recorders);
  Written written;
  written.pdf = experiment.student.empty() ? "report.pdf" : experiment.student + "_report.pdf";
  written.html = kPage;
  write_pages(document, folder, written);
  write_file(folder + "/" + kLayoutFile,
             to_json(Map{{"document", to_value(document, recorders)}, {"pdf", written.pdf}}));
  write_file(folder + "/" + kWordsFile, words_of(document));
  std::vector<FigurePtr> figures;
  const auto sets = sets_of(experiment);
  for (size_t set = 0; set < sets.size(); ++set) {
    for (auto& figure : figures_of(*sets[set], set_words(set))) figures.push_back(std::move(figure));
  }
  figures.insert(figures.end(), experiment.figures.begin(), experiment.figures.end());
  figures.insert(figures.end(), experiment.groups.begin(), experiment.groups.end());
  if (experiment.importances) figures.push_back(experiment.importances);
  std::set<std::string> used;
  for (const auto& figure : figures) {
    const std::string name = unique(figure->name.empty() ? "figure" : figure->name, used);
    for (const char* ending : {".png", ".svg", ".pdf"}) {
      const std::string path = "figures/" + name + ending;
      save(*figure, folder + "/" + path);
      written.figures.push_back(path);
    }
  }
  return written;
}

}  // namespace lumir::report
