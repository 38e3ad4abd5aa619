// NearestCentroid: a row is of the class whose middle is nearest.

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/parallel.h"
#include "learn/priors.h"
#include "learn/quantiles.h"
#include "learn/row_sums.h"

namespace lumir::learn {
namespace {

struct NearestCentroidOptions {
  std::string metric = "euclidean";
  std::optional<double> shrink_threshold;
  std::string priors = "uniform";
  static Schema schema() {
    return {Option{"metric", &NearestCentroidOptions::metric,
                   "euclidean: middles are means; manhattan: they are medians", Choices{"euclidean", "manhattan"}},
            Option{"shrink_threshold", &NearestCentroidOptions::shrink_threshold,
                   "by how many deviations middles move towards that of all rows; 'none' for none", kNonNegative},
            Option{"priors", &NearestCentroidOptions::priors,
                   "how likely the classes are: alike, or as often as they occur", Choices{"uniform", "empirical"}}};
  }
};

class NearestCentroid final : public Described<PresentClassifier, NearestCentroidOptions> {
 public:
  using Described::Described;
  ScoreKind score_kind() const override { return ScoreKind::decisions; }

 protected:
  void fit_present(const PresentRows& rows) override {
    refuse_weights(name(), rows.training());
    const auto members = rows.rows_of_classes();
    find_centroids(rows.x(), members);
    find_deviations(rows);
    prior_ = option().priors == "uniform"
                 ? std::vector<double>(members.size(), 1.0 / static_cast<double>(members.size()))
                 : priors_of(name(), {}, rows);
    if (option().shrink_threshold) shrink(rows.x(), members, *option().shrink_threshold);
  }

  /// The distance to each middle, with a minus; with other than equal priors that of columns by their deviations,
  /// squared, and twice the logarithm of the prior.
  Matrix score_present(const Matrix& x) const override {
    const bool even =
        std::all_of(prior_.begin(), prior_.end(), [&](double p) { return std::fabs(p - prior_[0]) < 1e-8; });
    const bool squares = option().metric == "euclidean";
    std::vector<double> scale(x.columns, 1);
    for (size_t j = 0; j < x.columns && !even; ++j) scale[j] = deviation_[j] > 0 ? 1 / deviation_[j] : 1;
    Matrix out(x.rows, centroids_.rows);
    parallel_for(x.rows, [&](size_t i) {
      for (size_t c = 0; c < centroids_.rows; ++c) {
        double sum = 0;
        for (size_t j = 0; j < x.columns; ++j) {
          const double off = (x(i, j) - centroids_(c, j)) * scale[j];
          sum += squares ? off * off : std::fabs(off);
        }
        const double distance = squares ? std::sqrt(sum) : sum;
        out(i, c) = even ? -distance : -distance * distance + 2 * std::log(prior_[c]);
      }
    });
    return out;
  }

  State state_present() const override {
    return {{"centroids", to_array(centroids_)}, {"within_class_std_dev", deviation_}, {"class_prior", prior_}};
  }

  size_t load_present(const State& state) override {
    centroids_ = state_matrix(name(), state, "centroids");
    deviation_ = state_numbers(name(), state, "within_class_std_dev");
    prior_ = state_numbers(name(), state, "class_prior");
    const size_t count = classes().count();
    if (centroids_.rows != count || deviation_.size() != centroids_.columns || prior_.size() != count) {
      refuse_state(name());
    }
    return centroids_.columns;
  }

 private:
  void find_centroids(const Matrix& x, const std::vector<std::vector<int>>& members) {
    centroids_ = Matrix(members.size(), x.columns);
    parallel_for(members.size(), [&](size_t c) {
      std::vector<double> middle = mean_of(x, members[c]);
      for (size_t j = 0; j < x.columns && option().metric == "manhattan"; ++j) {
        std::vector<double> values;
        for (const int row : members[c]) values.push_back(x(static_cast<size_t>(row), j));
        middle[j] = median(values);
      }
      std::copy(middle.begin(), middle.end(), centroids_.row(c).begin());
    });
  }

  /// Of each column, within the classes.
  void find_deviations(const PresentRows& rows) {
    const Matrix& x = rows.x();
    deviation_ = sums_over_rows(x.rows, 1, x.columns, [&](size_t i, Matrix& sum) {
                   const auto row = x.row(i), middle = std::as_const(centroids_).row(static_cast<size_t>(rows.y[i]));
                   const auto to = sum.row(0);
                   for (size_t j = 0; j < to.size(); ++j) to[j] += (row[j] - middle[j]) * (row[j] - middle[j]);
                 }).values;
    const double freedom = std::max(1.0, static_cast<double>(x.rows) - static_cast<double>(centroids_.rows));
    for (double& deviation : deviation_) deviation = std::sqrt(deviation / freedom);
  }

  /// Tibshirani et al., Diagnosis of multiple cancer types by shrunken centroids of gene expression (2002).
  void shrink(const Matrix& x, const std::vector<std::vector<int>>& members, double threshold) {
    std::vector<int> all;
    for (size_t i = 0; i < x.rows; ++i) all.push_back(static_cast<int>(i));
    const auto middle = mean_of(x, all);
    std::vector<double> deviations = deviation_;  // median reorders
    const double usual = median(deviations), n = static_cast<double>(x.rows);
    for (size_t c = 0; c < members.size(); ++c) {
      const double m = std::sqrt(1 / static_cast<double>(members[c].size()) - 1 / n);
      for (size_t j = 0; j < x.columns; ++j) {
        const double unit = m * (deviation_[j] + usual), off = centroids_(c, j) - middle[j];
        centroids_(c, j) = middle[j] + std::copysign(std::max(std::fabs(off) - threshold * unit, 0.0), off);
      }
    }
  }

  Matrix centroids_;
  std::vector<double> deviation_, prior_;
};

LUMIR_ESTIMATOR(NearestCentroid, {
                                     .summary = "Gives a row the class whose middle is nearest.",
                                     .returns = "a classifier; scores are distances with a minus",
                                     .example = "learn.NearestCentroid { shrink_threshold = 0.5 }",
                                     .source = "agrees with scikit-learn's NearestCentroid",
                                 });

}  // namespace
}  // namespace lumir::learn
