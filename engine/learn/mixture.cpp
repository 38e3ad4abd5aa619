// Expectation and maximisation (Dempster, Laird and Rubin, 1977).

#include "learn/mixture.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/interrupt.h"
#include "core/parallel.h"
#include "learn/estimator.h"
#include "learn/k_means.h"
#include "learn/row_sums.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr size_t kPiece = 1024;  // rows of a worker

/// True for clouds that may lie askew: their covariances are whole matrices.
bool askew(const std::string& type) { return type == "full" || type == "tied"; }

/// Numbers of a cloud's shape.
size_t numbers_of_shape(const std::string& type, size_t d) {
  if (askew(type)) return d * d;
  return type == "diag" ? d : 1;
}

/// What turns a row less the middle of a cloud into one of variance 1.
struct Whitening {
  Matrix rows;                // [columns, columns]; [1, columns] where the cloud lies along the columns
  double log_deviations = 0;  // the sum of their logarithms
};

[[noreturn]] void refuse_flat(const std::string& who, size_t cloud) {
  throw ArgumentError(who + ": cloud " + std::to_string(cloud + 1) +
                      " is flat; take fewer n_components or a larger reg_covar");
}

Whitening whitening_askew(const std::string& who, std::span<const double> covariance, size_t d, size_t cloud) {
  Matrix square(d, d);
  std::copy(covariance.begin(), covariance.end(), square.values.begin());
  const tensor::Eigen parts = tensor::symmetric_eigen(square);
  Whitening found{Matrix(d, d)};
  for (size_t e = 0; e < d; ++e) {
    if (!(parts.values[e] > 0)) refuse_flat(who, cloud);
    const double deviation = std::sqrt(parts.values[e]);
    found.log_deviations += std::log(deviation);
    for (size_t j = 0; j < d; ++j) found.rows(e, j) = parts.vectors(j, e) / deviation;
  }
  return found;
}

/// `covariance` has a variance for each column, or one for all.
Whitening whitening_along(const std::string& who, std::span<const double> covariance, size_t d, size_t cloud) {
  Whitening found{Matrix(1, d)};
  for (size_t j = 0; j < d; ++j) {
    const double variance = covariance[covariance.size() == 1 ? 0 : j];
    if (!(variance > 0)) refuse_flat(who, cloud);
    found.rows(0, j) = 1 / std::sqrt(variance);
    found.log_deviations -= std::log(found.rows(0, j));
  }
  return found;
}

/// The logarithm of a cloud's share and density, less a constant, in its column.
void add_log_density_askew(const Matrix& x, const Mixture& mixture, size_t c, const Whitening& whitening, Matrix& out) {
  const auto middle = mixture.means.row(c);
  const double share = std::log(mixture.weights[c]) - whitening.log_deviations;
  const Matrix seen = tensor::centred_multiply_transposed(x, {middle.begin(), middle.end()}, whitening.rows);
  for (size_t i = 0; i < x.rows; ++i) {
    double square = 0;
    for (const double off : seen.row(i)) square += off * off;
    out(i, c) = share - square / 2;
  }
}

/// The sum of the squares of what lies between a row and a middle, in deviations.
double square_along(const double* row, const double* middle, const double* whitening, size_t d) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t j = 0; j < d; ++j) {
    const double off = (row[j] - middle[j]) * whitening[j];
    sum += off * off;
  }
  return sum;
}

/// The same of all clouds, row by row.
void add_log_densities_along(const std::string& who, const Matrix& x, const Mixture& mixture, Matrix& out) {
  const size_t k = mixture.weights.size(), d = x.columns;
  Matrix whitenings(k, d);
  std::vector<double> shares;
  for (size_t c = 0; c < k; ++c) {
    const Whitening one = whitening_along(who, mixture.covariances.row(c), d, c);
    std::copy(one.rows.values.begin(), one.rows.values.end(), whitenings.row(c).begin());
    shares.push_back(std::log(mixture.weights[c]) - one.log_deviations);
  }
  parallel_for((x.rows + kPiece - 1) / kPiece, [&](size_t piece) {
    for (size_t i = piece * kPiece; i < std::min((piece + 1) * kPiece, x.rows); ++i) {
      const double* row = x.row(i).data();
      for (size_t c = 0; c < k; ++c) {
        const double square = square_along(row, mixture.means.row(c).data(), whitenings.row(c).data(), d);
        out(i, c) = shares[c] - square / 2;
      }
    }
  });
}

/// Logarithms as shares of 1; returns the logarithm of their sum.
double to_shares(std::span<double> logs) {
  const double most = *std::max_element(logs.begin(), logs.end());
  double all = 0;
  for (double& value : logs) all += value = std::exp(value - most);
  for (double& value : logs) value /= all;
  return most + std::log(all);
}

/// Of one cloud; where all share a shape, its part of it.
void add_covariance_askew(const Matrix& x, const Matrix& shares, size_t c, double count, Mixture& mixture) {
  const size_t d = x.columns;
  const auto middle = mixture.means.row(c);
  const auto covariance = mixture.covariances.row(mixture.covariances.rows == 1 ? 0 : c);
  Matrix scaled(x.rows, d);
  for (size_t i = 0; i < x.rows; ++i) {
    const double root = std::sqrt(shares(i, c));
    for (size_t j = 0; j < d; ++j) scaled(i, j) = root * (x(i, j) - middle[j]);
  }
  const Matrix squares = tensor::gram(scaled);
  for (size_t e = 0; e < squares.values.size(); ++e) covariance[e] += squares.values[e] / count;
}

