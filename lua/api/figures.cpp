// lumir.report, its pictures of points, curves and results. Sound and features: sound_figures.cpp.
//
//   report.scatter(points, labels)                 points of a plane, or of a space, by class
//   report.curve({ loss = { ... } }, { x = 'epoch', y = 'loss' })
//   report.confusion(results, { model = 'SVM', percent = true, sort = 'similarity' })
//   report.confusions({ results, results }, { names = { 'epoch 1', 'epoch 9' } })
//   report.comparison(results), report.classes(results, { model = 'SVM' })

#include <algorithm>
#include <cmath>

#include <ATen/core/Tensor.h>

#include "api/drawable.h"
#include "api/figures.h"
#include "api/results.h"
#include "api/rows.h"
#include "api/run.h"
#include "data/labels.h"
#include "report/class_figure.h"
#include "report/confusion_figure.h"
#include "report/curve_figure.h"
#include "report/experiment.h"
#include "report/images_figure.h"
#include "report/matrix_figure.h"
#include "report/result_figures.h"
#include "report/space_figure.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

using report::FigurePtr;

FigurePtr matrix_figure(const Matrix& values, const MatrixShow& options, const std::string& who,
                        const Matrix& heat = {}, const std::vector<double>& hertz = {}) {
  check_drawable(values.values, who);
  check_range(options, who);
  check_names(options.names, values.rows, "rows", who);
  check_names(options.columns, values.columns, "columns", who);
  report::MatrixOptions look;
  look.heat = heat;
  if (!options.x.empty()) look.x_label = options.x;
  if (!options.y.empty()) look.y_label = options.y;
  look.unit = options.unit;
  look.frame_rate = options.frame_rate;
  look.hertz = options.fmax > 0 ? row_frequencies(values.rows, options) : hertz;
  look.row_names = options.names;
  look.column_names = options.columns;
  look.numbers = options.numbers;
  look.low = options.low;
  look.high = options.high;
  look.map = report::colour_map(options.colours);
  look.x_limits = limits_at(options.xlim);
  look.y_limits = limits_at(options.ylim);
  return named(std::make_shared<report::MatrixFigure>(values, look), "matrix", options);
}

/// A matrix in grey under another one: the colours are not to be chosen.
struct HeatShow : MatrixShow {
  static Schema schema() { return limited<HeatShow>(joined(axis_options<HeatShow>(), {range_options<HeatShow>()})); }
};

