// lumir.report and lumir.evaluate: ROC, precision and recall, calibration of judged models, as numbers and as figures.

#include "evaluate/curves.h"

#include "api/figures.h"
#include "api/results.h"
#include "report/score_figures.h"

namespace lumir::lua {
namespace {

using evaluate::ScoreCurve;

struct CurveOptions {
  std::string model = "";
  static Schema schema() { return {Option{"model", &CurveOptions::model, "its name in the results; empty: the best"}}; }
};

struct CalibrationOptions : CurveOptions {
  int bins = 5;
  static Schema schema() {
    return {Option{"model", &CalibrationOptions::model, "its name in the results; empty: the best"},
            Option{"bins", &CalibrationOptions::bins, "equal parts of 0 to 1", Range{1, 1000}}};
  }
};

struct CurveShow : LimitOptions {
  std::string model = "";
  static Schema schema() {
    return limited<CurveShow>({Option{"model", &CurveShow::model, "its name in the results; empty: the best"}});
  }
};

struct CalibrationShow : CurveShow {
  int bins = 5;
  static Schema schema() {
    using S = CalibrationShow;
    return limited<S>(
        {Option{"model", static_cast<std::string S::*>(&S::model), "its name in the results; empty: the best"},
         Option{"bins", &S::bins, "equal parts of 0 to 1", Range{1, 1000}}});
  }
};

/// The figure with the call's own title, size and limits, where it gives them.
report::FigurePtr with_options(const std::shared_ptr<report::CurveFigure>& figure, const CurveShow& options) {
  if (!options.title.empty()) figure->title = options.title;
  if (!options.caption.empty()) figure->caption = options.caption;
  figure->made_for = medium_of(options.size);
  if (!options.xlim.empty()) figure->x_limits = limits_at(options.xlim);
  if (!options.ylim.empty()) figure->y_limits = limits_at(options.ylim);
  return figure;
}

const evaluate::ModelResult& model_called(const evaluate::Results& results, const std::string& name,
                                          const std::string& who) {
  std::vector<std::string> names;
  for (const auto& model : results.models) {
    if (name.empty() || model.name == name) return model;
    names.push_back(model.name);
  }
  throw ArgumentError(who + ": 'model' = '" + name + "' is none of the results" + did_you_mean(name, names));
}

Value value_of(const ScoreCurve& curve) {
  return Map{{"name", curve.name},
             {"x", List(curve.x.begin(), curve.x.end())},
             {"y", List(curve.y.begin(), curve.y.end())},
             {"summary", curve.summary}};
}

Value values_of(const std::vector<ScoreCurve>& curves) {
  List list;
  for (const auto& curve : curves) list.push_back(value_of(curve));
  return list;
}

struct Judgement {
  const evaluate::Results& results;
  const evaluate::ModelResult& model;
};
Judgement judgement_at(Call& call, const std::string& name) {
  const auto& results = call.object<JudgedPtr>(1, "results")->results;
  return {results, model_called(results, name, call.who())};
}

int roc_figure(Call& call) {
  const auto options = call.options<CurveShow>(2);
  const auto [results, model] = judgement_at(call, options.model);
  return call.push(with_options(report::roc_figure(results, model), options));
}

int precision_recall_figure(Call& call) {
  const auto options = call.options<CurveShow>(2);
  const auto [results, model] = judgement_at(call, options.model);
  return call.push(with_options(report::precision_recall_figure(results, model), options));
}

int calibration_figure(Call& call) {
  const auto options = call.options<CalibrationShow>(2);
  const auto [results, model] = judgement_at(call, options.model);
  return call.push(with_options(report::calibration_figure(results, model, options.bins), options));
}

int roc_numbers(Call& call) {
  const auto [results, model] = judgement_at(call, call.options<CurveOptions>(2).model);
  return call.push(values_of(evaluate::roc_curves(results, model)));
}

int precision_recall_numbers(Call& call) {
  const auto [results, model] = judgement_at(call, call.options<CurveOptions>(2).model);
  return call.push(values_of(evaluate::precision_recall_curves(results, model)));
}

int calibration_numbers(Call& call) {
  const auto options = call.options<CalibrationOptions>(2);
  const auto [results, model] = judgement_at(call, options.model);
  return call.push(value_of(evaluate::calibration_curve(results, model, options.bins)));
}

const Argument kResults{"results", "Results", "what evaluate or evaluate.compare gave"};
const char* const kLines = "a list of tables, one for each class (of two, the second): name, x, y, summary";

const Module numbers_module =
    Module("evaluate")
        .function("roc_curve", roc_numbers,
                  {.summary = "ROC curves of a model, each class against the rest; the summary is the area under it.",
                   .returns = kLines,
                   .example = "evaluate.roc_curve(results)[1].summary",
                   .source = "scikit-learn's roc_curve",
                   .parameters = with_arguments({kResults}, schema_of<CurveOptions>())})
        .function(
            "precision_recall_curve", precision_recall_numbers,
            {.summary = "Precision over recall, each class against the rest; the summary is the average precision.",
             .returns = kLines,
             .example = "evaluate.precision_recall_curve(results)[1].summary",
             .source = "scikit-learn's precision_recall_curve",
             .parameters = with_arguments({kResults}, schema_of<CurveOptions>())})
        .function("calibration_curve", calibration_numbers,
                  {.summary = "How often a model is right where it says how sure it is: of the predicted class, of two "
                              "classes of the second; the summary is the expected calibration error.",
                   .returns = "a table: name, x (mean probability), y (share that is right), summary",
                   .example = "evaluate.calibration_curve(results, { bins = 2 })",
                   .source = "scikit-learn's calibration_curve",
                   .parameters = with_arguments({kResults}, schema_of<CalibrationOptions>())});

const Module figures_module =
    Module("report")
        .function("roc", roc_figure,
                  {.summary = "ROC curves of a model, each class against the rest, with the areas under them.",
                   .returns = "a Figure",
                   .example = "report.roc(results)",
                   .source = "scikit-learn's RocCurveDisplay",
                   .parameters = with_arguments({kResults}, schema_of<CurveShow>())})
        .function("precision_recall", precision_recall_figure,
                  {.summary = "Precision over recall of a model, each class against the rest.",
                   .returns = "a Figure",
                   .example = "report.precision_recall(results)",
                   .source = "scikit-learn's PrecisionRecallDisplay",
                   .parameters = with_arguments({kResults}, schema_of<CurveShow>())})
        .function("calibration", calibration_figure,
                  {.summary = "How often a model is right where it says how sure it is.",
                   .returns = "a Figure",
                   .example = "report.calibration(results)",
                   .source = "scikit-learn's CalibrationDisplay",
                   .parameters = with_arguments({kResults}, schema_of<CalibrationShow>())});

}  // namespace
}  // namespace lumir::lua
