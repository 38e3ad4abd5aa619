// lumir.report, its pictures: what can be looked at, as a Figure that shows and saves itself.
//
//   report.show(tensor | clip | figure, { ... })   draws in terminals that show pictures, else writes a file and says where
//   report.scatter(points, labels)                 points of a plane, or of a space, by class
//   report.curve({ loss = { ... } }, { x = 'epoch', y = 'loss' })
//   report.matrix(tensor, { unit = 'dB', fmax = 8000, ... })
//   report.confusion(results, { model = 'SVM', percent = true, sort = 'similarity' })
//   report.confusions({ results, results }, { names = { 'epoch 1', 'epoch 9' } })
//   report.comparison(results), report.classes(results, { model = 'SVM' })

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <ATen/core/Tensor.h>
#include <unistd.h>

#include "api/figures.h"
#include "api/results.h"
#include "api/rows.h"
#include "api/run.h"
#include "audio/clip.h"
#include "core/file.h"
#include "data/labels.h"
#include "report/class_figure.h"
#include "report/confusion_figure.h"
#include "report/curve_figure.h"
#include "report/experiment.h"
#include "report/images_figure.h"
#include "report/matrix_figure.h"
#include "report/result_figures.h"
#include "report/space_figure.h"
#include "report/terminal_picture.h"
#include "report/waveform_figure.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

using report::FigurePtr;

struct MatrixShow : TitleOptions {
  std::string x, y, unit;
  double frame_rate = 0, fmin = 0, fmax = 0;
  std::string scale = "mel";
  std::vector<std::string> names;
  std::optional<double> low, high;

  static Schema schema() {
    return titled<MatrixShow>(
        {Option{"x", &MatrixShow::x, "label of the columns, with its unit"},
         Option{"y", &MatrixShow::y, "label of the rows, with its unit"},
         Option{"unit", &MatrixShow::unit, "of the values: 'dB'"},
         Option{"frame_rate", &MatrixShow::frame_rate, "columns for each second: the x axis is time", Range{0}},
         Option{"fmin", &MatrixShow::fmin, "lowest frequency of the rows", Range{0}, Unit{"Hz"}},
         Option{"fmax", &MatrixShow::fmax, "highest frequency of the rows; 0: rows are no frequencies", Range{0},
                Unit{"Hz"}},
         Option{"scale", &MatrixShow::scale, "how frequencies lie between fmin and fmax", Choices{"mel", "linear"}},
         Option{"names", &MatrixShow::names, "names of the rows in place of numbers"},
         Option{"low", &MatrixShow::low, "value of the darkest colour; 'none': the least"},
         Option{"high", &MatrixShow::high, "value of the lightest colour; 'none': the greatest"}});
  }
};

std::vector<double> row_frequencies(size_t rows, const MatrixShow& options) {
  if (options.fmax <= 0) return {};
  if (options.fmax <= options.fmin) {
    throw ArgumentError("matrix: 'fmax' = " + show_number(options.fmax) +
                        " must be above fmin = " + show_number(options.fmin));
  }
  if (options.scale == "mel") return report::mel_frequencies(static_cast<int>(rows), options.fmin, options.fmax);
  std::vector<double> hertz;
  for (size_t i = 0; i < rows; ++i) {
    const double share = rows > 1 ? static_cast<double>(i) / static_cast<double>(rows - 1) : 0;
    hertz.push_back(options.fmin + (options.fmax - options.fmin) * share);
  }
  return hertz;
}

FigurePtr matrix_figure(const Matrix& values, const MatrixShow& options, const Matrix& heat = {}) {
  report::MatrixOptions look;
  look.heat = heat;
  if (!options.x.empty()) look.x_label = options.x;
  if (!options.y.empty()) look.y_label = options.y;
  look.unit = options.unit;
  look.frame_rate = options.frame_rate;
  look.hertz = row_frequencies(values.rows, options);
  look.row_names = options.names;
  look.low = options.low;
  look.high = options.high;
  return named(std::make_shared<report::MatrixFigure>(values, look), "matrix", options);
}

struct CurveShow : TitleOptions {
  std::string x = "position", y = "value";
  static Schema schema() {
    return titled<CurveShow>({Option{"x", &CurveShow::x, "label across, with its unit"},
                              Option{"y", &CurveShow::y, "label upwards, with its unit"}});
  }
};

