// PCA: the directions in which rows differ most.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/random.h"
#include "learn/directions.h"
#include "learn/estimator.h"
#include "learn/row_sums.h"
#include "learn/vectors.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

struct PCAOptions {
  std::optional<double> n_components;
  bool whiten = false;
  std::string svd_solver = "auto";
  int n_oversamples = 10;
  std::variant<int, std::string> iterated_power = "auto";
  std::optional<int> seed;
  static Schema schema() {
    using S = PCAOptions;
    return {
        Option{"n_components", &S::n_components,
               "directions to keep; below 1: as many as explain that share of the variance; 'none' for all", kPositive},
        Option{"whiten", &S::whiten, "give every direction variance 1"},
        Option{"svd_solver", &S::svd_solver,
               "'auto' takes the covariance of at most 1,000 columns that have ten times as many rows, and looks "
               "for few of many directions at random, as scikit-learn's does",
               Choices{"auto", "full", "covariance_eigh", "randomized"}},
        Option{"n_oversamples", &S::n_oversamples, "of 'randomized': directions looked for beyond those kept",
               Range{0, 1e6}},
        Option{"iterated_power", &S::iterated_power, "of 'randomized': how often the rows are gone through again",
               Choices{"auto"}, Range{0, 1000}},
        Option{"seed", &S::seed, "of 'randomized'; 'none' takes that of lumir.seed"}};
  }
};

/// Directions one in each row, and the variance of the rows along each, descending; that along all there are.
struct Directions {
  Matrix vectors;
  std::vector<double> variance;
  double total = 0;
};

[[noreturn]] void refuse_variances() {
  throw ArgumentError("PCA: variances are not finite; the columns' numbers are too large for it");
}

Directions from_svd(const tensor::Svd& parts, size_t rows) {
  Directions found{parts.vt, {}, 0};
  for (const double value : parts.values) found.variance.push_back(value * value / static_cast<double>(rows - 1));
  return found;
}

/// The sum of the columns' variances. Throws ArgumentError where that is not finite.
double total_variance(const Matrix& x, const std::vector<double>& mean) {
  const double squares = sum_over_rows(x.rows, [&](size_t first, size_t last) {
    double sum = 0;
    for (size_t i = first; i < last; ++i) sum += squared_distance(x.row(i).data(), mean.data(), x.columns);
    return sum;
  });
  if (!std::isfinite(squares)) refuse_variances();
  return squares / static_cast<double>(x.rows - 1);
}

/// By the singular values of the rows themselves: exact to the last direction.
Directions by_svd(const Matrix& x, const std::vector<double>& mean) {
  total_variance(x, mean);  // finite
  Directions found = from_svd(tensor::right_svd(x, mean), x.rows);
  found.total = std::accumulate(found.variance.begin(), found.variance.end(), 0.0);
  return found;
}

/// By the eigenvalues of the covariance: the work and the memory of columns, not of rows.
Directions by_covariance(const Matrix& x, const std::vector<double>& mean) {
  Matrix covariance = tensor::centred_gram(x, mean);
  for (double& value : covariance.values) value /= static_cast<double>(x.rows - 1);
  if (model::first_not_finite(covariance)) refuse_variances();
  const tensor::Eigen parts = tensor::symmetric_eigen(covariance);
  const size_t count = std::min(x.rows, x.columns);
  Directions found{Matrix(count, x.columns), {}, 0};
  for (size_t j = 0; j < x.columns; ++j) found.total += covariance(j, j);
  for (size_t c = 0; c < count; ++c) {
    const size_t from = x.columns - 1 - c;  // they ascend
    found.variance.push_back(std::max(parts.values[from], 0.0));
    for (size_t j = 0; j < x.columns; ++j) found.vectors(c, j) = parts.vectors(j, from);
  }
  return found;
}

/// The first directions of few random ones that powers of the covariance turn towards them (Halko, Martinsson and
/// Tropp, Finding structure with randomness, 2011).
Directions by_chance(const Matrix& x, const std::vector<double>& mean, size_t wanted, const PCAOptions& options) {
  const size_t least = std::min(x.rows, x.columns);
  const size_t looked_for = std::min(wanted + static_cast<size_t>(options.n_oversamples), least);
  const int* given = std::get_if<int>(&options.iterated_power);
  const int powers = given ? *given : wanted * 10 < least ? 7 : 4;
  const double total = total_variance(x, mean);
  Random random(seed_or_global(options.seed), "PCA");
  Matrix directions(looked_for, x.columns);
  for (double& value : directions.values) value = random.normal();
  Matrix seen = tensor::centred_multiply_transposed(x, mean, directions);
  for (int power = 0; power < powers; ++power) {
    seen = tensor::orthonormal_columns(seen);
    const Matrix turned = tensor::orthonormal_columns(tensor::centred_transposed_multiply(x, mean, seen));
    seen = tensor::centred_multiply_transposed(x, mean, tensor::transposed(turned));
  }
  const Matrix basis = tensor::orthonormal_columns(seen);
  const Matrix small = tensor::transposed(tensor::centred_transposed_multiply(x, mean, basis));
  Directions found = from_svd(tensor::svd(small), x.rows);
  found.total = total;
  return found;
}

