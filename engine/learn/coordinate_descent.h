// Straight borders with absolute weights in the penalty: most weights end at 0 exactly, where steps along slopes are
// slow.
//
// Newton's step of one border after the other; within a step each weight is set to its best in turn, which passes
// corners as it goes: Friedman, Hastie and Tibshirani, Regularization Paths for Generalized Linear Models via
// Coordinate Descent (2010); Yuan, Ho and Lin, An Improved GLMNET for L1-regularized Logistic Regression (2012).

#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/matrix.h"

namespace lumir::learn {

struct CoordinateDescent {
  const Matrix& x;                     // [rows, columns]
  const std::vector<double>& weights;  // of rows
  size_t lines = 1;
  std::vector<double> l1 = {}, l2 = {};  // of each column: of its absolute weights, of half their squares
  int max_iter = 100;
  double tolerance = 1e-5;  // stops where no slope, absolute weights included, is larger
  /// The loss of a row's decisions, one for each line; puts its slopes in their place: of a softmax p - 1 for the own
  /// class and p for the others.
  std::function<double(size_t row, std::span<double> decisions)> loss = nullptr;
  /// Of that loss along the decision of a line, where it has this slope.
  std::function<double(size_t row, size_t line, double slope)> curvature = nullptr;
  bool softmax = false;  // of all lines together: one number added to a row's decisions leaves its loss as it is
};

/// The weights, [lines, columns]; false in `converged` where it stopped at max_iter.
Matrix descend(const CoordinateDescent& how, bool& converged);

}  // namespace lumir::learn