/// Values over 1, 2, 3 ...
report::Series series_of(const std::string& name, const std::vector<double>& values) {
  report::Series series{name, {}, values};
  for (size_t i = 0; i < values.size(); ++i) series.x.push_back(static_cast<double>(i + 1));
  return series;
}

std::vector<double> numbers_of(const Value& value, const std::string& who) {
  std::vector<double> numbers;
  if (value.map() && value.map()->empty()) throw ArgumentError(who + ": a list of numbers is empty");
  if (!value.list()) throw ArgumentError(who + ": wants lists of numbers, got " + show(value));
  for (const auto& element : *value.list()) {
    if (!element.number()) throw ArgumentError(who + ": a list of numbers holds " + show(element));
    numbers.push_back(*element.number());
  }
  return numbers;
}

/// A tensor, a list of numbers, or a table of names and lists.
std::vector<report::Series> all_series(Call& call, int i) {
  if (call.is<at::Tensor>(i)) return {series_of("value", tensor::to_doubles(call.object<at::Tensor>(i), call.who()))};
  const Value value = call.value(i);
  if (!value.map()) return {series_of("value", numbers_of(value, call.who()))};
  std::vector<report::Series> all;
  if (value.map()->empty()) throw ArgumentError(call.who() + ": there is nothing to draw");
  for (const auto& [name, list] : *value.map()) {
    const bool pairs = list["x"].list() && list["y"].list();
    if (pairs) {
      all.push_back({name, numbers_of(list["x"], call.who()), numbers_of(list["y"], call.who())});
    } else {
      all.push_back(series_of(name, numbers_of(list, call.who())));
    }
  }
  return all;
}

FigurePtr curve_figure(const std::vector<report::Series>& series, const CurveShow& options) {
  return named(std::make_shared<report::CurveFigure>(series, options.x, options.y), "curve", options);
}

struct ScatterShow : TitleOptions {
  std::string label = "class", x = "dimension 1 (no unit)", y = "dimension 2 (no unit)", z = "dimension 3 (no unit)";
  std::vector<std::string> classes, colour;
  static Schema schema() {
    return titled<ScatterShow>(
        {Option{"label", &ScatterShow::label, "what a class is: 'artist'"},
         Option{"colour", &ScatterShow::colour, "the class of each point, where it does not stand before the options"},
         Option{"classes", &ScatterShow::classes,
                "all classes of the run, which fixes their colours; empty: those given"},
         Option{"x", &ScatterShow::x, "label across"}, Option{"y", &ScatterShow::y, "label upwards"},
         Option{"z", &ScatterShow::z, "label of the third dimension, where there is one"}});
  }
};

/// report.scatter(points, labels, { classes }): points [rows, 2] or [rows, 3]; report.scatter(points, table, ...) takes
/// labels, classes and what they are from a table; report.scatter(points, { colour = labels }).
int scatter(Call& call) {
  const Matrix points = tensor::to_matrix(call.object<at::Tensor>(1, "points"), call.who());
  const auto* table = test_object<data::Table>(call.L, 2);
  const bool named_only = !table && call.is_table(2) && has_words(call, 2);
  auto options = call.options<ScatterShow>(named_only ? 2 : 3);
  const std::vector<std::string> words = table        ? table->labels()
                                         : named_only ? options.colour
                                                      : call.words(2, "labels");
  if (table) {
    if (options.classes.empty()) options.classes = table->classes;
    if (options.label == ScatterShow().label && !table->label.empty()) options.label = table->label;
  }
  const auto classes = data::classes_among(options.classes.empty() ? words : options.classes);
  const std::vector<int> which = data::places_of(words, classes);
  const auto stranger = std::find(which.begin(), which.end(), -1);
  if (stranger != which.end()) {
    const std::string& word = words[static_cast<size_t>(stranger - which.begin())];
    throw ArgumentError("scatter: the label '" + word + "' is none of 'classes'" + did_you_mean(word, classes));
  }
  const auto figure = report::cloud_figure(points, which, classes, options.label, {options.x, options.y, options.z});
  return call.push(named(figure, "scatter", options));
}

