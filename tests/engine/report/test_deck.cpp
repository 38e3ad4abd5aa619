// Slides and page of made-up results: nothing overlaps, nothing is cut, numbers are the same ones everywhere.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "core/file.h"
#include "core/readable.h"
#include "engine/report/deck_text.h"
#include "report/named_bars_figure.h"
#include "report/result_figures.h"
#include "report/run_record.h"
#include "report/sentences.h"

using namespace lumir;
using namespace lumir::report;
using namespace lumir::tests;

TEST_CASE("a deck has at least ten slides, nothing cut or overlapping, with 3 and 20 classes and one to three models") {
  for (const auto& classes : {kThree, long_names()}) {
    for (const int models : {1, 2, 3}) {
      const auto pages = pages_of(deck_of(made_up_experiment(classes, models)));
      CHECK(pages.size() >= 10);
      for (size_t i = 0; i < pages.size(); ++i) {
        INFO("page " << i + 1 << ", " << classes.size() << " classes, " << models << " models");
        CHECK(trouble(pages[i], kSlideSize) == "");
      }
    }
  }
}

TEST_CASE("long words wrap, shrink and go on to further pages, but are never cut") {
  auto experiment = made_up_experiment(long_names(), 1);
  std::string words;
  for (int i = 0; i < 700; ++i) words += "word" + std::to_string(i) + " ";
  experiment.texts["findings"] = words;
  experiment.texts["error_analysis"] = "- first\n- second one\n  goes on\n\nA paragraph\nof two lines.";
  experiment.title = "A very long title that says everything about who is singing and who is not, at some length";
  experiment.options["root"] = std::string(400, 'x');
  const auto document = deck_of(experiment);
  const std::string text = all_text(document);
  for (const int i : {0, 350, 699}) CHECK(text.find("word" + std::to_string(i)) != std::string::npos);
  CHECK(text.find("Findings (1 of 2)") != std::string::npos);
  CHECK(text.find("Error analysis") != std::string::npos);
  CHECK(text.find("second one goes on") != std::string::npos);
  CHECK(text.find("A paragraph of two lines.") != std::string::npos);
  for (const auto& page : pages_of(document)) CHECK(trouble(page, kSlideSize) == "");
}

TEST_CASE("a table of 200 rows goes on over pages with its header, each row once") {
  TableBlock table;
  table.header = {"setting", "mean"};
  for (int i = 0; i < 200; ++i) table.rows.push_back({"row " + std::to_string(i) + ".", "0.5"});
  Document document;
  document.title = "t";
  document.slides = {{"Long", {table}}};
  const std::string text = all_text(document);
  for (int i = 0; i < 200; ++i) CHECK(count(text, "row " + std::to_string(i) + ".") == 1);
  CHECK(count(text, "setting") == pages_of(document).size() - 1);
}

TEST_CASE("cells of a table may wrap between words, but no word or number is broken") {
  auto experiment = made_up_experiment(long_names(), 3);
  for (auto& model : experiment.results->models) model.train.clear();
  std::set<std::string> lines;
  for (const auto& page : pages_of(deck_of(experiment))) {
    for (const auto& text : texts_of(page)) lines.insert(text.line);
  }
  for (const auto& model : experiment.results->models) {
    const auto& score = model.valid.at("f1");
    const std::string limits = "(" + show_limits(score.value, score.low, score.high) + ")";
    CHECK(lines.count(show_score(score.value) + " " + limits) + lines.count(limits) >= 1);
  }
}

TEST_CASE("every score of the results stands in the slides and on the page") {
  const auto experiment = made_up_experiment(long_names(), 3);
  const auto document = deck_of(experiment);
  const std::string slides = all_text(document), page = html_of(document);
  for (const auto& model : experiment.results->models) {
    for (const auto& [name, score] : model.valid) {
      INFO(model.name << " " << name);
      CHECK(slides.find(show_score(score.value)) != std::string::npos);
      CHECK(slides.find(show_limits(score.value, score.low, score.high)) != std::string::npos);
      CHECK(page.find(show_score(score.value) + " (" + show_limits(score.value, score.low, score.high) + ")") !=
            std::string::npos);
    }
  }
  for (const auto& one : experiment.results->models[0].per_class) {
    INFO(one.name);
    CHECK(slides.find(show_score(one.precision)) != std::string::npos);
    CHECK(slides.find(show_score(one.recall)) != std::string::npos);
  }
}

