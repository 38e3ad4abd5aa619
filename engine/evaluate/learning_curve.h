// Learning curves: what a model is worth, learnt from more and more of the data.

#pragma once

#include <string>
#include <vector>

#include "evaluate/cross_validate.h"

namespace lumir::evaluate {

struct LearningCurveOptions : data::RoundOptions {
  std::vector<double> sizes = {0.1, 0.325, 0.55, 0.775, 1};
  std::string scoring = "auto";
  static Schema schema();
};

/// One amount of data, over all rounds.
struct CurvePoint {
  double rows = 0;  // that taught, the mean of the rounds
  MeanAndSpread test, train;
  double fit_seconds = 0;
};
struct LearningCurve {
  std::string model;
  std::string metric;
  std::vector<CurvePoint> points;
};

/// The rounds of cross_validate, each with a part of the rows that teach: whole groups where there are any, the classes in
/// turn, every larger part holding the smaller ones. Throws what cross_validate throws, and where a part has one class only.
LearningCurve learning_curve(const model::Estimator& model, const data::Table& table,
                             const LearningCurveOptions& options);

/// A row for each amount.
std::string show(const LearningCurve& curve);

}  // namespace lumir::evaluate