/// The model of that name, the best one for an empty name.
const evaluate::ModelResult& model_of(const evaluate::Results& results, const std::string& name,
                                      const std::string& who) {
  std::vector<std::string> names;
  for (const auto& model : results.models) {
    if (name.empty() || model.name == name) return model;
    names.push_back(model.name);
  }
  throw ArgumentError(who + ": 'model' = '" + name + "' is none of the results" + did_you_mean(name, names));
}

std::string with_mark(const std::string& title, const evaluate::Results& results) {
  return results.synthetic ? title + " (synthetic sample)" : title;
}

struct ConfusionShow : TitleOptions {
  std::string model;
  bool percent = false;
  std::string sort = "class";
  static Schema schema() {
    return titled<ConfusionShow>(
        {Option{"model", &ConfusionShow::model, "its name in the results; empty: the best"},
         Option{"percent", &ConfusionShow::percent, "of the row, in place of counts"},
         Option{"sort", &ConfusionShow::sort, "order of rows and columns", Choices{"class", "similarity"}}});
  }
};

struct ConfusionsShow : TitleOptions {
  std::string model;
  std::vector<std::string> names;
  static Schema schema() {
    return titled<ConfusionsShow>(
        {Option{"model", &ConfusionsShow::model, "its name in the results; empty: the best"},
         Option{"names", &ConfusionsShow::names, "stand above the pictures: 'epoch 1' ...; empty: numbers"}});
  }
};

/// report.confusions({ results, results }, { names = { 'epoch 1', 'epoch 40' } })
int confusions(Call& call) {
  auto options = call.options<ConfusionsShow>(2);
  const int n = list_length(call.L, 1, call.who(), "'results'");
  if (!options.names.empty() && static_cast<int>(options.names.size()) != n) {
    throw ArgumentError("confusions: " + std::to_string(n) + " results but " + std::to_string(options.names.size()) +
                        " names");
  }
  std::vector<report::NamedImage> images;
  report::ImagesOptions look;
  for (int i = 1; i <= n; ++i) {
    lua_rawgeti(call.L, 1, i);
    const auto* judged = test_object<JudgedPtr>(call.L, lua_gettop(call.L));
    if (!judged) throw ArgumentError("confusions: position " + std::to_string(i) + " of 'results' is no Results");
    const auto& results = (*judged)->results;
    if (i > 1 && results.classes != look.names) {
      throw ArgumentError("confusions: position " + std::to_string(i) +
                          " of 'results' has other classes than the first");
    }
    look.names = results.classes;
    const std::string label = results.label.empty() ? "class" : results.label;
    look.x_label = "predicted " + label + " (same order)";
    look.y_label = "true " + label;
    if (options.title.empty()) options.title = with_mark("Confusion over epochs", results);
    const auto place = static_cast<size_t>(i - 1);
    images.push_back({options.names.empty() ? std::to_string(i) : options.names[place],
                      report::shares_of_rows(model_of(results, options.model, call.who()).confusion)});
    lua_pop(call.L, 1);
  }
  look.unit = "% of the row";
  look.map = report::blues;
  look.first_on_top = look.square = true;
  look.low = 0;
  look.high = 100;
  return call.push(named(std::make_shared<report::ImagesFigure>(images, look), "confusions", options));
}

int confusion(Call& call) {
  const auto& results = call.object<JudgedPtr>(1, "results")->results;
  need_classes(results, call.who());
  auto options = call.options<ConfusionShow>(2);
  const auto& model = model_of(results, options.model, call.who());
  if (options.title.empty()) options.title = with_mark("Confusion matrix: " + model.name, results);
  const report::ConfusionOptions look{options.percent, options.sort == "similarity"};
  return call.push(
      named(std::make_shared<report::ConfusionFigure>(model.confusion, results.classes, results.label, look),
            "confusion", options));
}

struct ClassShow : TitleOptions {
  std::string model;
  static Schema schema() {
    return titled<ClassShow>({Option{"model", &ClassShow::model, "its name in the results; empty: the best"}});
  }
};

int classes(Call& call) {
  const auto& results = call.object<JudgedPtr>(1, "results")->results;
  need_classes(results, call.who());
  auto options = call.options<ClassShow>(2);
  const auto& model = model_of(results, options.model, call.who());
  if (options.title.empty()) options.title = with_mark("Every " + results.label + ": " + model.name, results);
  return call.push(named(std::make_shared<report::ClassFigure>(model.per_class, results.label), "classes", options));
}