class PCA final : public Described<Transformer, PCAOptions> {
 public:
  PCA(const Entry& entry, const Map& options) : Described(entry, options) {
    const auto n = option().n_components;
    if (n) check_count_or_share(name(), "n_components", *n);
    if (option().svd_solver == "randomized" && (!n || *n < 1)) {
      throw ArgumentError("PCA: svd_solver = 'randomized' needs a number of directions in 'n_components'");
    }
  }

  void fit_rows(const Training& training) override {
    const Matrix& x = training.x;
    if (x.rows < 2 || x.columns == 0) throw ArgumentError("PCA: needs at least two rows and one column");
    check_finite(name(), x);
    check_components(std::min(x.rows, x.columns));
    std::vector<double> mean = tensor::column_means(x);
    const Directions found = directions_of(x, mean);
    const size_t kept = components(found.variance, found.total);
    mean_ = std::move(mean);
    variance_.assign(found.variance.begin(), found.variance.begin() + static_cast<ptrdiff_t>(kept));
    ratio_.clear();
    for (const double v : variance_) ratio_.push_back(found.total > 0 ? v / found.total : 0);
    components_ = Matrix(kept, x.columns);
    std::copy_n(found.vectors.values.begin(), components_.values.size(), components_.values.begin());
    orient(components_);
  }

  bool fitted() const override { return !mean_.empty(); }

  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, mean_.size());
    return along(components_, x, mean_, option().whiten ? variance_ : std::vector<double>());
  }

  std::vector<std::string> columns_out(const std::vector<std::string>&) const override {
    return direction_names(components_.rows);
  }

  /// scikit-learn's names without the underscore.
  State state() const override {
    return {{"mean", mean_},
            {"components", to_array(components_)},
            {"explained_variance", variance_},
            {"explained_variance_ratio", ratio_}};
  }

  void load_state(const State& state) override {
    mean_ = state_numbers(name(), state, "mean");
    components_ = state_matrix(name(), state, "components");
    variance_ = state_numbers(name(), state, "explained_variance");
    ratio_ = state_numbers(name(), state, "explained_variance_ratio");
    if (components_.columns != mean_.size() || variance_.size() != components_.rows ||
        ratio_.size() != components_.rows) {
      refuse_state(name());
    }
  }

 private:
  void check_components(size_t most) const {
    const double wanted = option().n_components.value_or(0);
    if (wanted <= static_cast<double>(most)) return;
    throw ArgumentError("PCA: 'n_components' = " + show_number(wanted) + " is more than the " + std::to_string(most) +
                        " directions of these rows and columns");
  }

  Directions directions_of(const Matrix& x, const std::vector<double>& mean) const {
    const std::string& solver = option().svd_solver;
    const double wanted = option().n_components.value_or(0);
    const bool automatic = solver == "auto";
    const bool tall = x.columns <= 1000 && x.rows >= 10 * x.columns;
    if (solver == "covariance_eigh" || (automatic && tall)) return by_covariance(x, mean);
    const bool few = wanted >= 1 && wanted < 0.8 * static_cast<double>(std::min(x.rows, x.columns));
    const bool large = std::max(x.rows, x.columns) > 500;
    if (solver == "randomized" || (automatic && large && few)) {
      return by_chance(x, mean, static_cast<size_t>(wanted), option());
    }
    return by_svd(x, mean);
  }

  size_t components(const std::vector<double>& variance, double total) const {
    if (!option().n_components) return variance.size();
    const double wanted = *option().n_components;
    if (wanted >= 1) return static_cast<size_t>(wanted);
    double explained = 0;
    for (size_t c = 0; c < variance.size(); ++c) {
      explained += variance[c];
      if (explained > wanted * total) return c + 1;
    }
    return variance.size();
  }

  std::vector<double> mean_, variance_, ratio_;
  Matrix components_;  // [components, columns]
};

LUMIR_ESTIMATOR(PCA, {
                         .summary = "Projects rows on the directions in which they differ most.",
                         .returns = "a transformer; [rows, n_components] come out",
                         .example = "learn.PCA { n_components = 2 }",
                         .source = "agrees with scikit-learn's PCA",
                     });

}  // namespace
}  // namespace lumir::learn