struct CurveShow : LimitOptions {
  std::string x = "position", y = "value";
  static Schema schema() {
    return limited<CurveShow>({Option{"x", &CurveShow::x, "label across, with its unit"},
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

/// { y = list, x = list, low = list, high = list }: x counts where it is missing, low and high are a band.
report::Series line_at(const std::string& name, const Value& lists, const std::string& who) {
  report::Series line = series_of(name, numbers_of(lists["y"], who));
  if (lists["x"].list()) line.x = numbers_of(lists["x"], who);
  if (lists["low"].list()) line.low = numbers_of(lists["low"], who);
  if (lists["high"].list()) line.high = numbers_of(lists["high"], who);
  return line;
}

/// A tensor, a list of numbers, or a table of names and lists.
std::vector<report::Series> all_series(Call& call, int i) {
  if (call.is<at::Tensor>(i)) return {series_of("value", tensor::to_doubles(call.object<at::Tensor>(i), call.who()))};
  const Value value = call.value(i);
  if (!value.map()) return {series_of("value", numbers_of(value, call.who()))};
  std::vector<report::Series> all;
  if (value.map()->empty()) throw ArgumentError(call.who() + ": there is nothing to draw");
  for (const auto& [name, list] : *value.map()) {
    all.push_back(list["y"].list() ? line_at(name, list, call.who()) : series_of(name, numbers_of(list, call.who())));
  }
  return all;
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
  check_names(options.names, static_cast<size_t>(n), "results", call.who());
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

int curve(Call& call) { return call.push(curve_at(call)); }

/// report.heat(values, heat, options)
int heat(Call& call) {
  const Matrix values = tensor::to_matrix(call.object<at::Tensor>(1, "values"), call.who());
  const Matrix over = tensor::to_matrix(call.object<at::Tensor>(2, "heat"), call.who());
  check_drawable(over.values, call.who());
  return call.push(matrix_figure(values, call.options<HeatShow>(3), call.who(), over));
}

const Argument kResults{"results", "Results", "what evaluate or evaluate.compare gave"};

const Module figures_module =
    Module("report")
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
                  {.summary = "The scores of all models side by side, held out beside training, with 95 % intervals.",
                   .returns = "a Figure",
                   .example = "report.comparison(results)",
                   .source = "Lumir's own",
                   .parameters = {kResults}})
        .function(
            "curve", curve,
            {.summary = "One line or several over positions, or over an x of their own; with a band where they have "
                        "low and high.",
             .returns = "a Figure",
             .example = "report.curve({ train = { 3, 2, 1 }, test = { 3, 2.5, 2.4 } }, { x = 'epoch', y = 'loss' })",
             .source = "Lumir's own",
             .parameters = with_arguments(
                 {{"values", "Tensor, list or table",
                   "a tensor, a list of numbers, or lists by name; a line may be { x = list, y = list }, with a "
                   "band about it { y = list, low = list, high = list }"}},
                 schema_of<CurveShow>())})
        .function(
            "heat", heat,
            {.summary = "A matrix in grey, and over it in orange another one of its size: what of a spectrogram a "
                        "network leans on. The unit is that of what lies over it.",
             .returns = "a Figure",
             .example = "report.heat(torch.rand(16, 40), torch.rand(16, 40), { unit = 'share' })",
             .source = "pytorch-grad-cam's show_cam_on_image",
             .parameters = with_arguments(
                 {{"values", "Tensor", "[rows, columns]"}, {"heat", "Tensor", "[rows, columns], from 0 for nothing"}},
                 schema_of<HeatShow>())});

}  // namespace

Schema TitleOptions::schema() { return titled<TitleOptions>({}); }

Schema MatrixShow::schema() {
  return limited<MatrixShow>(
      joined(axis_options<MatrixShow>(), {range_options<MatrixShow>(), level_options<MatrixShow>()}));
}

std::vector<double> row_frequencies(size_t rows, const MatrixShow& options) {
  if (options.fmax <= 0) return {};
  const std::string scale = options.scale.value_or("mel");
  if (scale == "mel") return report::mel_frequencies(static_cast<int>(rows), options.fmin, options.fmax);
  std::vector<double> hertz;
  for (size_t i = 0; i < rows; ++i) {
    const double share = rows > 1 ? static_cast<double>(i) / static_cast<double>(rows - 1) : 0;
    hertz.push_back(scale == "log" ? options.fmin * std::pow(options.fmax / options.fmin, share)
                                   : options.fmin + (options.fmax - options.fmin) * share);
  }
  return hertz;
}

report::Medium medium_of(const std::string& size) {
  if (size == "slide") return report::Medium::slide;
  return size == "column" ? report::Medium::column : report::Medium::page;
}

std::optional<std::pair<double, double>> limits_at(const std::vector<double>& pair) {
  if (pair.empty()) return std::nullopt;
  return std::pair(pair.at(0), pair.at(1));
}

std::function<void(void*, const Value&, const std::string&)> ascending(const Option& option) {
  return [set = option.set, name = option.name](void* options, const Value& value, const std::string& who) {
    set(options, value, who);
    const List* pair = value.list();
    const bool empty = !pair || pair->empty();
    if (empty || (pair->size() == 2 && *(*pair)[0].number() < *(*pair)[1].number())) return;
    throw ArgumentError(who + ": '" + name + "' = " + show(value) + " must be two numbers, the lower one first");
  };
}

FigurePtr curve_at(Call& call) {
  const auto options = call.options<CurveShow>(2);
  const auto series = all_series(call, 1);
  std::vector<double> numbers;
  for (const auto& one : series) numbers.insert(numbers.end(), one.y.begin(), one.y.end());
  check_drawable(numbers, call.who());
  auto figure = std::make_shared<report::CurveFigure>(series, options.x, options.y);
  figure->x_limits = limits_at(options.xlim);
  figure->y_limits = limits_at(options.ylim);
  return named(figure, "curve", options);
}

FigurePtr matrix_at(Call& call, const MatrixShow& options, const std::vector<double>& hertz) {
  const Matrix values = tensor::to_matrix(call.object<at::Tensor>(1, "values"), call.who());
  return matrix_figure(values, options, call.who(), {}, hertz);
}

}  // namespace lumir::lua
