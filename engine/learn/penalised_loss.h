// What straight borders lose by their rows and by their weights: for those that look for the least of it.

#pragma once

#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "learn/row_products.h"

namespace lumir::learn {

struct PenalisedLoss {
  const std::string& who;  // begins errors
  const StretchedRows& x;
  const std::vector<double>& weights;  // of rows
  size_t lines = 1;
  std::vector<double> l1 = {}, l2 = {};  // of each column: of its absolute weights, of half their squares
  int max_iter = 100;
  double tolerance = 1e-5;  // stops where no slope, absolute weights included, is larger
  /// The loss of a row's decisions, one for each line; puts its slopes in their place: of a softmax p - 1 for the own
  /// class and p for the others.
  RowLoss loss = nullptr;
  /// Of that loss along the decision of a line, where it has this slope.
  std::function<double(size_t row, size_t line, double slope)> curvature = nullptr;
  bool softmax = false;  // of all lines together: one number added to a row's decisions leaves its loss as it is
};

/// Throws ArgumentError for a slope that is no number: a walk that goes by it would never end.
inline void check_slope(const PenalisedLoss& how, double slope) {
  if (std::isfinite(slope)) return;
  throw ArgumentError(how.who +
                      ": the slopes are not finite; the columns' numbers or the weights of rows are too large");
}

}  // namespace lumir::learn
