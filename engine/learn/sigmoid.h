// Probabilities from decisions: Platt, Probabilistic Outputs for Support Vector Machines (1999), fitted as Lin, Lin
// and Weng (2007) say.

#pragma once

#include <span>
#include <vector>

namespace lumir::learn {

/// p(d) = 1 / (1 + e^(a d + b)).
struct Sigmoid {
  double a = 0;
  double b = 0;
  double operator()(double decision) const;
};

/// `positive` says which decisions are of the class; `weights` may be empty.
Sigmoid fit_sigmoid(std::span<const double> decisions, const std::vector<bool>& positive,
                    std::span<const double> weights = {});

}  // namespace lumir::learn
