// Straight borders by one row at a time: stochastic gradient descent as scikit-learn has it.

#pragma once

#include <optional>
#include <string>

#include "learn/linear_classifier.h"

namespace lumir::learn {

struct SgdFit {
  std::string loss = "hinge";  // "log_loss", "modified_huber", "squared_hinge", "perceptron"
  std::string penalty = "l2";  // "l1", "elasticnet", "none"
  double alpha = 1e-4;
  double l1_ratio = 0.15;
  bool fit_intercept = true;
  int max_iter = 1000;
  double tol = 1e-3;  // below 0: never stops before max_iter
  bool shuffle = true;
  std::string learning_rate = "optimal";  // "constant", "invscaling", "adaptive"
  double eta0 = 0.01;
  double power_t = 0.5;
  bool early_stopping = false;
  double validation_fraction = 0.1;
  int n_iter_no_change = 5;
  bool average = false;
  uint64_t seed = 0;
};

/// One border for each class against all others, one for two classes. Warns, begun by `who`, where one stopped at max_iter.
LinearBorders fit_sgd(const std::string& who, const PresentRows& rows, const SgdFit& how);

}  // namespace lumir::learn
