// Straight borders by the loss of their decisions: what logistic regression and linear support vectors share.
//
// Every step passes over the rows for all classes at once. Columns are centred and stretched for the walk, so
// that one of large numbers does not slow down the others; what is penalised are the weights of columns as they
// came.

#pragma once

#include <functional>

#include "learn/linear_classifier.h"
#include "learn/row_products.h"

namespace lumir::learn {

struct LinearFit {
  size_t lines = 1;  // borders
  bool fit_intercept = true;
  bool penalise_intercept = false;  // as a weight of a column of `intercept_scaling`
  double intercept_scaling = 1;
  double l1 = 0;              // of the sum of absolute weights
  double l2 = 1;              // of half the sum of their squares
  double most_curvature = 1;  // of the loss
  int max_iter = 100;
  double tol = 1e-4;
  /// The loss of a row's decisions, one for each line; puts its slopes in their place.
  RowLoss loss = nullptr;
  // see penalised_loss.h
  std::function<double(size_t row, size_t line, double slope)> curvature = nullptr;
  bool softmax = false;
};

/// Lowest sum of losses (each weighted by its row) and penalties. Warns, begun by `who`, where it stopped at
/// max_iter.
LinearBorders fit_linear(const std::string& who, const PresentRows& rows, const LinearFit& how);

}  // namespace lumir::learn