TEST_CASE("the numbers in the PDF's text are those of run.json") {
  if (std::system("pdftotext -v >/dev/null 2>&1") != 0) {
    std::printf("SKIPPED: pdftotext is not installed\n");
    return;
  }
  const std::string where = empty_folder("numbers");
  const auto experiment = made_up_experiment(long_names(), 3);
  RunRecord record(where, experiment.recipe);
  record.set("results", evaluate::to_value(*experiment.results));
  record.write();
  const Written written = write_report(experiment, where);
  CHECK(written.pdf == "r12345678_report.pdf");
  const std::string command = "pdftotext -layout '" + where + "/" + written.pdf + "' '" + where + "/text'";
  REQUIRE(std::system(command.c_str()) == 0);
  const std::string text = read_file(where + "/text");
  const Value json = from_json(read_file(where + "/run.json"), "run.json");
  for (const auto& model : *json["results"]["models"].list()) {
    for (const auto& [name, score] : *model["valid"].map()) {
      INFO(*model["name"].text() << " " << name);
      CHECK(text.find(show_score(*score["value"].number())) != std::string::npos);
      CHECK(text.find(show_limits(*score["value"].number(), *score["low"].number(), *score["high"].number())) !=
            std::string::npos);
    }
  }
  CHECK(text.find("邱冠銘") != std::string::npos);
  std::filesystem::remove_all(where);
}

TEST_CASE("a synthetic sample and a leak are said on every page") {
  auto experiment = made_up_experiment(kThree, 1);
  experiment.leaks = {"LEAK: the album abba/gold is on both sides"};
  for (const auto& page : pages_of(deck_of(experiment))) {
    const std::string text = all_text(page);
    CHECK(text.find("synthetic sample") != std::string::npos);
    CHECK(text.find("LEAK: the album abba/gold") != std::string::npos);
  }
  experiment.synthetic = experiment.results->synthetic = false;
  experiment.leaks.clear();
  CHECK(all_text(deck_of(experiment)).find("synthetic") == std::string::npos);
}

TEST_CASE("what is told of classes and intervals is not told of numbers without any") {
  auto experiment = made_up_experiment(kThree, 1);
  auto& results = *experiment.results;
  std::string text = folded(deck_of(experiment));
  for (const char* words : {"A model knows the 3", "95 % interval by album"}) {
    INFO(words);
    CHECK(text.find(words) != std::string::npos);
  }
  become_numbers(results, {0.5});
  text = folded(deck_of(experiment));
  CHECK(text.find("A model knows") == std::string::npos);
  CHECK(text.find("95 %") == std::string::npos);
}

TEST_CASE("slides with nothing to say are left out, and one table of leaks is not carried over by a row") {
  Experiment bare;
  bare.title = "Bars";
  bare.recipe = "recipes/bars.lua";
  std::vector<std::string> titles;
  for (const auto& slide : deck_of(bare).slides) titles.push_back(slide.title);
  CHECK(titles == std::vector<std::string>{"Details"});
  auto experiment = made_up_experiment(kThree, 1);
  experiment.example = made_up_tsne(*experiment.results);
  experiment.leaks = {"LEAK: 36 tracks are on both sides (leak = 'allowed'): the scores are too good"};
  for (int i = 0; i < 36; ++i) experiment.leaked.push_back({"split", "track", "a", "b", "left in"});
  const std::string text = folded(deck_of(experiment));
  CHECK(text.find("the first 8 of 36; the page has all") != std::string::npos);
  CHECK(text.find("Data and split (3 of 3)") == std::string::npos);
}

TEST_CASE("a long line at the foot ends with a whole word") {
  const TextStyle style{10, Weight::normal, kInk};
  const std::string line = "A convolutional recurrent network on excerpts of songs";
  const std::string shorter = shorten(line, style, measure(line, style).width * 0.75);
  CHECK(shorter.ends_with("…"));
  CHECK(line.starts_with(shorter.substr(0, shorter.size() - std::string("…").size()) + " "));
  CHECK(shorten("one_long_name_of_a_class", style, 60).size() > 5);  // not cut down to nothing
}

