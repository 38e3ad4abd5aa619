// Sequential minimal optimisation: the support vector machine of two classes.
//
// As libsvm solves it: in each step the two coefficients that violate the optimum most are moved, the second chosen by
// second-order information (Fan, Chen and Lin, Working Set Selection Using Second Order Information, 2005).

#pragma once

#include <vector>

#include "learn/pair_kernel.h"

namespace lumir::learn {

struct SmoOptions {
  std::vector<double> costs;  // of each row on the wrong side
  double tolerance = 1e-3;
  long max_iterations = -1;  // -1 for no limit
};

struct SmoSolution {
  std::vector<double> coefficients;  // label times alpha, for each row
  double intercept = 0;              // decision = sum of coefficient * kernel + intercept, positive for the first class
  bool converged = true;
};

SmoSolution solve_smo(const PairKernel& kernel, const SmoOptions& options);

}  // namespace lumir::learn
