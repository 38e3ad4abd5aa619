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

/// The options that both learners of this kind have.
struct SgdOptions : SgdFit {
  ClassWeight class_weight;
  std::optional<int> seed;  // over SgdFit's, which is a number already

  SgdFit fit() const;
};
template <class S>
Schema sgd_schema(Schema schema) {
  return extend(
      std::move(schema), Option{"alpha", &S::alpha, "of the penalty", kPositive},
      Option{"l1_ratio", &S::l1_ratio, "share of absolute values in 'elasticnet'", Range{0, 1}},
      Option{"fit_intercept", &S::fit_intercept, "borders need not pass through 0"},
      Option{"max_iter", &S::max_iter, "times that all rows are seen", Range{1}},
      Option{"tol", &S::tol, "what counts as a gain", kNonNegative},
      Option{"shuffle", &S::shuffle, "see rows in another order each time"},
      Option{"early_stopping", &S::early_stopping, "hold rows out and stop when they are foretold no better"},
      Option{"validation_fraction", &S::validation_fraction, "share of rows held out", Range{above(0), below(1)}},
      Option{"n_iter_no_change", &S::n_iter_no_change, "times without a gain that stop it", Range{1}},
      class_weight_option(&S::class_weight),
      Option{"seed", &S::seed, "of the order of rows; 'none' takes that of lumir.seed"});
}

/// One border for each class against all others, one for two classes. Warns, begun by `who`, where one stopped at
/// max_iter.
LinearBorders fit_sgd(const std::string& who, const PresentRows& rows, const SgdFit& how);

}  // namespace lumir::learn
