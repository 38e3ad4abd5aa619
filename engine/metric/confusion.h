// Counts of true and predicted class, and the averages that are read from them.

#pragma once

#include <vector>

#include "metric/metric.h"

namespace lumir::metric {

/// [true class, predicted class]: how many rows, each by its weight.
Matrix confusion(const Answers& answers, Weights weights = {});

/// What precision, recall and F1 see of one class: rows by weight.
struct ClassCount {
  double truth = 0;      // of that class
  double predicted = 0;  // taken for it
  double right = 0;      // both

  bool present() const { return truth + predicted > 0; }
};
/// One for each class; a matrix of all pairs of classes would be slow to read thousands of times.
std::vector<ClassCount> count_classes(const Answers& answers, Weights weights = {});

/// The share of rows that were predicted right; of tags, all of them.
Measurer share_right(const Answers& answers);

/// 0 where there is nothing below the line.
double ratio_or_zero(double part, double whole);

/// How the ratios of the classes become one number; the options of precision, recall and f1.
struct AverageOptions {
  std::string average = "macro";
  static Schema schema();
};

/// A ratio of each class's counts. 'macro': its mean over present classes. 'weighted': the mean by rows of the truth.
/// 'micro': every row counts alike (then precision, recall and F1 of classes all equal accuracy). 'none': a list, one
/// number for each class. Of tags, those that no row has are left out of the macro mean.
Measurer averaged(const Answers& answers, const AverageOptions& options, double (*ratio)(const ClassCount& count));

}  // namespace lumir::metric
