// Sequential minimal optimisation: the support vector machine of two classes.
//
// As libsvm solves it: in each step the two coefficients that violate the optimum most are moved, the second chosen by
// second-order information (Fan, Chen and Lin, Working Set Selection Using Second Order Information, 2005).

#pragma once

#include <cstddef>
#include <vector>

namespace lumir::learn {

/// The kernel between all rows of two classes, those of the positive class first. Kept in float, as libsvm does.
class PairKernel {
 public:
  PairKernel(int positives, int negatives);
  int size() const { return positives_ + negatives_; }
  int positives() const { return positives_; }
  /// Rows are padded with zeros to whole blocks of the vector loops.
  int stride() const { return stride_; }
  float* row(int i) { return values_.data() + static_cast<size_t>(i) * static_cast<size_t>(stride_); }
  const float* row(int i) const { return values_.data() + static_cast<size_t>(i) * static_cast<size_t>(stride_); }

 private:
  int positives_;
  int negatives_;
  int stride_;
  std::vector<float> values_;
};

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