TEST_CASE("settings that could not be fitted were not judged, and are none of the best") {
  auto experiment = made_up_experiment(kThree, 1);
  auto& rows = experiment.searches[0].rows;  // 28, and one that could not be fitted
  std::string text = folded(deck_of(experiment));
  CHECK(text.find("28 settings were judged") != std::string::npos);
  CHECK(text.find("1 more could not be fitted") != std::string::npos);
  CHECK(text.find("The best 12 of 29 settings") != std::string::npos);
  for (size_t i = 2; i < 14; ++i) rows[i].mean = NAN;
  rows.resize(14);
  text = folded(deck_of(experiment));
  CHECK(text.find("The 2 settings that could be fitted, and 10 of 12 that could not") != std::string::npos);
}

TEST_CASE("numbers of an embedding have no names that say what a model looks at") {
  auto experiment = made_up_experiment(kThree, 1);
  CHECK(folded(deck_of(experiment)).find("829 numbers with names") != std::string::npos);
  experiment.chains[0].named = false;
  const std::string text = folded(deck_of(experiment));
  CHECK(text.find("recording becomes 829 numbers.") != std::string::npos);
}

TEST_CASE("the recipe's words take the place of computed ones") {
  auto experiment = made_up_experiment(kThree, 1);
  CHECK(all_text(deck_of(experiment)).find("Most often confused by SVM") != std::string::npos);
  experiment.texts["findings"] = "[[ We found it. ]]";
  const std::string text = all_text(deck_of(experiment));
  CHECK(text.find("[[ We found it. ]]") != std::string::npos);
  CHECK(text.find("Most often confused by SVM") == std::string::npos);
}

TEST_CASE("the page is one file with tables as tables, figures inside and markup escaped") {
  auto experiment = made_up_experiment({"a<b>&c", "d"}, 1);
  const std::string page = html_of(deck_of(experiment));
  CHECK(page.find("a&lt;b&gt;&amp;c") != std::string::npos);
  CHECK(page.find("a<b>") == std::string::npos);
  CHECK(count(page, "role=\"img\"") == 5);  // comparison, confusion, classes, t-SNE, search
  CHECK(page.find("prefers-color-scheme: dark") != std::string::npos);
  CHECK(page.find("src=") == std::string::npos);
  CHECK(count(page, "<table>") == count(page, "</table>"));
}

TEST_CASE("results of other recordings stand in slides of their own, with figures of their own") {
  auto experiment = made_up_experiment(kThree, 2);
  auto other = made_up_results(kThree, 1, 7);
  experiment.further = {other};
  const Document deck = deck_of(experiment);
  std::vector<std::string> titles;
  for (const auto& slide : deck.slides) titles.push_back(slide.title);
  for (const char* title : {"Results", "Results, set 2", "Results: differences and training, set 2"}) {
    INFO(title);
    CHECK(std::count(titles.begin(), titles.end(), title) == 1);
  }
  const std::string text = all_text(deck);
  CHECK(text.find(show_score(other.models[0].valid.at("f1").value)) != std::string::npos);
  const std::string where = empty_folder("sets");
  const Written written = write_report(experiment, where);
  CHECK(std::count(written.figures.begin(), written.figures.end(), "figures/confusion_svm_set_2.png") == 1);
  std::filesystem::remove_all(where);
}

TEST_CASE("each chain is described by itself, with the models that it feeds") {
  auto experiment = made_up_experiment(kThree, 2);
  experiment.chains = {{{"CNN"}, {"load", "melspectrogram"}, 0}, {{"SVM"}, {"load", "mfcc", "summary"}, 40}};
  const std::string text = all_text(deck_of(experiment));
  CHECK(text.find("What CNN learnt from") != std::string::npos);
  CHECK(text.find("What SVM learnt from") != std::string::npos);
  CHECK(text.find("described by 40 numbers for SVM") != std::string::npos);
  CHECK(text.find("For SVM each recording becomes 40 numbers") != std::string::npos);
  CHECK(text.find("the same numbers") == std::string::npos);
}

