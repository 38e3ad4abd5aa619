// GaussianMixture: rows as drawn from several clouds, each a normal distribution.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/interrupt.h"
#include "core/parallel.h"
#include "core/random.h"
#include "learn/estimator.h"
#include "learn/k_means.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

struct GaussianMixtureOptions {
  int n_components = 1;
  std::string covariance_type = "full";
  double tol = 1e-3;
  double reg_covar = 1e-6;
  int max_iter = 100;
  int n_init = 1;
  std::optional<int> seed;
  static Schema schema() {
    using S = GaussianMixtureOptions;
    return {Option{"n_components", &S::n_components, "clouds", Range{1}},
            Option{"covariance_type", &S::covariance_type,
                   "a shape for each cloud, one for all, one along the columns only, or balls",
                   Choices{"full", "tied", "diag", "spherical"}},
            Option{"tol", &S::tol, "gain of the mean log-likelihood that goes on", kNonNegative},
            Option{"reg_covar", &S::reg_covar, "added to every variance", kNonNegative},
            Option{"max_iter", &S::max_iter, "rounds of expectation and maximisation", Range{1}},
            Option{"n_init", &S::n_init, "beginnings, of which the likeliest counts", Range{1, 10000}},
            Option{"seed", &S::seed, "of the k-means that it begins with; 'none' takes that of lumir.seed"}};
  }
};

/// Clouds: shares, middles, and shapes as scikit-learn keeps them (full [k, d * d], tied [1, d * d], diag [k, d],
/// spherical [k, 1]).
struct Mixture {
  std::vector<double> weights;
  Matrix means, covariances;
  double lower_bound = -std::numeric_limits<double>::infinity();  // the mean log-likelihood of a row
  bool converged = false;
};

class Mixing {
 public:
  Mixing(const Matrix& x, const GaussianMixtureOptions& options) : x_(x), options_(options) {}

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
      mixture.lower_bound = expect(x_, mixture, options_.covariance_type, shares);
      maximise(shares, mixture);
      mixture.converged = std::fabs(mixture.lower_bound - before) < options_.tol;
    }
    return mixture;
  }

  /// Each row's shares of the clouds; returns the mean log-likelihood.
  static double expect(const Matrix& x, const Mixture& mixture, const std::string& type, Matrix& shares) {
    const size_t k = mixture.weights.size(), d = x.columns;
    shares = Matrix(x.rows, k);
    for (size_t c = 0; c < k; ++c) add_log_density(x, mixture, type, c, shares);
    const double constant = 0.5 * static_cast<double>(d) * std::log(2 * std::numbers::pi);
    double sum = 0;
    for (size_t i = 0; i < x.rows; ++i) {
      const auto row = shares.row(i);
      const double most = *std::max_element(row.begin(), row.end());
      double all = 0;
      for (double& value : row) all += value = std::exp(value - most);
      for (double& value : row) value /= all;
      sum += most + std::log(all) - constant;
    }
    return sum / static_cast<double>(x.rows);
  }

 private:
  /// The logarithm of a cloud's share and density, less a constant, in its column.
  static void add_log_density(const Matrix& x, const Mixture& mixture, const std::string& type, size_t c, Matrix& out) {
    const size_t d = x.columns;
    const auto covariance = mixture.covariances.row(type == "tied" ? 0 : c);
    Matrix whitening;  // rows that turn a row less the middle into one of variance 1
    double log_deviations = 0;
    if (type == "full" || type == "tied") {
      Matrix square(d, d);
      std::copy(covariance.begin(), covariance.end(), square.values.begin());
      const tensor::Eigen parts = tensor::symmetric_eigen(square);
      whitening = Matrix(d, d);
      for (size_t e = 0; e < d; ++e) {
        if (!(parts.values[e] > 0)) {
          throw ArgumentError("GaussianMixture: cloud " + std::to_string(c + 1) +
                              " is flat; take fewer n_components or a larger reg_covar");
        }
        const double deviation = std::sqrt(parts.values[e]);
        log_deviations += std::log(deviation);
        for (size_t j = 0; j < d; ++j) whitening(e, j) = parts.vectors(j, e) / deviation;
      }
    } else {
      whitening = Matrix(1, d);
      for (size_t j = 0; j < d; ++j) {
        whitening(0, j) = 1 / std::sqrt(covariance[type == "diag" ? j : 0]);
        log_deviations -= std::log(whitening(0, j));
      }
    }
    const auto middle = mixture.means.row(c);
    const double share = std::log(mixture.weights[c]) - log_deviations;
    const bool turned = whitening.rows == d && d > 0 && (type == "full" || type == "tied");
    const Matrix seen =
        turned ? tensor::centred_multiply_transposed(x, {middle.begin(), middle.end()}, whitening) : Matrix();
    constexpr size_t kPiece = 1024;
    parallel_for((x.rows + kPiece - 1) / kPiece, [&](size_t piece) {
      for (size_t i = piece * kPiece; i < std::min((piece + 1) * kPiece, x.rows); ++i) {
        double square = 0;
        for (size_t j = 0; j < d; ++j) {
          const double off = turned ? seen(i, j) : (x(i, j) - middle[j]) * whitening(0, j);
          square += off * off;
        }
        out(i, c) = share - square / 2;
      }
    });
  }

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
    const std::string& type = options_.covariance_type;
    const bool whole = type == "full" || type == "tied";
    mixture.covariances = Matrix(type == "tied" ? 1 : k, whole ? d * d : type == "diag" ? d : 1);
    for (size_t c = 0; c < k; ++c) add_covariance(shares, c, counts[c], all, mixture);
    if (model::first_not_finite(mixture.covariances)) {
      throw ArgumentError("GaussianMixture: variances are not finite; the columns' numbers are too large for it");
    }
    for (size_t c = 0; c < mixture.covariances.rows; ++c) {
      const auto covariance = mixture.covariances.row(c);
      for (size_t j = 0; j < (whole ? d : covariance.size()); ++j) {
        covariance[whole ? j * d + j : j] += options_.reg_covar;
      }
    }
  }

  /// Of one cloud; where all share a shape, its part of it.
  void add_covariance(const Matrix& shares, size_t c, double count, double all, Mixture& mixture) const {
    const std::string& type = options_.covariance_type;
    const size_t d = x_.columns;
    const auto middle = mixture.means.row(c);
    const auto covariance = mixture.covariances.row(type == "tied" ? 0 : c);
    if (type == "full" || type == "tied") {
      Matrix scaled(x_.rows, d);
      for (size_t i = 0; i < x_.rows; ++i) {
        const double root = std::sqrt(shares(i, c));
        for (size_t j = 0; j < d; ++j) scaled(i, j) = root * (x_(i, j) - middle[j]);
      }
      const Matrix squares = tensor::transposed_multiply(scaled, scaled);
      for (size_t e = 0; e < squares.values.size(); ++e) {
        covariance[e] += squares.values[e] / (type == "tied" ? all : count);
      }
      return;
    }
    const double parts = type == "spherical" ? static_cast<double>(d) : 1;
    for (size_t i = 0; i < x_.rows; ++i) {
      for (size_t j = 0; j < d; ++j) {
        const double off = x_(i, j) - middle[j];
        covariance[type == "diag" ? j : 0] += shares(i, c) * off * off / count / parts;
      }
    }
  }

  const Matrix& x_;
  const GaussianMixtureOptions& options_;
};

