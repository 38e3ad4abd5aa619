// GaussianNB: in each class every column is normal and knows nothing of the others.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/parallel.h"
#include "learn/column_squares.h"
#include "learn/priors.h"
#include "learn/row_sums.h"
#include "learn/vectors.h"

namespace lumir::learn {
namespace {

struct GaussianNBOptions {
  std::vector<double> priors;
  double var_smoothing = 1e-9;
  static Schema schema() {
    return {priors_option(&GaussianNBOptions::priors),
            Option{"var_smoothing", &GaussianNBOptions::var_smoothing,
                   "share of the largest column's variance that is added to all", kNonNegative}};
  }
};

/// Adds the weighted squares of numbers less their means.
void add_squares(double weight, std::span<const double> row, std::span<const double> mean, std::span<double> to) {
  for (size_t j = 0; j < row.size(); ++j) to[j] += weight * (row[j] - mean[j]) * (row[j] - mean[j]);
}

/// The largest variance of a column. Throws ArgumentError, begun by `who`, where one is not finite.
double largest_variance(const std::string& who, const Matrix& x) {
  const double share = 1 / static_cast<double>(x.rows);
  const Matrix mean = sums_over_rows(x.rows, 1, x.columns, [&](size_t i, Matrix& sum) {
    add_scaled(share, x.row(i).data(), sum.values.data(), x.columns);
  });
  const std::vector<double> squares = column_squares(who, x, mean.row(0));
  return *std::max_element(squares.begin(), squares.end()) * share;
}

class GaussianNB final : public Described<PresentClassifier, GaussianNBOptions> {
 public:
  using Described::Described;

 protected:
  void fit_present(const PresentRows& rows) override {
    const Matrix& x = rows.x();
    const size_t count = rows.classes.count();
    count_ = rows.class_sums();
    prior_ = priors_of(name(), option().priors, rows);
    mean_ = sums_over_rows(x.rows, count, x.columns, [&](size_t i, Matrix& sum) {
      const auto c = static_cast<size_t>(rows.y[i]);
      add_scaled(rows.weights[i] / count_[c], x.row(i).data(), sum.row(c).data(), x.columns);
    });
    variance_ = sums_over_rows(x.rows, count, x.columns, [&](size_t i, Matrix& sum) {
      const auto c = static_cast<size_t>(rows.y[i]);
      add_squares(rows.weights[i] / count_[c], x.row(i), mean_.row(c), sum.row(c));
    });
    const double least = option().var_smoothing * largest_variance(name(), x);
    for (double& variance : variance_.values) variance += least;
    if (std::count(variance_.values.begin(), variance_.values.end(), 0) > 0) {
      throw ArgumentError(name() + ": a column is constant within a class; raise 'var_smoothing'");
    }
  }

  Matrix score_present(const Matrix& x) const override {
    Matrix out(x.rows, mean_.rows);
    std::vector<double> start = logarithms(prior_);
    Matrix precision = variance_;
    for (size_t c = 0; c < mean_.rows; ++c) {
      for (double& number : precision.row(c)) {
        start[c] -= 0.5 * std::log(2 * std::numbers::pi * number);
        number = 1 / number;
      }
    }
    parallel_for(x.rows, [&](size_t i) {
      for (size_t c = 0; c < mean_.rows; ++c) {
        double distance = 0;
        for (size_t j = 0; j < x.columns; ++j) {
          const double off = x(i, j) - mean_(c, j);
          distance += off * off * precision(c, j);
        }
        out(i, c) = start[c] - distance / 2;
      }
    });
    softmax(out);
    return out;
  }

  /// scikit-learn's names: "theta" are means, "var" variances.
  State state_present() const override {
    return {{"theta", to_array(mean_)}, {"var", to_array(variance_)}, {"class_prior", prior_}, {"class_count", count_}};
  }

  size_t load_present(const State& state) override {
    mean_ = state_matrix(name(), state, "theta");
    variance_ = state_matrix(name(), state, "var");
    prior_ = state_numbers(name(), state, "class_prior");
    count_ = state_numbers(name(), state, "class_count");
    const size_t count = classes().count();
    if (mean_.rows != count || variance_.rows != count || variance_.columns != mean_.columns ||
        prior_.size() != count || count_.size() != count) {
      refuse_state(name());
    }
    return mean_.columns;
  }

 private:
  Matrix mean_, variance_;  // [classes, columns]
  std::vector<double> prior_, count_;
};

LUMIR_ESTIMATOR(GaussianNB, {
                                .summary = "Bayes' rule, as if every column were normal and knew nothing of others.",
                                .returns = "a classifier; scores are probabilities",
                                .example = "learn.GaussianNB()",
                                .source = "agrees with scikit-learn's GaussianNB",
                            });

}  // namespace
}  // namespace lumir::learn
