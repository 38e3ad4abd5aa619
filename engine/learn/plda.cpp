// PLDA: how much likelier rows are to come from one and the same class than from any, where classes lie about a common
// middle and rows about their class, both by the normal distribution.
//
// The two covariances are those of the analysis of variance (moments, not expectation maximisation). In the columns
// that make them diagonal every column counts for itself, so that a class of any number of rows is one mean.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "learn/priors.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

struct PLDAOptions {
  std::string scoring = "likelihood";
  std::optional<int> n_components;
  static Schema schema() {
    return {Option{"scoring", &PLDAOptions::scoring,
                   "the logarithm of the ratio of likelihoods, or the cosine between a row and its class's mean where "
                   "the spread within classes is even",
                   Choices{"likelihood", "cosine"}},
            Option{"n_components", &PLDAOptions::n_components,
                   "directions, those in which classes lie apart most first; 'none' for all columns", Range{1}}};
  }
};

/// The covariance of rows about the mean of their class, and that of the classes' means.
struct Spread {
  Matrix within, between;
};

class PLDA final : public Described<PresentClassifier, PLDAOptions> {
 public:
  using Described::Described;
  bool is(Role role) const override { return role == Role::classifier || role == Role::transformer; }
  ScoreKind score_kind() const override { return ScoreKind::decisions; }

  std::vector<std::string> columns_out(const std::vector<std::string>&) const override {
    std::vector<std::string> names;
    for (size_t d = 0; d < ratios_.size(); ++d) names.push_back("plda" + std::to_string(d + 1));
    return names;
  }

 protected:
  void fit_present(const PresentRows& rows) override {
    refuse_weights(name(), rows.training());
    if (rows.rows() <= rows.classes.count()) throw ArgumentError(name() + ": needs more rows than classes");
    centre_ = tensor::column_means(rows.x());
    const auto members = rows.rows_of_classes();
    Matrix means(members.size(), centre_.size());
    counts_.clear();
    for (size_t c = 0; c < members.size(); ++c) {
      const auto mean = mean_of(rows.x(), members[c]);
      std::copy(mean.begin(), mean.end(), means.row(c).begin());
      counts_.push_back(static_cast<double>(members[c].size()));
    }
    find_directions(spread_of(rows, means));
    means_ = moved(means);
  }