int comparison(Call& call) {
  return call.push(report::figures_of(call.object<JudgedPtr>(1, "results")->results).at(0));
}

FigurePtr waveform_figure(Call& call) {
  const auto& clip = call.object<audio::Clip>(1, "clip");
  return named(std::make_shared<report::WaveformFigure>(clip), "waveform", call.options<TitleOptions>(2));
}

/// Whatever can be looked at, as a figure.
FigurePtr figure_at(Call& call) {
  if (call.is<FigurePtr>(1)) return call.object<FigurePtr>(1);
  if (call.is<audio::Clip>(1)) return waveform_figure(call);
  if (!call.is<at::Tensor>(1)) call.wrong(1, "what", "a tensor, a clip or a figure");
  const auto& tensor = call.object<at::Tensor>(1);
  if (tensor.dim() == 1) return curve_figure(all_series(call, 1), call.options<CurveShow>(2));
  return matrix_figure(tensor::to_matrix(tensor, call.who()), call.options<MatrixShow>(2));
}

/// A free name in the run folder, or among temporary files at the prompt.
std::string free_path(lua_State* L, const std::string& name) {
  const std::string folder =
      recipe_is_running(L) ? run_record(L).folder() : std::filesystem::temp_directory_path().string() + "/lumir";
  for (int n = 1;; ++n) {
    std::string path = folder + "/" + name + "_" + std::to_string(n) + ".png";
    if (!std::filesystem::exists(path)) return path;
  }
}

/// report.show(tensor, options) -> Figure, and the path where the terminal shows no pictures
int show_thing(Call& call) {
  const FigurePtr figure = figure_at(call);
  const std::string png = report::render(*figure, "png");
  const auto way = report::picture_way();
  if (way != report::PictureWay::none) std::puts(report::terminal_picture(png, way).c_str());
  std::string path;
  if (way == report::PictureWay::none || way == report::PictureWay::blocks) {
    path = free_path(call.L, figure->name.empty() ? "figure" : figure->name);
    write_file(path, png);
    std::puts(path.c_str());
  }
  std::fflush(stdout);
  call.push(figure);
  if (path.empty()) return 1;
  call.push(path);
  return 2;
}

int curve(Call& call) { return call.push(curve_figure(all_series(call, 1), call.options<CurveShow>(2))); }

int matrix(Call& call) {
  const Matrix values = tensor::to_matrix(call.object<at::Tensor>(1, "values"), call.who());
  return call.push(matrix_figure(values, call.options<MatrixShow>(2)));
}

/// report.heat(values, heat, options)
int heat(Call& call) {
  const Matrix values = tensor::to_matrix(call.object<at::Tensor>(1, "values"), call.who());
  const Matrix over = tensor::to_matrix(call.object<at::Tensor>(2, "heat"), call.who());
  return call.push(matrix_figure(values, call.options<MatrixShow>(3), over));
}

const Argument kResults{"results", "Results", "what evaluate or evaluate.compare gave"};

