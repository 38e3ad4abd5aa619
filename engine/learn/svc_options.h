// What SVC is told: libsvm's options under scikit-learn's names.

#pragma once

#include <optional>
#include <string>
#include <variant>

#include "learn/class_weight.h"

namespace lumir::learn {

struct SVCOptions {
  double C = 1;
  std::string kernel = "rbf";
  int degree = 3;
  std::variant<double, std::string> gamma = "scale";
  double coef0 = 0;
  double tol = 1e-3;
  ClassWeight class_weight;
  int max_iter = -1;
  double cache_size = 300;
  bool probability = false;
  std::optional<int> seed;
  static Schema schema() {
    const Range cost{above(0), 1e100};  // beyond, the solver's sums lose every digit
    return {
        Option{"C", &SVCOptions::C, "cost of a row on the wrong side; smaller is smoother", cost},
        Option{"kernel", &SVCOptions::kernel, "how alike two rows are", Choices{"rbf", "linear", "poly", "sigmoid"}},
        Option{"degree", &SVCOptions::degree, "of the poly kernel", Range{0, 100}},
        Option{"gamma", &SVCOptions::gamma,
               "narrowness of rbf, factor of poly and sigmoid; 'scale': 1 / (columns * variance)",
               Choices{"scale", "auto"}, kNonNegative},
        Option{"coef0", &SVCOptions::coef0, "what poly and sigmoid add"},
        Option{"tol", &SVCOptions::tol, "when to stop", kPositive},
        class_weight_option(&SVCOptions::class_weight),
        Option{"max_iter", &SVCOptions::max_iter, "steps of each pair's solver, -1 for no limit", Range{-1}},
        Option{"cache_size", &SVCOptions::cache_size,
               "MB that the products of all rows may take, the kernels within classes again as many, and on each core "
               "the kernel of two classes as many; what does not fit is worked out again where it is needed",
               kPositive},
        Option{"probability", &SVCOptions::probability,
               "scores are probabilities: each pair's decisions on five folds are fitted by a sigmoid (Platt), which "
               "takes five times as long"},
        Option{"seed", &SVCOptions::seed, "of the folds of 'probability'; 'none' takes that of lumir.seed"}};
  }
};

}  // namespace lumir::learn
