// Clouds of rows, each a normal distribution, found by expectation and maximisation: all of GaussianMixture, and
// the background model of an i-vector.

#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/matrix.h"

namespace lumir::learn {

struct MixtureOptions {
  int n_components = 1;
  std::string covariance_type = "full";  // or "tied", "diag", "spherical"
  double tol = 1e-3;
  double reg_covar = 1e-6;
  int max_iter = 100;
};

/// Clouds: shares, middles, and shapes as scikit-learn keeps them (full [k, d * d], tied [1, d * d], diag [k, d],
/// spherical [k, 1]).
struct Mixture {
  std::vector<double> weights;
  Matrix means, covariances;
  double lower_bound = -std::numeric_limits<double>::infinity();  // the mean log-likelihood of a row
  bool converged = false;

  /// Whether the arrays fit together for so many clouds of this type.
  bool fits(size_t clouds, const std::string& type) const;
};

/// Begins with k-means. Throws ArgumentError, begun by `who`, where there are fewer rows than clouds, a cloud is
/// flat or a variance is not finite.
Mixture find_mixture(const std::string& who, const Matrix& x, const MixtureOptions& options, uint64_t seed);
/// Each row's shares of the clouds, [rows, clouds]; returns the mean log-likelihood of a row.
double share_out(const std::string& who, const Matrix& x, const Mixture& mixture, const std::string& type,
                 Matrix& shares);

}  // namespace lumir::learn