class GaussianMixture final : public Described<Transformer, GaussianMixtureOptions> {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    check_rows(name(), training.x);
    const auto k = static_cast<size_t>(option().n_components);
    if (k > training.x.rows) {
      throw ArgumentError("GaussianMixture: 'n_components' = " + std::to_string(k) + " is more than the " +
                          std::to_string(training.x.rows) + " rows");
    }
    const uint64_t seed = seed_or_global(option().seed);
    for (int begin = 0; begin < option().n_init; ++begin) {
      Mixture found = Mixing(training.x, option()).fit(mixed(seed + static_cast<uint64_t>(begin)));
      if (begin == 0 || found.lower_bound > found_.lower_bound) found_ = std::move(found);
    }
  }
  bool fitted() const override { return !found_.weights.empty(); }

  /// How likely each cloud is to be a row's.
  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, found_.means.columns);
    Matrix shares;
    Mixing::expect(x, found_, option().covariance_type, shares);
    return shares;
  }
  std::vector<std::string> columns_out(const std::vector<std::string>&) const override {
    std::vector<std::string> names;
    for (int c = 1; c <= option().n_components; ++c) names.push_back("cloud" + std::to_string(c));
    return names;
  }

  /// scikit-learn's names without the underscore.
  State state() const override {
    return {{"weights", found_.weights},
            {"means", to_array(found_.means)},
            {"covariances", to_array(found_.covariances)},
            {"lower_bound", {found_.lower_bound}},
            {"converged", {found_.converged ? 1.0 : 0.0}}};
  }
  void load_state(const State& state) override {
    Mixture loaded;
    loaded.weights = state_numbers(name(), state, "weights");
    loaded.means = state_matrix(name(), state, "means");
    loaded.covariances = state_matrix(name(), state, "covariances");
    const auto bound = state_numbers(name(), state, "lower_bound"),
               converged = state_numbers(name(), state, "converged");
    const std::string& type = option().covariance_type;
    const size_t k = static_cast<size_t>(option().n_components), d = loaded.means.columns;
    const size_t width = type == "full" || type == "tied" ? d * d : type == "diag" ? d : 1;
    if (loaded.weights.size() != k || loaded.means.rows != k || loaded.covariances.rows != (type == "tied" ? 1 : k) ||
        loaded.covariances.columns != width || bound.size() != 1 || converged.size() != 1) {
      refuse_state(name());
    }
    loaded.lower_bound = bound[0];
    loaded.converged = converged[0] != 0;
    found_ = std::move(loaded);
  }

 private:
  Mixture found_;
};

LUMIR_ESTIMATOR(
    GaussianMixture,
    {
        .summary = "Describes rows as drawn from several clouds, each a normal distribution.",
        .returns = "a transformer; how likely each cloud is to be a row's, [rows, n_components], comes out. "
                   "'lower_bound' is the mean log-likelihood of a row",
        .example = "learn.GaussianMixture { n_components = 2 }",
        .source = "Dempster, Laird and Rubin (1977); scikit-learn's GaussianMixture",
    });

}  // namespace
}  // namespace lumir::learn
