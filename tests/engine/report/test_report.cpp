// Figures, slides, page and run record on made-up results: nothing overlaps, nothing is cut, numbers are the same ones.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include <unistd.h>

#include "core/error.h"
#include "core/file.h"
#include "core/readable.h"
#include "engine/report/made_up.h"
#include "engine/report/placed.h"
#include "report/axis.h"
#include "report/bar_figure.h"
#include "report/class_figure.h"
#include "report/confusion_figure.h"
#include "report/curve.h"
#include "report/curve_figure.h"
#include "report/matrix_figure.h"
#include "report/result_figures.h"
#include "report/run_record.h"
#include "report/sentences.h"

using namespace lumir;
using namespace lumir::report;
using namespace lumir::tests;

namespace {

std::string all_text(const Document& document) {
  std::string text;
  for (const auto& page : pages_of(document)) text += tests::all_text(page);
  return text;
}

std::vector<FigurePtr> every_figure(const std::vector<std::string>& classes, int models) {
  const auto results = made_up_results(classes, models);
  auto figures = figures_of(results);
  figures.push_back(made_up_tsne(results));
  figures.push_back(
      std::make_shared<ConfusionFigure>(results.models[0].confusion, classes, "artist", ConfusionOptions{true, true}));
  return figures;
}

std::string folder(const std::string& name) {
  const auto path = std::filesystem::temp_directory_path() / ("lumir-report-" + std::to_string(getpid()) + "-" + name);
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path.string();
}

size_t count(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// The deck's text without the ends of its lines, which a slide folds.
std::string folded(const Document& document) {
  std::string text = all_text(document);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// Results of one number, year, in place of classes: each model has this R2 and no interval.
void become_numbers(evaluate::Results& results, const std::vector<double>& scores) {
  results.target = Target::numbers;
  results.label = "year";
  results.classes = {"year"};
  results.metrics = {"r2"};
  results.values = Matrix(results.truth.size(), 1);
  results.truth.clear();
  results.differences.clear();
  for (size_t i = 0; i < results.models.size(); ++i) {
    auto& model = results.models[i];
    model.valid = {{"r2", {scores[i]}}};
    model.train.clear();
    model.scores = Matrix(results.values.rows, 1);
    model.confusion = {};
    model.per_class.clear();
  }
}

const std::vector<std::string> kThree = {"abba", "邱冠銘", "The Artist Formerly Known as Prince"};

}  // namespace

TEST_CASE("no label of a figure is cut or meets another, with 2, 3, 20 and 40 classes, on a slide and in a column") {
  for (const auto& classes : {short_names(2), kThree, short_names(20), long_names(), short_names(40)}) {
    for (const int models : {1, 3}) {
      for (const auto& figure : every_figure(classes, models)) {
        for (const Medium medium : {Medium::slide, Medium::column}) {
          INFO(figure->name << " of " << classes.size() << (medium == Medium::slide ? " on a slide" : " in a column"));
          CHECK(trouble(drawing_of(*figure, medium), figure->size(medium)) == "");
        }
      }
    }
  }
}

TEST_CASE("in a column of a paper a confusion matrix has at least half the width, however long its names are") {
  std::vector<std::string> names;
  for (int i = 0; i < 8; ++i) names.push_back("a_singer_with_a_very_long_name_indeed_" + std::to_string(i));
  const auto results = made_up_results(names, 1);
  for (const bool percent : {false, true}) {
    const ConfusionFigure figure(results.models[0].confusion, names, "artist", {percent, false});
    double first = 0, recall = 0;
    const Size size = figure.size(Medium::column);
    for (const auto& text : texts_of(drawing_of(figure, Medium::column))) {
      if (text.line.starts_with("a_singer") && text.box.width > text.box.height) first = text.box.right();
      if (text.line == "recall") recall = text.box.x;
    }
    CHECK(recall - first >= size.width * 0.47);  // between the names and what stands right of the cells
    CHECK(trouble(drawing_of(figure, Medium::column), size) == "");
  }
}

TEST_CASE("axes of curves and matrices keep their labels apart and inside") {
  for (const double span : {1e-3, 1.0, 110.0, 22050.0, 3e6}) {
    CurveFigure curve({{"loss", {0, 1, 2}, {0, span, span / 2}}, {"validation", {0, 1, 2}, {span, 0, 0}}}, "epoch",
                      "loss");
    MatrixOptions options;
    options.unit = "dB";
    options.frame_rate = 43.07;
    options.hertz = mel_frequencies(128, 0, std::min(span, 1e5));
    const MatrixFigure matrix(Matrix(128, 300, 1), options);
    for (const Medium medium : {Medium::slide, Medium::column}) {
      INFO(span);
      CHECK(trouble(drawing_of(curve, medium), curve.size(medium)) == "");
      CHECK(trouble(drawing_of(matrix, medium), matrix.size(medium)) == "");
    }
  }
}

TEST_CASE("epochs have no halves on their axis, however few there are") {
  for (const std::vector<double>& epochs : {std::vector<double>{1, 2, 3}, {1, 2}, {1, 40, 100}}) {
    const CurveFigure curve({{"loss", epochs, std::vector<double>(epochs.size(), 0.5)}}, "epoch", "loss");
    size_t whole = 0;
    for (const auto& text : texts_of(drawing_of(curve, Medium::slide))) {
      whole += text.line.find_first_not_of("0123456789") == std::string::npos;
      CHECK(text.line != "1.5");
    }
    CHECK(whole >= 2);
  }
}

TEST_CASE("20 names of a confusion matrix are written whole and large enough for a slide") {
  const auto results = made_up_results(long_names(), 1);
  const ConfusionFigure figure(results.models[0].confusion, results.classes, "artist", {});
  const auto texts = texts_of(drawing_of(figure, Medium::slide));
  for (const auto& name : long_names()) {
    const auto row = std::find_if(texts.begin(), texts.end(), [&](const auto& text) { return text.line == name; });
    REQUIRE(row != texts.end());
    CHECK(row->size >= 8.5);
  }
}

TEST_CASE("a confusion matrix shows counts, or percent of the row, and each row's recall") {
  Matrix counts(2, 2);
  counts.values = {7, 1, 2, 8};
  const std::string plain = all_text(drawing_of(ConfusionFigure(counts, {"a", "b"}, "", {}), Medium::slide));
  CHECK(plain.find("\n7\n") != std::string::npos);
  CHECK(plain.find("88 %\n") != std::string::npos);
  CHECK(plain.find("80 %\n") != std::string::npos);
  const std::string percent =
      all_text(drawing_of(ConfusionFigure(counts, {"a", "b"}, "", {true, false}), Medium::slide));
  CHECK(percent.find("\n13\n") != std::string::npos);
  CHECK(percent.find("\n7\n") == std::string::npos);
}

TEST_CASE("classes that are confused stand beside each other when sorted by similarity") {
  Matrix counts(4, 4);
  counts.values = {5, 0, 0, 5, 0, 9, 1, 0, 0, 2, 8, 0, 4, 0, 0, 6};
  const auto order = order_by_similarity(counts);
  REQUIRE(order.size() == 4);
  const auto place = [&](int which) { return std::find(order.begin(), order.end(), which) - order.begin(); };
  CHECK(std::abs(place(0) - place(3)) == 1);
  CHECK(std::abs(place(1) - place(2)) == 1);
}

TEST_CASE("ticks are round numbers written plainly") {
  const auto labels = [](double low, double high) {
    std::string text;
    for (const auto& tick : round_ticks(low, high, 6)) text += tick.label + " ";
    return text;
  };
  CHECK(labels(0, 110) == "0 50 100 ");
  CHECK(labels(0, 0.003) == "0.000 0.001 0.002 0.003 ");
  CHECK(labels(-80, 0) == "-80 -60 -40 -20 0 ");
  CHECK(labels(0, 22050) == "0 5000 10000 15000 20000 ");
}

TEST_CASE("a mel axis has 1000 Hz where the band of 1000 Hz is, whatever fmax is") {
  for (const double fmax : {4000.0, 8000.0, 11025.0}) {
    MatrixOptions options;
    options.hertz = mel_frequencies(64, 0, fmax);
    const MatrixFigure figure(Matrix(64, 10, 0.5), options);
    const auto texts = texts_of(drawing_of(figure, Medium::slide));
    const auto label = std::find_if(texts.begin(), texts.end(), [](const auto& text) { return text.line == "1000"; });
    REQUIRE(label != texts.end());
    size_t row = 0;
    while (options.hertz[row] < 1000) ++row;
    // rows count from the bottom of a plot whose limits the labels of the x axis and the box give
    const auto other = std::find_if(texts.begin(), texts.end(), [](const auto& text) { return text.line == "2000"; });
    REQUIRE(other != texts.end());
    size_t row2 = 0;
    while (options.hertz[row2] < 2000) ++row2;
    const double row_height = (label->box.middle().y - other->box.middle().y) / static_cast<double>(row2 - row);
    CHECK(row_height * 64 == Approx(450).margin(60));
  }
}

TEST_CASE("mel bands lie where librosa has them") {
  // librosa 0.11: mel_frequencies(n_mels=10 + 2, fmin=0, fmax=11025)[1:-1], first, fifth and last
  const auto middles = mel_frequencies(10, 0, 11025);
  CHECK(middles[0] == Approx(302.48845139).epsilon(1e-9));
  CHECK(middles[4] == Approx(1696.33448845).epsilon(1e-9));
  CHECK(middles[9] == Approx(8070.50567244).epsilon(1e-9));
}

TEST_CASE("text on a cell contrasts with it by at least 4.5 to 1 nearly everywhere, and never under 3.9") {
  const auto luminance = [](const Colour& colour) {
    const auto linear = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
  };
  for (int i = 0; i <= 100; ++i) {
    const Colour cell = blues(i / 100.0);
    const double a = luminance(cell), b = luminance(ink_on(cell));
    CHECK((std::max(a, b) + 0.05) / (std::min(a, b) + 0.05) >= 3.9);
  }
}

TEST_CASE("a class has its own look: ten hues, then another marker") {
  std::set<std::string> looks;
  for (size_t i = 0; i < 80; ++i) {
    const ClassLook look = class_look(i);
    looks.insert(look.colour.text() + std::to_string(static_cast<int>(look.marker)));
    CHECK((class_look(i).marker == Marker::circle) == (i < 10));
  }
  CHECK(looks.size() == 80);
}

TEST_CASE("the colour of a class does not depend on which classes are in the picture") {
  const auto results = made_up_results(short_names(12), 1);
  Matrix one(1, 2);
  const ScatterFigure figure(one, {11}, results.classes, "artist");
  const std::string svg = render(figure, "svg");
  CHECK(svg.find(class_look(11).colour.text()) != std::string::npos);
  CHECK(class_look(11).colour.text() == class_look(1).colour.text());
  CHECK(svg.find(class_look(2).colour.text()) == std::string::npos);
  CHECK(svg.find("singer_12") != std::string::npos);
  CHECK(svg.find("singer_01") == std::string::npos);
}

TEST_CASE("the legend stands beside the data") {
  const auto results = made_up_results(long_names(), 1);
  const auto figure = made_up_tsne(results);
  const auto texts = texts_of(drawing_of(*figure, Medium::slide));
  double frame_right = 0, legend_left = 1e9;
  for (const auto& text : texts) {
    if (text.line == "dimension 1 (no unit)") frame_right = text.box.right();
    if (text.line == "queen") legend_left = text.box.x;
  }
  CHECK(legend_left > frame_right);
}

TEST_CASE("the same data give the same bytes as PNG, SVG and PDF; text in SVG and PDF is text") {
  const auto results = made_up_results(kThree, 3);
  for (const auto& figure : every_figure(kThree, 3)) {
    for (const char* format : {"png", "svg", "pdf"}) {
      INFO(figure->name << " " << format);
      CHECK(render(*figure, format) == render(*figure, format));
    }
  }
  const std::string svg = render(*figures_of(results)[1], "svg");
  CHECK(svg.find(">邱冠銘</text>") != std::string::npos);
  CHECK(render(*figures_of(results)[1], "png").substr(1, 3) == "PNG");
  CHECK(render(*figures_of(results)[1], "pdf").substr(0, 5) == "%PDF-");
  CHECK(pdf_of(deck_of(made_up_experiment(kThree, 1))) == pdf_of(deck_of(made_up_experiment(kThree, 1))));
}

TEST_CASE("a figure's ending says its format, and another one is refused") {
  const auto figure = made_up_tsne(made_up_results(kThree, 1));
  CHECK_THROWS_WITH(save(*figure, "/nowhere/x.bmp"), "save: 'path' = '/nowhere/x.bmp' must end in .png, .svg or .pdf");
}

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
  const std::string where = folder("numbers");
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

TEST_CASE("a leak says whose scores it makes too good") {
  auto experiment = made_up_experiment(kThree, 1);
  const auto said = [&](const std::string& leak) {
    experiment.leaks = {leak};
    return discussion_of(experiment).at(1);  // behind the synthetic sample
  };
  const std::string rest = "2 albums are on both sides (leak = 'allowed')";
  CHECK(said("LEAK: " + rest) == "The scores are too good, because of a leak: LEAK: " + rest);
  CHECK(
      said(kFoldsLeak + rest).starts_with("The scores by which settings were chosen are too good, because folds of "));
  CHECK(said("LEAK, later split: " + rest).starts_with("The scores of a later split, not those of the first, are "));
  CHECK(said("labels are shuffled") == "Labels are shuffled.");
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

TEST_CASE("bars of negative scores stay beside the names, and all texts inside and apart") {
  auto results = made_up_results(kThree, 2);
  become_numbers(results, {-187.25, -315.5});
  const auto bars = figures_of(results)[0];
  for (const Medium medium : {Medium::slide, Medium::column}) {
    const Size size = bars->size(medium);
    const Drawing drawing = [&](Canvas& canvas) {
      bars->draw(canvas, {0, 0, size.width, size.height}, Look::of(medium));
    };
    CHECK(trouble(drawing, size) == "");
    const std::string text = all_text(drawing);
    CHECK(text.find("-315.500") != std::string::npos);
    CHECK(text.find("-200\n") != std::string::npos);  // the scale goes down to them
  }
}

TEST_CASE("models that are right as often tie, and none is best") {
  auto results = made_up_results(kThree, 2);
  results.models[1].valid = results.models[0].valid;
  results.differences = {{"SVM", "Random forest", {0, -0.1, 0.1}, false}};
  const std::string first = results.models[0].name + " and " + results.models[1].name;
  const auto findings = findings_of(results);
  CHECK(findings[0].starts_with(first + " tie: the accuracy of each is "));
  for (const auto& sentence : findings) CHECK(sentence.find("+0.000") == std::string::npos);
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

TEST_CASE("computed findings name the best model, its interval and what is beyond chance") {
  auto results = made_up_results(long_names(), 2);
  results.differences = {{"SVM", "Random forest", {0.151, 0.07, 0.23}, true}};
  const auto findings = findings_of(results);
  const auto& score = results.models[0].valid.at("accuracy");
  CHECK(findings[0].find("SVM does best: its accuracy is " + show_score(score.value)) == 0);
  CHECK(findings[1] == "Beyond chance: SVM over Random forest by +0.151 (+0.070 to +0.230).");
  results.differences[0].beyond_chance = false;
  CHECK(findings_of(results)[1].find("Within chance, so not to be claimed: SVM over") == 0);
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
  for (const char* title : {"Results", "Results, set 2", "Comparison of models, set 2"}) {
    INFO(title);
    CHECK(std::count(titles.begin(), titles.end(), title) == 1);
  }
  const std::string text = all_text(deck);
  CHECK(text.find(show_score(other.models[0].valid.at("f1").value)) != std::string::npos);
  const std::string where = folder("sets");
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
  CHECK(slides[slides.size() - 2].title == "Discussion");
}

TEST_CASE("every class with the lowest recall is named") {
  auto experiment = made_up_experiment({"blues", "country", "disco", "jazz", "rock"}, 1);
  auto& classes = experiment.results->models[0].per_class;
  for (auto& one : classes) one.recall = one.name == "blues" ? 0.8 : 0;
  std::string text = all_text(deck_of(experiment));
  std::replace(text.begin(), text.end(), '\n', ' ');  // a slide folds its lines
  CHECK(text.find("best is blues (recall 0.800), worst are country, disco, jazz and rock (recall 0.000)") !=
        std::string::npos);
  CHECK(text.find("recall is lowest: rock (0.000), jazz (0.000), disco (0.000) and country (0.000)") !=
        std::string::npos);
}

TEST_CASE("epochs are whole, and each column of a curve that changes is drawn") {
  Curve curve;
  curve.add({{"epoch", 1}, {"loss", 2.3}, {"lr", 0.1}, {"momentum", 0.9}});
  curve.add({{"epoch", 2}, {"loss", 2.306}, {"lr", 0.05}, {"momentum", 0.9}});
  std::vector<std::string> names;
  for (const auto& figure : curve.figures()) names.push_back(figure->name);
  CHECK(names == std::vector<std::string>{"curve_loss", "curve_lr"});
  CHECK(round_ticks(1, 2, 9, 1).size() == 2);
  CHECK(curve.table() ==
        "epoch    loss     lr   momentum\n    1   2.300    0.1        0.9\n    2   2.306   0.05        0.9");
}

TEST_CASE("an experiment without results still makes a report") {
  Experiment experiment;
  experiment.title = "Features only";
  experiment.chains = {{{}, {"mfcc"}, 0}};
  const auto pages = pages_of(deck_of(experiment));
  CHECK(pages.size() >= 3);
  for (const auto& page : pages) CHECK(trouble(page, kSlideSize) == "");
}

TEST_CASE("run folders are named after the recipe and numbered, and no two processes get the same") {
  CHECK(run_name("recipes/artist20/svm.lua") == "artist20-svm");
  CHECK(run_name("/home/me/lumir/recipes/gtzan/crnn.lua") == "gtzan-crnn");
  CHECK(run_name("./svm.lua") == "svm");
  CHECK(run_name("") == "prompt");
  const std::string root = folder("runs");
  CHECK(make_run_folder(root, "recipes/artist20/svm.lua") == root + "/artist20-svm/1");
  CHECK(make_run_folder(root, "recipes/artist20/svm.lua") == root + "/artist20-svm/2");
  std::vector<std::string> made(8);
  std::vector<std::thread> threads;
  for (auto& one : made) threads.emplace_back([&] { one = make_run_folder(root, "recipes/artist20/svm.lua"); });
  for (auto& thread : threads) thread.join();
  CHECK(std::set<std::string>(made.begin(), made.end()).size() == 8);
  std::filesystem::remove_all(root);
}

TEST_CASE("run.json is the same for two runs but for its timings") {
  const std::string root = folder("record");
  std::string texts[2];
  for (auto& text : texts) {
    RunRecord record(make_run_folder(root, "recipes/a/b.lua"), "recipes/a/b.lua");
    record.set("options", Map{{"seed", 1}});
    record.add_seconds("fit", 0.5);
    record.add_seconds("fit", 0.25);
    record.log("done", {{"rows", 3}});
    record.write();
    Value json = from_json(read_file(record.folder() + "/run.json"), "run.json");
    CHECK(*json["timings"]["seconds"]["fit"].number() == 0.75);
    json.map()->erase("timings");
    text = to_json(json);
    const std::string log = read_file(record.folder() + "/log.jsonl");
    CHECK(count(log, "\n") == 2);
    CHECK(*from_json(log.substr(log.find('\n') + 1), "log")["rows"].number() == 3);
  }
  CHECK(texts[0] == texts[1]);
  std::filesystem::remove_all(root);
}

TEST_CASE("scores are written in one way") {
  CHECK(show_score(0.6506024) == "0.651");
  CHECK(show_score(NAN) == "-");
  CHECK(show_limits(0.651, 0.546, 0.7449) == "0.55-0.74");
  CHECK(show_limits(0.999, 0.9984, 0.9999) == "0.998-1.000");
  CHECK(show_limits(0.004, 0.001, 0.0047) == "0.001-0.005");
  CHECK(show_limits(1, 0.996, 1) == "1.00-1.00");
  CHECK(show_limits(-0.2, -0.3, 0.1) == "-0.300 to +0.100");
  CHECK(show_gain(0.1094) == "+0.109");
  CHECK(show_gain(-0.02) == "-0.020");
  CHECK(show_count(16000) == "16,000");
  CHECK(show_count(999) == "999");
  CHECK(show_count(1234567) == "1,234,567");
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