const Module figures_module =
    Module("report")
        .function(
            "show", show_thing,
            {.summary =
                 "Shows a figure in a terminal that has pictures (sixel, kitty's, iTerm2's; $LUMIR_PICTURES = sixel, "
                 "kitty, iterm, blocks or off forces a way); elsewhere writes it as .png and prints where, below "
                 "blocks of colour where the terminal has 24 bits of them. "
                 "A clip is its waveform (options: title, caption), a tensor of one dimension a curve (x and y "
                 "too), of two a matrix.",
             .returns = "the Figure, and the path where a file was written",
             .example = "report.show(clip)",
             .source = "Lumir's own",
             .parameters = with_arguments({{"what", "Tensor, Clip or Figure", "what is to be looked at"}},
                                          schema_of<MatrixShow>())})
        .function("scatter", scatter,
                  {.summary = "Points of a plane, each with the colour and mark of its class; or of a space, turned so "
                              "that the classes lie apart.",
                   .returns = "a Figure",
                   .example = "report.scatter(torch.rand(3, 2), { 'abba', 'queen', 'abba' }, { label = 'artist' })",
                   .source = "Lumir's own",
                   .parameters = with_arguments({{"points", "Tensor", "[rows, 2] or [rows, 3]"},
                                                 {"labels", "list of text or Table",
                                                  "the class of each point, or the rows that the points stand for"}},
                                                schema_of<ScatterShow>())})
        .function("confusion", confusion,
                  {.summary = "Who was taken for whom: a row for each true class, a column for each predicted one.",
                   .returns = "a Figure",
                   .example = "report.confusion(results, { percent = true, sort = 'similarity' })",
                   .source = "scikit-learn's ConfusionMatrixDisplay",
                   .parameters = with_arguments({kResults}, schema_of<ConfusionShow>())})
        .function("confusions", confusions,
                  {.summary = "Confusion matrices of one model after several epochs, side by side, in percent of each "
                              "row.",
                   .returns = "a Figure",
                   .example = "report.confusions({ results, results }, { names = { 'epoch 1', 'epoch 9' } })",
                   .source = "Lumir's own, after scikit-learn's ConfusionMatrixDisplay",
                   .parameters = with_arguments({{"results", "list of Results", "of the same classes"}},
                                                schema_of<ConfusionsShow>())})
        .function("classes", classes,
                  {.summary = "Precision, recall, F1 and the number of rows of every class, in figures and bars.",
                   .returns = "a Figure",
                   .example = "report.classes(results)",
                   .source = "scikit-learn's classification_report",
                   .parameters = with_arguments({kResults}, schema_of<ClassShow>())})
        .function("comparison", comparison,
                  {.summary = "The scores of all models side by side, training beside validation, with 95 % intervals.",
                   .returns = "a Figure",
                   .example = "report.comparison(results)",
                   .source = "Lumir's own",
                   .parameters = {kResults}})
        .function("waveform", [](Call& call) { return call.push(waveform_figure(call)); },
                  {.summary = "The amplitude of a clip over time, a panel for each channel.",
                   .returns = "a Figure",
                   .example = "report.waveform(clip, { title = 'A clip' })",
                   .source = "librosa's waveshow",
                   .parameters = with_arguments({{"clip", "Clip", "sound"}}, schema_of<TitleOptions>())})
        .function(
            "curve", curve,
            {.summary = "One line or several over positions, or over an x of their own.",
             .returns = "a Figure",
             .example = "report.curve({ train = { 3, 2, 1 }, test = { 3, 2.5, 2.4 } }, { x = 'epoch', y = 'loss' })",
             .source = "Lumir's own",
             .parameters = with_arguments(
                 {{"values", "Tensor, list or table",
                   "a tensor, a list of numbers, or lists by name; a line may be { x = list, y = list }"}},
                 schema_of<CurveShow>())})
        .function("matrix", matrix,
                  {.summary = "A matrix as a picture, the first row at the bottom: spectrograms, chroma, weights.",
                   .returns = "a Figure",
                   .example = "report.matrix(feature.chroma_stft(clip), { y = 'pitch class', frame_rate = 43 })",
                   .source = "librosa's specshow",
                   .parameters = with_arguments({{"values", "Tensor", "[rows, columns]"}}, schema_of<MatrixShow>())})
        .function(
            "heat", heat,
            {.summary = "A matrix in grey, and over it in orange another one of its size: what of a spectrogram a "
                        "network leans on. The unit is that of what lies over it.",
             .returns = "a Figure",
             .example = "report.heat(torch.rand(16, 40), torch.rand(16, 40), { unit = 'share' })",
             .source = "pytorch-grad-cam's show_cam_on_image",
             .parameters = with_arguments(
                 {{"values", "Tensor", "[rows, columns]"}, {"heat", "Tensor", "[rows, columns], from 0 for nothing"}},
                 schema_of<MatrixShow>())});

}  // namespace

Schema TitleOptions::schema() { return titled<TitleOptions>({}); }

std::string picture_at(lua_State* L, int index) {
  const FigurePtr* figure = test_object<FigurePtr>(L, index);
  if (!figure) return "";
  const auto way = report::picture_way();
  return way == report::PictureWay::none ? "" : report::terminal_picture(report::render(**figure, "png"), way);
}

}  // namespace lumir::lua
