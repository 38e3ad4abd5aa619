// The pictures that results give: models compared, confusion matrices, every class of the best one.

#include "report/result_figures.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "metric/scorer.h"
#include "report/bar_figure.h"
#include "report/class_figure.h"
#include "report/confusion_figure.h"
#include "report/scatter_figure.h"

namespace lumir::report {
namespace {

using evaluate::ModelResult;
using evaluate::Results;

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

/// The F1 that guesses among the classes would have, a mean over all of them: guesses call each, also those that no
/// recording has, of which F1 is 0.
double f1_of_guesses(const std::vector<evaluate::ClassScores>& classes) {
  double rows = 0, sum = 0;
  for (const auto& one : classes) rows += one.support;
  const double recall = 1.0 / static_cast<double>(classes.size());
  for (const auto& one : classes) {
    const double precision = one.support / rows;
    if (one.support > 0) sum += 2 * precision * recall / (precision + recall);
  }
  return sum / static_cast<double>(classes.size());
}

/// Their recall: 0 of a class that no recording has, as often as any other where there are some.
double recall_of_guesses(const std::vector<evaluate::ClassScores>& classes) {
  const auto n = static_cast<double>(classes.size());
  const auto present = std::count_if(classes.begin(), classes.end(), [](const auto& one) { return one.support > 0; });
  return static_cast<double>(present) / (n * n);
}

/// Whether a metric of classes is their plain mean.
bool is_macro(const metric::Scorer& scorer) {
  const auto average = scorer.options().find("average");
  return average == scorer.options().end() || (average->second.text() && *average->second.text() == "macro");
}

std::shared_ptr<Figure> comparison_figure(const Results& results) {
  std::vector<BarPanel> panels;
  for (const auto& name : measured(results, shown_metrics(results))) {
    BarPanel panel{metric::Scorer(name).short_title(), {}, std::nullopt};  // as in the table above it
    for (const auto& model : results.models) {
      const auto valid = model.valid.find(name), train = model.train.find(name);
      BarRow row{model.name, {}, std::nullopt};
      if (valid != model.valid.end()) row.valid = bar_of(valid->second);
      if (train != model.train.end()) row.train = bar_of(train->second);
      panel.rows.push_back(row);
    }
    const auto& classes = results.models.front().per_class;
    if (results.target == Target::classes) panel.chance = chance_of(name, classes);
    panels.push_back(panel);
  }
  auto figure = std::make_shared<BarFigure>(std::move(panels));
  figure->name = "comparison";
  figure->title = marked("Comparison of models", results.synthetic);
  figure->caption = "Held out beside training.";
  if (has_intervals(results)) {
    figure->caption = "Held out beside training; whiskers are 95 % intervals" +
                      (results.group.empty() ? std::string(".") : " by " + results.group + ".");
  }
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
  figure->caption = "Precision, recall and F1 on the held-out recordings.";
  return figure;
}

/// What the best model foretold of one number, over what is true.
std::shared_ptr<Figure> foretold_of(const Results& results, size_t output) {
  const ModelResult& best = results.models.front();
  Matrix points(results.size(), 2);
  for (size_t i = 0; i < points.rows; ++i) {
    points(i, 0) = results.values(i, output);
    points(i, 1) = best.scores(i, output);
  }
  const std::string& what = results.classes[output];
  auto figure = std::make_shared<ScatterFigure>(std::move(points), std::vector<int>(results.size()),
                                                std::vector<std::string>{what}, what);
  figure->x_label = "true " + what;
  figure->y_label = "foretold " + what;
  figure->name = "foretold_" + file_word(what);
  figure->title = marked("Foretold " + what + ": " + best.name, results.synthetic);
  figure->caption = "Each point is a recording; what is foretold rightly lies on the diagonal.";
  return figure;
}

}  // namespace

std::string marked(const std::string& title, bool synthetic) {
  return synthetic ? title + " (synthetic sample)" : title;
}

Bar bar_of(const evaluate::Interval& score) {
  return score.known() ? Bar{score.value, score.low, score.high} : Bar{score.value, score.value, score.value};
}

std::optional<double> chance_of(const std::string& name, const std::vector<evaluate::ClassScores>& classes) {
  if (classes.empty()) return std::nullopt;
  const metric::Scorer scorer(name);
  const std::string& what = scorer.entry().name;
  const double one = 1.0 / static_cast<double>(classes.size());
  if (what == "accuracy" || what == "balanced_accuracy") return one;
  if (what == "roc_auc") return 0.5;
  if (what == "cohen_kappa" || what == "matthews_corrcoef") return 0;
  if (is_macro(scorer) && what == "precision") return one;
  if (is_macro(scorer) && what == "recall") return recall_of_guesses(classes);
  if (is_macro(scorer) && what == "f1") return f1_of_guesses(classes);
  if (what != "top_k" || !scorer.options().contains("k")) return std::nullopt;
  const double* guesses = scorer.options().at("k").number();
  return guesses ? std::optional(std::min(1.0, *guesses * one)) : std::nullopt;
}

std::vector<std::string> measured(const Results& results, const std::vector<std::string>& metrics) {
  std::vector<std::string> there;
  for (const auto& name : metrics) {
    const auto has = [&](const ModelResult& model) { return model.valid.contains(name); };
    if (std::any_of(results.models.begin(), results.models.end(), has)) there.push_back(name);
  }
  return there;
}

bool has_intervals(const Results& results) {
  return std::any_of(results.models.begin(), results.models.end(), [](const ModelResult& model) {
    return std::any_of(model.valid.begin(), model.valid.end(), [](const auto& one) { return one.second.known(); });
  });
}

std::string unique(std::string name, std::set<std::string>& used) {
  const std::string base = name;
  for (int n = 2; !used.insert(name).second; ++n) name = base + "_" + std::to_string(n);
  return name;
}

std::vector<FigurePtr> figures_of(const Results& results, const std::string& of) {
  if (results.models.empty()) return {};
  std::set<std::string> used;
  std::vector<std::shared_ptr<Figure>> figures = {comparison_figure(results)};
  if (results.target == Target::numbers) {
    constexpr size_t kMostNumbers = 6;
    for (size_t j = 0; j < std::min(results.classes.size(), kMostNumbers); ++j)
      figures.push_back(foretold_of(results, j));
  }
  if (results.target == Target::classes) {
    for (const auto& model : results.models) {
      if (results.models.size() > kManyModels && figures.size() > 1) break;
      figures.push_back(confusion_of(results, model, unique("confusion_" + file_word(model.name), used)));
    }
    figures.push_back(classes_of(results));
  }
  for (const auto& figure : figures) {
    if (of.empty()) break;
    figure->name += "_" + file_word(of);
    figure->title += ", " + of;
  }
  return {figures.begin(), figures.end()};
}

}  // namespace lumir::report
