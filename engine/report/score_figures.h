// Figures of curves: ROC, precision and recall, calibration, learning curves. The numbers are evaluate/curves.h's.

#pragma once

#include "evaluate/curves.h"
#include "evaluate/learning_curve.h"
#include "report/curve_figure.h"

namespace lumir::report {

/// A line for each class with the area under it, and chance.
std::shared_ptr<CurveFigure> roc_figure(const evaluate::Results& results, const evaluate::ModelResult& model);
/// A line for each class with its average precision.
std::shared_ptr<CurveFigure> precision_recall_figure(const evaluate::Results& results,
                                                     const evaluate::ModelResult& model);
/// How often the model is right where it says how sure it is, beside a model that is right as often as it says.
std::shared_ptr<CurveFigure> calibration_figure(const evaluate::Results& results, const evaluate::ModelResult& model,
                                                int bins);
/// Test and train over the rows that teach.
FigurePtr figure_of(const evaluate::LearningCurve& curve);

}  // namespace lumir::report
