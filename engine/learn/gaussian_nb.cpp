// GaussianNB: in each class every column is normal and knows nothing of the others.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/parallel.h"
#include "learn/priors.h"

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

/// The largest variance of a column.
double largest_variance(const Matrix& x) {
  std::vector<double> mean(x.columns), squares(x.columns);
  for (size_t i = 0; i < x.rows; ++i) {
    for (size_t j = 0; j < x.columns; ++j) mean[j] += x(i, j) / static_cast<double>(x.rows);
  }
  for (size_t i = 0; i < x.rows; ++i) {
    for (size_t j = 0; j < x.columns; ++j) squares[j] += (x(i, j) - mean[j]) * (x(i, j) - mean[j]);
  }
  return *std::max_element(squares.begin(), squares.end()) / static_cast<double>(x.rows);
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
    mean_ = variance_ = Matrix(count, x.columns);
    for (size_t i = 0; i < x.rows; ++i) {
      const auto c = static_cast<size_t>(rows.y[i]);
      for (size_t j = 0; j < x.columns; ++j) mean_(c, j) += rows.weights[i] * x(i, j) / count_[c];
    }
    for (size_t i = 0; i < x.rows; ++i) {
      const auto c = static_cast<size_t>(rows.y[i]);
      for (size_t j = 0; j < x.columns; ++j) {
        const double off = x(i, j) - mean_(c, j);
        variance_(c, j) += rows.weights[i] * off * off / count_[c];
      }
    }
    const double least = option().var_smoothing * largest_variance(x);
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
