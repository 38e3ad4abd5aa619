// Gamma and beta functions.

#pragma once

namespace lumir {

/// The logarithm of |gamma(x)|; unlike std::lgamma it writes to nothing that threads share (its `signgam`).
double log_gamma(double x);
/// The distribution function at x of the beta distribution with parameters a and b: the regularised incomplete beta
/// function.
double beta_distribution(double a, double b, double x);

}  // namespace lumir