  Matrix score_present(const Matrix& x) const override {
    const Matrix places = moved(x);
    Matrix out(x.rows, means_.rows);
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t c = 0; c < means_.rows; ++c) {
        out(i, c) = option().scoring == "cosine" ? cosine(places.row(i), means_.row(c))
                                                 : log_ratio(places.row(i), means_.row(c), counts_[c]);
      }
    }
    return out;
  }

  /// In the directions, in which rows have a variance of 1 within their class.
  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, columns());
    return moved(x);
  }

  State state_present() const override {
    return {{"xbar", centre_},
            {"scalings", to_array(directions_)},
            {"psi", ratios_},
            {"means", to_array(means_)},
            {"counts", counts_}};
  }

  size_t load_present(const State& state) override {
    centre_ = state_numbers(name(), state, "xbar");
    directions_ = state_matrix(name(), state, "scalings");
    ratios_ = state_numbers(name(), state, "psi");
    means_ = state_matrix(name(), state, "means");
    counts_ = state_numbers(name(), state, "counts");
    const bool fits = directions_.rows == centre_.size() && directions_.columns == ratios_.size() &&
                      means_.rows == classes().count() && means_.columns == ratios_.size() &&
                      counts_.size() == means_.rows;
    if (!fits) refuse_state(name());
    return centre_.size();
  }

 private:
  /// Searle, Casella and McCulloch, Variance Components (1992): neither is biased, whatever the sizes of classes.
  Spread spread_of(const PresentRows& rows, const Matrix& means) const {
    Matrix inner = rows.x(), outer = means;
    for (size_t i = 0; i < inner.rows; ++i) {
      const auto mean = means.row(static_cast<size_t>(rows.y[i]));
      for (size_t j = 0; j < inner.columns; ++j) inner(i, j) -= mean[j];
    }
    double squares = 0;
    for (size_t c = 0; c < outer.rows; ++c) {
      squares += counts_[c] * counts_[c];
      for (size_t j = 0; j < outer.columns; ++j) outer(c, j) = (outer(c, j) - centre_[j]) * std::sqrt(counts_[c]);
    }
    const double n = static_cast<double>(inner.rows), k = static_cast<double>(outer.rows);
    Spread spread{tensor::gram(inner), tensor::gram(outer)};
    for (size_t at = 0; at < spread.within.values.size(); ++at) {
      double& within = spread.within.values[at];
      double& between = spread.between.values[at];
      within /= n - k;
      between = (between - (k - 1) * within) / (n - squares / n);
    }
    return spread;
  }

  /// Where the spread within classes is that of a ball, and that between them has no two columns that go together.
  void find_directions(const Spread& spread) {
    for (const Matrix* part : {&spread.within, &spread.between}) {
      const auto finite = [](double number) { return std::isfinite(number); };
      if (std::all_of(part->values.begin(), part->values.end(), finite)) continue;
      throw ArgumentError(name() + ": the columns' numbers are too large for it");
    }
    const tensor::Eigen white = tensor::symmetric_eigen(spread.within);
    if (!(white.values.front() > white.values.back() * 1e-12)) {
      throw ArgumentError(name() + ": the columns depend on each other; PCA or LDA before it leaves fewer");
    }
    Matrix whitening = white.vectors;
    for (size_t j = 0; j < whitening.rows; ++j) {
      for (size_t d = 0; d < whitening.columns; ++d) whitening(j, d) /= std::sqrt(white.values[d]);
    }
    const tensor::Eigen parts =
        tensor::symmetric_eigen(tensor::multiply(tensor::transposed_multiply(whitening, spread.between), whitening));
    const Matrix ascending = tensor::multiply(whitening, parts.vectors);
    const size_t all = ascending.columns;
    const size_t kept = std::min(all, static_cast<size_t>(option().n_components.value_or(static_cast<int>(all))));
    directions_ = Matrix(ascending.rows, kept);
    ratios_.assign(kept, 0);
    for (size_t d = 0; d < kept; ++d) {
      ratios_[d] = std::max(0.0, parts.values[all - 1 - d]);
      for (size_t j = 0; j < ascending.rows; ++j) directions_(j, d) = ascending(j, all - 1 - d);
    }
  }

  Matrix moved(const Matrix& x) const {
    return tensor::centred_multiply_transposed(x, centre_, tensor::transposed(directions_));
  }

  static double cosine(std::span<const double> a, std::span<const double> b) {
    double product = 0, square_a = 0, square_b = 0;
    for (size_t d = 0; d < a.size(); ++d) {
      product += a[d] * b[d];
      square_a += a[d] * a[d];
      square_b += b[d] * b[d];
    }
    const double lengths = std::sqrt(square_a * square_b);
    return lengths > 0 ? product / lengths : 0;
  }

  /// Of a row that belongs to the class of so many rows with this mean, against one of any class: Ioffe, Probabilistic
  /// Linear Discriminant Analysis (2006), equation 4 and section 4.
  double log_ratio(std::span<const double> row, std::span<const double> mean, double count) const {
    double sum = 0;
    for (size_t d = 0; d < row.size(); ++d) {
      const double share = ratios_[d] / (1 + count * ratios_[d]);
      const double off = row[d] - count * share * mean[d];
      const double here = 1 + share, anywhere = 1 + ratios_[d];
      sum += 0.5 * (std::log(anywhere / here) - off * off / here + row[d] * row[d] / anywhere);
    }
    return sum;
  }

  std::vector<double> centre_, counts_;  // of columns; of the rows of each class
  std::vector<double> ratios_;           // of the variance between classes to that within, in each direction
  Matrix directions_;                    // [columns, directions]
  Matrix means_;                         // of the classes, in the directions
};

LUMIR_ESTIMATOR(PLDA, {
                          .summary = "How much likelier a row is to be of a class than of any: probabilistic linear "
                                     "discriminant analysis, for telling whether two recordings are of one speaker.",
                          .returns = "a classifier, whose scores are logarithms of ratios of likelihoods or cosines, "
                                     "and a transformer",
                          .example = "learn.PLDA { n_components = 2 }",
                          .source = "Ioffe, Probabilistic Linear Discriminant Analysis (2006)",
                      });

}  // namespace
}  // namespace lumir::learn