/// A variance for each column, or their mean.
void add_covariance_along(const Matrix& x, const Matrix& shares, size_t c, double count, Mixture& mixture) {
  const size_t d = x.columns;
  const double* middle = mixture.means.row(c).data();
  std::vector<double> sums(d);
  for (size_t i = 0; i < x.rows; ++i) {
    const double share = shares(i, c);
    if (share == 0) continue;
    const double* row = x.row(i).data();
#pragma omp simd
    for (size_t j = 0; j < d; ++j) sums[j] += share * (row[j] - middle[j]) * (row[j] - middle[j]);
  }
  const auto covariance = mixture.covariances.row(c);
  const double parts = covariance.size() == d ? 1 : static_cast<double>(d);
  for (size_t j = 0; j < d; ++j) covariance[covariance.size() == d ? j : 0] += sums[j] / count / parts;
}

class Mixing {
 public:
  Mixing(const std::string& who, const Matrix& x, const MixtureOptions& options)
      : who_(who), x_(x), options_(options), askew_(askew(options.covariance_type)) {}

  Mixture fit(uint64_t seed) {
    const auto k = static_cast<size_t>(options_.n_components);
    const Clusters begun = find_clusters(x_, k, {}, seed);
    Matrix shares(x_.rows, k);
    for (size_t i = 0; i < x_.rows; ++i) shares(i, static_cast<size_t>(begun.labels[i])) = 1;
    Mixture mixture;
    maximise(shares, mixture);
    for (int round = 0; round < options_.max_iter && !mixture.converged; ++round) {
      check_interrupt();
      const double before = mixture.lower_bound;
      mixture.lower_bound = share_out(who_, x_, mixture, options_.covariance_type, shares);
      maximise(shares, mixture);
      mixture.converged = std::fabs(mixture.lower_bound - before) < options_.tol;
    }
    return mixture;
  }

 private:
  void maximise(const Matrix& shares, Mixture& mixture) const {
    const size_t k = shares.columns, d = x_.columns;
    constexpr double kNoZero = 10 * std::numeric_limits<double>::epsilon();
    std::vector<double> counts(k, kNoZero);
    for (size_t i = 0; i < x_.rows; ++i) {
      for (size_t c = 0; c < k; ++c) counts[c] += shares(i, c);
    }
    mixture.means = tensor::transposed_multiply(shares, x_);
    mixture.weights.assign(k, 0);
    double all = 0;
    for (size_t c = 0; c < k; ++c) {
      for (size_t j = 0; j < d; ++j) mixture.means(c, j) /= counts[c];
      all += counts[c];
    }
    for (size_t c = 0; c < k; ++c) mixture.weights[c] = counts[c] / all;
    find_covariances(shares, counts, all, mixture);
  }

  void find_covariances(const Matrix& shares, const std::vector<double>& counts, double all, Mixture& mixture) const {
    const std::string& type = options_.covariance_type;
    const size_t k = shares.columns, d = x_.columns;
    mixture.covariances = Matrix(type == "tied" ? 1 : k, numbers_of_shape(type, d));
    if (askew_) {
      for (size_t c = 0; c < k; ++c) add_covariance_askew(x_, shares, c, type == "tied" ? all : counts[c], mixture);
    } else {
      parallel_for(k, [&](size_t c) { add_covariance_along(x_, shares, c, counts[c], mixture); });
    }
    if (model::first_not_finite(mixture.covariances)) {
      throw ArgumentError(who_ + ": variances are not finite; the columns' numbers are too large for it");
    }
    for (size_t c = 0; c < mixture.covariances.rows; ++c) {
      const auto covariance = mixture.covariances.row(c);
      for (size_t j = 0; j < (askew_ ? d : covariance.size()); ++j) {
        covariance[askew_ ? j * d + j : j] += options_.reg_covar;
      }
    }
  }

  const std::string& who_;
  const Matrix& x_;
  const MixtureOptions& options_;
  bool askew_;
};

}  // namespace

bool Mixture::fits(size_t clouds, const std::string& type) const {
  return weights.size() == clouds && means.rows == clouds && covariances.rows == (type == "tied" ? 1 : clouds) &&
         covariances.columns == numbers_of_shape(type, means.columns);
}

Mixture find_mixture(const std::string& who, const Matrix& x, const MixtureOptions& options, uint64_t seed) {
  if (static_cast<size_t>(options.n_components) > x.rows) {
    throw ArgumentError(who + ": 'n_components' = " + std::to_string(options.n_components) + " is more than the " +
                        std::to_string(x.rows) + " rows");
  }
  return Mixing(who, x, options).fit(seed);
}

double share_out(const std::string& who, const Matrix& x, const Mixture& mixture, const std::string& type,
                 Matrix& shares) {
  const size_t k = mixture.weights.size(), d = x.columns;
  shares = Matrix(x.rows, k);
  if (askew(type)) {
    for (size_t c = 0; c < k; ++c) {
      const auto covariance = mixture.covariances.row(type == "tied" ? 0 : c);
      add_log_density_askew(x, mixture, c, whitening_askew(who, covariance, d, c), shares);
    }
  } else {
    add_log_densities_along(who, x, mixture, shares);
  }
  const double constant = 0.5 * static_cast<double>(d) * std::log(2 * std::numbers::pi);
  const double sum = sum_over_rows(x.rows, [&](size_t begin, size_t end) {
    double piece = 0;
    for (size_t i = begin; i < end; ++i) piece += to_shares(shares.row(i)) - constant;
    return piece;
  });
  return sum / static_cast<double>(x.rows);
}

}  // namespace lumir::learn
