// L-BFGS: the lowest point of a smooth function of many numbers, from its gradient alone.

#pragma once

#include <functional>
#include <span>
#include <vector>

namespace lumir::learn {

/// The value at `w`; writes the gradient.
using Objective = std::function<double(std::span<const double> w, std::span<double> gradient)>;

struct LbfgsOptions {
  int max_iterations = 1000;
  double tolerance = 1e-5;  // stops where no number of the gradient is larger
};

struct LbfgsResult {
  double value = 0;
  int iterations = 0;
  bool converged = false;  // else it stopped at max_iterations
};

/// Walks from `w` to a minimum, which it leaves there.
LbfgsResult minimise(const Objective& objective, std::vector<double>& w, const LbfgsOptions& options);

}  // namespace lumir::learn
