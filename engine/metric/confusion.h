// Counts of true and predicted class, and the ratios that are read from them.

#pragma once

#include <vector>

#include "metric/metric.h"

namespace lumir::metric {

/// [true class, predicted class], counts.
Matrix confusion(const Answers& answers);

/// What a confusion matrix says of each class; a ratio with nothing below the line is 0.
struct ClassRatios {
  std::vector<double> precision;
  std::vector<double> recall;
  std::vector<double> f1;
  std::vector<int> support;   // rows of that class in the truth
  std::vector<bool> present;  // occurs in the truth or in the predictions: what averages are over
};
ClassRatios ratios(const Matrix& confusion);

/// The mean over present classes; 0 where there is none.
double macro_average(const std::vector<double>& ratio, const std::vector<bool>& present);

/// How the ratios of the classes become one number; the options of precision, recall and f1.
struct AverageOptions {
  std::string average = "macro";
  static Schema schema();
};

/// 'macro': the mean over present classes. 'weighted': the mean by support. 'micro': every row counts alike (then
/// precision, recall and F1 all equal accuracy). 'none': a list, one number for each class.
Value average(const std::vector<double>& ratio, const Matrix& confusion, const AverageOptions& options);

}  // namespace lumir::metric
