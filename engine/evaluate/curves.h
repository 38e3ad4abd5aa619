// Curves of a judged model: ROC, precision and recall, calibration. Numbers only; report/ draws them.

#pragma once

#include <string>
#include <vector>

#include "evaluate/results.h"

namespace lumir::evaluate {

/// A line: x and y of each point, and one number that sums it up.
struct ScoreCurve {
  std::string name;  // the class
  std::vector<double> x, y;
  double summary = 0;  // area under it, or average precision
  double share = 0;    // of the rows that are of the class: the precision that guessing reaches
};

/// One class against the rest: the share of other rows taken for it (x) and of its own (y), from the strictest threshold
/// to the loosest. Throws ArgumentError where the class or all others do not occur.
ScoreCurve roc_curve(const Results& results, const ModelResult& model, int of);
/// Recall (x) and precision (y) from the loosest threshold to the strictest, which ends at recall 0 and precision 1, as
/// scikit-learn's precision_recall_curve.
ScoreCurve precision_recall_curve(const Results& results, const ModelResult& model, int of);
/// Of the classes that occur.
std::vector<ScoreCurve> roc_curves(const Results& results, const ModelResult& model);
std::vector<ScoreCurve> precision_recall_curves(const Results& results, const ModelResult& model);

/// How often a model is right (y) where it says how sure it is (x, the mean in each of `bins` equal parts of 0 to 1 that
/// holds rows). Of two classes the probability of the second, as scikit-learn's calibration_curve; of more that of the
/// class that was predicted. Throws ArgumentError where the scores are no probabilities.
ScoreCurve calibration_curve(const Results& results, const ModelResult& model, int bins);

}  // namespace lumir::evaluate
