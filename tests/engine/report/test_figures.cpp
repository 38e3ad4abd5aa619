// Figures of made-up results: nothing overlaps, nothing is cut, colours and ticks are the right ones.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "core/error.h"
#include "core/file.h"
#include "engine/report/deck_text.h"
#include "report/axis.h"
#include "report/bar_figure.h"
#include "report/class_figure.h"
#include "report/confusion_figure.h"
#include "report/curve.h"
#include "report/curve_figure.h"
#include "report/group_figures.h"
#include "report/matrix_figure.h"
#include "report/named_bars_figure.h"
#include "report/result_figures.h"
#include "report/validation_curve.h"

using namespace lumir;
using namespace lumir::report;
using namespace lumir::tests;

namespace {

std::vector<FigurePtr> every_figure(const std::vector<std::string>& classes, int models) {
  const auto results = made_up_results(classes, models);
  auto figures = figures_of(results);
  figures.push_back(made_up_tsne(results));
  figures.push_back(
      std::make_shared<ConfusionFigure>(results.models[0].confusion, classes, "artist", ConfusionOptions{true, true}));
  return figures;
}

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

TEST_CASE("guesses reach what they would of each metric") {
  const std::vector<evaluate::ClassScores> classes = {{"a", 0, 0, 0, 6}, {"b", 0, 0, 0, 2}, {"c", 0, 0, 0, 0}};
  CHECK(chance_of("accuracy", classes).value() == Approx(1 / 3.0));
  CHECK(chance_of("precision", classes).value() == Approx(1 / 3.0));
  // scikit-learn's macro averages: recall is 1/3, 1/3 and 0, precision 3/4, 1/4 and 0
  CHECK(chance_of("recall", classes).value() == Approx(2 / 9.0));
  CHECK(chance_of("f1", classes).value() ==
        Approx((2 * 0.75 / 3 / (0.75 + 1 / 3.0) + 2 * 0.25 / 3 / (0.25 + 1 / 3.0)) / 3));
  CHECK(chance_of("top_2", classes).value() == Approx(2 / 3.0));
  CHECK(!chance_of("log_loss", classes));
  CHECK(!chance_of("accuracy", {}));
}

TEST_CASE("a curve of more points than its width shows is drawn by its outermost ones") {
  Series series{"", {}, {}};
  for (int i = 0; i < 100000; ++i) {
    series.x.push_back(i);
    series.y.push_back(i == 54321 ? 9 : std::sin(i * 0.7));
  }
  const std::string dense = render(CurveFigure({series}, "x", "y"), "svg");
  CHECK(dense.size() < 400000);
  series.y[54321] = 0;
  CHECK(render(CurveFigure({series}, "x", "y"), "svg") != dense);  // the one that stands out is there
}

TEST_CASE("chance is drawn wherever it lies, above all scores too") {
  for (const double chance : {0.05, 0.9}) {
    CurveFigure figure({{"SVC", {0, 1, 2}, {0.4, 0.5, 0.6}}}, "C", "accuracy");
    figure.chance = chance;
    CHECK(all_text(drawing_of(figure, Medium::slide)).find("chance") != std::string::npos);
  }
}

TEST_CASE("the curve of a search has a point at each value, and what guesses reach of its metric") {
  SearchTable search;
  search.model = "SVM";
  search.metric = "f1";
  search.folds = 5;
  for (int i = 0; i < 4; ++i) search.rows.push_back({"", 0.5 + 0.05 * i, 0.02, "", {{"C", i + 1}}});
  const auto figure = validation_curve(search, {{"a", 0, 0, 0, 5}, {"b", 0, 0, 0, 5}});
  REQUIRE(figure);
  const auto& curve = dynamic_cast<const CurveFigure&>(*figure);
  CHECK(curve.points);
  CHECK(curve.chance.value() == Approx(0.5));
  CHECK(!dynamic_cast<const CurveFigure&>(*validation_curve(search, {})).chance);
}

TEST_CASE("each share of a group has the interval that compare gives, by what belongs together") {
  auto results = made_up_results(kThree, 1, 8);
  data::Corpus corpus{"voices", ".", "songs", "artist", {}, {"id", "path", "artist", "sex"}, {}};
  for (size_t i = 0; i < results.ids.size(); ++i) {
    const std::string sex = i % 2 == 0 ? "female" : "male";
    results.groups.push_back("album " + std::to_string(i / 2));
    corpus.rows.push_back({results.ids[i], results.ids[i] + ".wav", kThree[i / 8], sex});
  }
  const auto figures = group_figures(results, data::make_dataset(std::move(corpus)));
  REQUIRE(figures.size() == 1);
  const auto& bars = dynamic_cast<const NamedBarsFigure&>(*figures[0]);
  REQUIRE(bars.whiskers.size() == 2);
  for (const Bar& whisker : bars.whiskers) {
    CHECK(whisker.low < whisker.value);
    CHECK(whisker.value < whisker.high);
  }
  CHECK(bars.line.value() == Approx(results.models[0].valid.at("accuracy").value));
  CHECK(figures[0]->caption.find("whiskers are 95 % intervals by album") != std::string::npos);
}

TEST_CASE("bars of shares stand on an axis from 0 to 1, others on one that ends at a round number") {
  const auto texts = [](std::vector<std::pair<std::string, double>> bars, bool shares, double high = 0) {
    NamedBarsFigure figure(std::move(bars), "accuracy");
    figure.shares = shares;
    if (high > 0) figure.whiskers = {{0.4, 0.1, high}};
    for (const Medium medium : {Medium::slide, Medium::column}) {
      const Size size = figure.size(medium);
      const Drawing drawing = [&](Canvas& canvas) {
        figure.draw(canvas, {0, 0, size.width, size.height}, Look::of(medium));
      };
      CHECK(trouble(drawing, size) == "");
    }
    return all_text([&](Canvas& canvas) { figure.draw(canvas, {0, 0, 960, 400}, Look::of(Medium::slide)); });
  };
  for (const double share : {0.4, 0.333, 0.15}) CHECK(count(texts({{"song", share}}, true), "1.0\n") == 1);
  CHECK(count(texts({{"song", 0.4}}, true, 1), "0.400\n") == 1);
  CHECK(count(texts({{"small", 392836}, {"large", 2222256}}, false), "2,500,000\n") == 1);
  CHECK(count(texts({{"down", -0.31}, {"up", 0.12}}, false), "-0.4\n") == 1);
  CHECK(count(texts({{"none", 0}}, true), "1.0\n") == 1);
}

TEST_CASE("one epoch is a point that can be seen, and what is neither loss nor share stands in one picture") {
  Curve curve;
  curve.add({{"epoch", 1}, {"loss", 2.3}, {"valid_loss", 2.1}});
  const std::string svg = render(*curve.figures()[0], "svg");
  double widest = 0;
  for (size_t at = svg.find(" r=\""); at != std::string::npos; at = svg.find(" r=\"", at + 1)) {
    widest = std::max(widest, std::stod(svg.substr(at + 4)));
  }
  CHECK(widest >= 4);
  curve.add({{"epoch", 2}, {"loss", 2.2}, {"lr", 0.05}, {"grad_norm", 1.5}, {"valid_loss", 2}});
  const auto figures = curve.figures();
  CHECK(figures.size() == 2);
  CHECK(figures.back()->title == "Grad norm and learning rate by epoch");
  CHECK(curve.figures("3 s by song")[0]->title == "Loss by epoch, 3 s by song");
}
