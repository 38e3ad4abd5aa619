// See curves.h.

#include "evaluate/curves.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "metric/ranking.h"

namespace lumir::evaluate {
namespace {

metric::Ranking ranking_of(const Results& results, const ModelResult& model, int of, const char* who) {
  if (results.target == Target::numbers) throw ArgumentError(std::string(who) + ": numbers have no ranks to draw");
  metric::Ranking ranking = metric::rank_class(answers_of(results, model), of);
  if (ranking.right.back() > 0 && ranking.wrong.back() > 0) return ranking;
  throw ArgumentError(std::string(who) + ": " + (ranking.right.back() > 0 ? "every" : "no") + " row is of '" +
                      results.classes[static_cast<size_t>(of)] + "'");
}

/// Of two classes the second one's curve says all.
template <class CurveOf>
std::vector<ScoreCurve> of_classes(const Results& results, const ModelResult& model, CurveOf curve_of) {
  std::vector<ScoreCurve> curves;
  const auto n = static_cast<int>(results.classes.size());
  const metric::Answers answers = answers_of(results, model);
  for (int c = n == 2 && results.target == Target::classes ? 1 : 0; c < n; ++c) {
    size_t rows = 0;
    for (size_t i = 0; i < results.size(); ++i) rows += answers.is(i, c);
    if (rows > 0 && rows < results.size()) curves.push_back(curve_of(c));
  }
  if (curves.empty()) throw ArgumentError("curves need rows of at least two classes");
  return curves;
}

}  // namespace

ScoreCurve roc_curve(const Results& results, const ModelResult& model, int of) {
  const auto ranking = ranking_of(results, model, of, "roc");
  ScoreCurve curve{results.classes[static_cast<size_t>(of)], {0}, {0}, metric::area_under_roc(ranking)};
  for (size_t i = 0; i < ranking.right.size(); ++i) {
    curve.x.push_back(ranking.wrong[i] / ranking.wrong.back());
    curve.y.push_back(ranking.right[i] / ranking.right.back());
  }
  return curve;
}

ScoreCurve precision_recall_curve(const Results& results, const ModelResult& model, int of) {
  const auto ranking = ranking_of(results, model, of, "precision_recall");
  ScoreCurve curve{results.classes[static_cast<size_t>(of)], {}, {}, metric::average_precision(ranking)};
  curve.share = ranking.right.back() / (ranking.right.back() + ranking.wrong.back());
  for (size_t i = ranking.right.size(); i-- > 0;) {
    curve.x.push_back(ranking.right[i] / ranking.right.back());
    curve.y.push_back(ranking.right[i] / (ranking.right[i] + ranking.wrong[i]));
  }
  curve.x.push_back(0);
  curve.y.push_back(1);
  return curve;
}

std::vector<ScoreCurve> roc_curves(const Results& results, const ModelResult& model) {
  return of_classes(results, model, [&](int of) { return roc_curve(results, model, of); });
}

std::vector<ScoreCurve> precision_recall_curves(const Results& results, const ModelResult& model) {
  return of_classes(results, model, [&](int of) { return precision_recall_curve(results, model, of); });
}

ScoreCurve calibration_curve(const Results& results, const ModelResult& model, int bins) {
  if (results.target != Target::classes) {
    throw ArgumentError(std::string("calibration: is of one class a row, and these results are of ") +
                        words_of(results.target));
  }
  if (model.kind == ScoreKind::decisions) {
    throw ArgumentError("calibration: needs probabilities, and the scores of " + model.name + " are " +
                        name_of(model.kind));
  }
  const auto n = static_cast<size_t>(bins);
  std::vector<double> rows(n), sure(n), right(n);
  const bool two = results.classes.size() == 2;
  double error = 0;
  for (size_t i = 0; i < results.truth.size(); ++i) {
    const int of = two ? 1 : model.predicted[i];
    const double probability = model.scores(i, static_cast<size_t>(of));
    // as numpy.searchsorted: a bound belongs to the part below it
    const auto bin =
        static_cast<size_t>(std::clamp(std::ceil(probability * bins) - 1, 0.0, static_cast<double>(bins - 1)));
    rows[bin] += 1;
    sure[bin] += probability;
    right[bin] += results.truth[i] == of;
  }
  ScoreCurve curve{two ? results.classes[1] : "predicted class", {}, {}, 0};
  for (size_t bin = 0; bin < n; ++bin) {
    if (!(rows[bin] > 0)) continue;
    curve.x.push_back(sure[bin] / rows[bin]);
    curve.y.push_back(right[bin] / rows[bin]);
    error += std::abs(sure[bin] - right[bin]) / static_cast<double>(results.truth.size());
  }
  curve.summary = error;  // the expected calibration error
  return curve;
}

}  // namespace lumir::evaluate