TEST_CASE("what is new only the recipe says; without its words the slide is a summary") {
  auto experiment = made_up_experiment(kThree, 1);
  CHECK(deck_of(experiment).slides[0].title == "In short");
  experiment.texts["novelty"] = "A new loss.";
  CHECK(deck_of(experiment).slides[0].title == "What is new");
  auto slides = deck_of(experiment).slides;
  std::erase_if(slides, [](const Slide& slide) { return slide.appendix; });
  CHECK(slides.back().title == "Details");
  const auto is_discussion = [](const Slide& slide) { return slide.title == "Discussion"; };
  CHECK(std::none_of(slides.begin(), slides.end(), is_discussion));  // computed, so it is looked up behind them
  experiment.texts["discussion"] = "It was the microphone.";
  slides = deck_of(experiment).slides;
  std::erase_if(slides, [](const Slide& slide) { return slide.appendix; });
  CHECK(std::count_if(slides.begin(), slides.end(), is_discussion) == 1);
}

TEST_CASE("with all that a corpus knows a deck is about ten slides, and the rest stands behind it") {
  auto experiment = made_up_experiment(long_names(), 3);
  experiment.groups = {std::make_shared<NamedBarsFigure>(std::vector<std::pair<std::string, double>>{{"female", 0.5}})};
  experiment.importances = experiment.groups.front();
  size_t told = 1;  // the cover
  for (const auto& slide : deck_of(experiment).slides) told += slide.appendix ? 0 : 1;
  CHECK(told <= 12);
  experiment.appendix = false;
  CHECK(pages_of(deck_of(experiment)).size() == told);
}

TEST_CASE("an experiment without results still makes a report") {
  Experiment experiment;
  experiment.title = "Features only";
  experiment.chains = {{{}, {"mfcc"}, 0}};
  const auto pages = pages_of(deck_of(experiment));
  CHECK(pages.size() >= 3);
  for (const auto& page : pages) CHECK(trouble(page, kSlideSize) == "");
}

TEST_CASE("tables, figures and sentences speak of the metrics that were asked for") {
  auto experiment = made_up_experiment(kThree, 2);
  auto& results = *experiment.results;
  results.metrics = {"f1_weighted", "log_loss"};
  results.chosen = true;
  for (auto& model : results.models) {
    model.valid = {{"f1_weighted", {0.5, 0.4, 0.6}}, {"log_loss", {1.25, 1, 1.75}}};
    model.train.clear();
  }
  results.models[1].valid["f1_weighted"] = {0.4, 0.3, 0.5};
  const std::string text = all_text(deck_of(experiment));
  CHECK(text.find("weighted F1") != std::string::npos);
  CHECK(text.find("log loss") != std::string::npos);
  CHECK(text.find("Differences of weighted F1") != std::string::npos);
  CHECK(text.find("top-3") == std::string::npos);
  CHECK(findings_of(results)[0].find("does best: its weighted F1 is 0.500") != std::string::npos);
  const auto bars = figures_of(results)[0];
  const std::string drawn = all_text([&](Canvas& canvas) {
    bars->draw(canvas, {0, 0, 960, 400}, Look::of(Medium::slide));
  });
  CHECK(drawn.find("1.5\n") != std::string::npos);  // the scale of log loss goes to 2
}

TEST_CASE("recordings that were heard in parts are counted once, and the slide says how they were joined") {
  auto experiment = made_up_experiment(kThree, 1);
  auto& results = *experiment.results;
  results.rows = results.models[0].rows = 5 * results.truth.size();
  const std::string n = std::to_string(results.truth.size()), rows = std::to_string(results.rows);
  const std::string page = html_of(deck_of(experiment));
  CHECK(page.find("Scored on " + n + " recordings") != std::string::npos);
  CHECK(page.find("Votes: " + rows + " rows joined to " + n + " recordings by the mean of their scores.") !=
        std::string::npos);
}

TEST_CASE("a tie is told as one, and the first guess is no measure beside accuracy") {
  auto experiment = made_up_experiment(kThree, 2);
  experiment.results->differences = {{"SVM", "Random forest", {0.0002, -0.1, 0.1}, false}};
  const std::string page = html_of(deck_of(experiment));
  CHECK(page.find("<td class=\"number\">tie</td>") != std::string::npos);
  CHECK(page.find("+0.000</td>") == std::string::npos);
  CHECK(page.find(">top-1</th>") == std::string::npos);
  CHECK(page.find(">top-3</th>") != std::string::npos);
}
