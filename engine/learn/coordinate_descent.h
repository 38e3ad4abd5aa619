// Straight borders with absolute weights in the penalty: most weights end at 0 exactly, where steps along slopes are
// slow.
//
// Newton's step of one border after the other; within a step each weight is set to its best in turn, which passes
// corners as it goes: Friedman, Hastie and Tibshirani, Regularization Paths for Generalized Linear Models via
// Coordinate Descent (2010); Yuan, Ho and Lin, An Improved GLMNET for L1-regularized Logistic Regression (2012).

#pragma once

#include "learn/penalised_loss.h"

namespace lumir::learn {

/// The weights, [lines, columns]; false in `converged` where it stopped at max_iter.
Matrix descend(const PenalisedLoss& how, bool& converged);

}  // namespace lumir::learn
