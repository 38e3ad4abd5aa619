// See score_figures.h.

#include "report/score_figures.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/readable.h"
#include "metric/scorer.h"
#include "report/curve_figure.h"

namespace lumir::report {
namespace {

using evaluate::ModelResult;
using evaluate::Results;
using evaluate::ScoreCurve;

/// Each line is called by its class and what sums it up.
std::vector<Series> series_of(const std::vector<ScoreCurve>& curves) {
  std::vector<Series> series;
  for (const auto& curve : curves) series.push_back({curve.name + "  " + show_score(curve.summary), curve.x, curve.y});
  return series;
}

std::shared_ptr<CurveFigure> named(std::vector<Series> series, const std::string& across, const std::string& upwards,
                                   const std::string& name, const std::string& title) {
  auto figure = std::make_shared<CurveFigure>(std::move(series), across, upwards);
  figure->name = name;
  figure->title = title;
  return figure;
}

std::string titled(const std::string& what, const ModelResult& model, const Results& results) {
  return what + ": " + model.name + (results.synthetic ? " (synthetic sample)" : "");
}

Series diagonal(const std::string& name) { return {.name = name, .x = {0, 1}, .y = {0, 1}, .guide = true}; }

/// What guessing reaches: of each class its share of the rows; where these differ, their mean, and all as a band.
Series chance_of(const std::vector<ScoreCurve>& curves) {
  std::vector<double> shares;
  for (const auto& curve : curves) shares.push_back(curve.share);
  const auto [least, most] = std::minmax_element(shares.begin(), shares.end());
  const double mean = std::accumulate(shares.begin(), shares.end(), 0.0) / static_cast<double>(shares.size());
  const std::string low = show_score(*least), high = show_score(*most);
  Series chance{
      .name = "chance  " + (low == high ? low : low + " to " + high), .x = {0, 1}, .y = {mean, mean}, .guide = true};
  if (low != high) {
    chance.low.assign(2, *least);
    chance.high.assign(2, *most);
  }
  return chance;
}

/// As average precision sums it: up to a recall, the precision there.
Series in_steps(const Series& series) {
  Series out{series.name, {}, {}};
  const auto add = [&out](double x, double y) {
    out.x.push_back(x);
    out.y.push_back(y);
  };
  for (size_t i = 0; i < series.x.size(); ++i) {
    if (i > 0 && series.x[i] > series.x[i - 1]) add(series.x[i - 1], series.y[i]);
    if (i > 0 && series.x[i] < series.x[i - 1]) add(series.x[i], series.y[i - 1]);
    add(series.x[i], series.y[i]);
  }
  return out;
}

}  // namespace

std::shared_ptr<CurveFigure> roc_figure(const Results& results, const ModelResult& model) {
  auto series = series_of(evaluate::roc_curves(results, model));
  series.push_back(diagonal("chance"));
  return named(std::move(series), "share of other rows taken for it", "share of its rows found", "roc",
               titled("ROC, area under each curve", model, results));
}

std::shared_ptr<CurveFigure> precision_recall_figure(const Results& results, const ModelResult& model) {
  const auto curves = evaluate::precision_recall_curves(results, model);
  auto series = series_of(curves);
  std::transform(series.begin(), series.end(), series.begin(), in_steps);
  series.push_back(chance_of(curves));
  auto figure = named(std::move(series), "recall", "precision", "precision_recall",
                      titled("Precision and recall, average precision", model, results));
  figure->y_limits = {0, 1.02};
  return figure;
}

std::shared_ptr<CurveFigure> calibration_figure(const Results& results, const ModelResult& model, int bins) {
  auto series = series_of({evaluate::calibration_curve(results, model, bins)});
  series.push_back(diagonal("as it says"));
  auto figure = named(std::move(series), "probability that the model gives", "share that is right", "calibration",
                      titled("Calibration, expected error", model, results));
  figure->points = true;
  return figure;
}

FigurePtr figure_of(const evaluate::LearningCurve& curve) {
  Series test{"test", {}, {}}, train{"train", {}, {}};
  const auto add = [](Series& series, double rows, const evaluate::MeanAndSpread& score) {
    series.x.push_back(rows);
    series.y.push_back(score.mean);
    series.low.push_back(score.mean - score.sd);
    series.high.push_back(score.mean + score.sd);
  };
  for (const auto& point : curve.points) {
    add(test, point.rows, point.test);
    add(train, point.rows, point.train);
  }
  auto figure = named({test, train}, "rows that teach", metric::Scorer(curve.metric).title(), "learning_curve",
                      "Learning curve: " + curve.model);
  figure->caption = "Means over the rounds, with a standard deviation to either side.";
  return figure;
}

}  // namespace lumir::report
