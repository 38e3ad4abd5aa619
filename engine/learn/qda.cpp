// QDA: every class is a normal cloud of a shape of its own.

#include <algorithm>
#include <cmath>

#include "learn/column_squares.h"
#include "learn/priors.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

struct QDAOptions {
  std::vector<double> priors;
  double reg_param = 0;
  double tol = 1e-4;
  static Schema schema() {
    return {priors_option(&QDAOptions::priors),
            Option{"reg_param", &QDAOptions::reg_param, "how far every cloud moves towards a ball of radius 1",
                   Range{0, 1}},
            Option{"tol", &QDAOptions::tol, "a cloud is flat where a variance is not above", kNonNegative}};
  }
};

/// The axes of a class's cloud, those of no rows left out: along them its variance is `rest`.
struct Cloud {
  std::vector<double> variances;  // descending
  Matrix axes;                    // [axes, columns]
};

class QDA final : public Described<PresentClassifier, QDAOptions> {
 public:
  using Described::Described;

 protected:
  void fit_present(const PresentRows& rows) override {
    refuse_weights(name(), rows.training());
    check_column_squares(name(), rows.x(), tensor::column_means(rows.x()));
    prior_ = priors_of(name(), option().priors, rows);
    means_ = Matrix(rows.classes.count(), rows.x().columns);
    clouds_.clear();
    const auto members = rows.rows_of_classes();
    for (size_t c = 0; c < members.size(); ++c) {
      const auto mean = mean_of(rows.x(), members[c]);
      std::copy(mean.begin(), mean.end(), means_.row(c).begin());
      clouds_.push_back(cloud_of(rows.x().take(members[c]), mean));
      check_shape(clouds_.back(), rows, c);
    }
  }

  Matrix score_present(const Matrix& x) const override {
    Matrix out(x.rows, means_.rows);
    const auto start = logarithms(prior_);
    for (size_t c = 0; c < means_.rows; ++c) {
      const Cloud& cloud = clouds_[c];
      Matrix centred = x;
      for (size_t i = 0; i < x.rows; ++i) {
        for (size_t j = 0; j < x.columns; ++j) centred(i, j) -= means_(c, j);
      }
      const Matrix along = tensor::multiply_transposed(centred, cloud.axes);
      const size_t left_out = x.columns - cloud.axes.rows;
      double volume = left_out > 0 ? static_cast<double>(left_out) * std::log(option().reg_param) : 0;
      for (const double variance : cloud.variances) volume += std::log(variance);
      for (size_t i = 0; i < x.rows; ++i) {
        double distance = 0, rest = 0;
        for (const double value : centred.row(i)) rest += value * value;
        for (size_t a = 0; a < along.columns; ++a) {
          distance += along(i, a) * along(i, a) / cloud.variances[a];
          rest -= along(i, a) * along(i, a);
        }
        if (left_out > 0) distance += std::max(rest, 0.0) / option().reg_param;
        out(i, c) = start[c] - (distance + volume) / 2;
      }
    }
    softmax(out);
    return out;
  }

  /// "scalings" and "rotations" of all classes one after the other; "axes" counts those of each.
  State state_present() const override {
    std::vector<double> axes, scalings, rotations;
    for (const Cloud& cloud : clouds_) {
      axes.push_back(static_cast<double>(cloud.axes.rows));
      scalings.insert(scalings.end(), cloud.variances.begin(), cloud.variances.end());
      rotations.insert(rotations.end(), cloud.axes.values.begin(), cloud.axes.values.end());
    }
    const auto columns = static_cast<int64_t>(means_.columns), all = static_cast<int64_t>(scalings.size());
    return {{"means", to_array(means_)},
            {"priors", prior_},
            {"axes", axes},
            {"scalings", scalings},
            {"rotations", Array({all, columns}, rotations)}};
  }

  size_t load_present(const State& state) override {
    means_ = state_matrix(name(), state, "means");
    prior_ = state_numbers(name(), state, "priors");
    const auto axes = state_numbers(name(), state, "axes"), scalings = state_numbers(name(), state, "scalings");
    const Matrix rotations = state_matrix(name(), state, "rotations");
    const size_t count = classes().count();
    if (means_.rows != count || prior_.size() != count || axes.size() != count || rotations.rows != scalings.size() ||
        rotations.columns != means_.columns) {
      refuse_state(name());
    }
    clouds_.clear();
    size_t at = 0;
    for (const double number : axes) {
      const double most = std::min(static_cast<double>(scalings.size() - at), static_cast<double>(means_.columns));
      const auto n = static_cast<size_t>(state_whole(name(), number, 0, most));
      Cloud& cloud = clouds_.emplace_back();
      cloud.axes = Matrix(n, means_.columns);
      std::copy_n(rotations.values.begin() + static_cast<ptrdiff_t>(at * means_.columns), cloud.axes.values.size(),
                  cloud.axes.values.begin());
      cloud.variances.assign(scalings.begin() + static_cast<ptrdiff_t>(at),
                             scalings.begin() + static_cast<ptrdiff_t>(at + n));
      at += n;
    }
    if (at != scalings.size()) refuse_state(name());
    return means_.columns;
  }

 private:
  Cloud cloud_of(Matrix rows, const std::vector<double>& mean) const {
    for (size_t i = 0; i < rows.rows; ++i) {
      for (size_t j = 0; j < rows.columns; ++j) rows(i, j) -= mean[j];
    }
    tensor::Svd parts = tensor::right_svd(rows);
    Cloud cloud;
    for (const double value : parts.values) {
      const double variance = value * value / static_cast<double>(rows.rows);
      cloud.variances.push_back((1 - option().reg_param) * variance + option().reg_param);
    }
    cloud.axes = std::move(parts.vt);
    return cloud;
  }

  void check_shape(const Cloud& cloud, const PresentRows& rows, size_t c) const {
    const auto flat = [&](double variance) { return !(variance > option().tol); };
    const bool whole = cloud.axes.rows == means_.columns || option().reg_param > option().tol;
    if (whole && std::none_of(cloud.variances.begin(), cloud.variances.end(), flat)) return;
    throw ArgumentError(name() + ": the cloud of " + rows.training().class_name(rows.classes.labels[c]) +
                        " is flat (few rows, or columns that depend on each other); raise 'reg_param'");
  }

  Matrix means_;  // [classes, columns]
  std::vector<double> prior_;
  std::vector<Cloud> clouds_;
};

LUMIR_ESTIMATOR(QDA, {
                         .summary = "Bayes' rule, where every class is a normal cloud of a shape of its own.",
                         .returns = "a classifier; scores are probabilities",
                         .example = "learn.QDA { reg_param = 0.1 }",
                         .source = "agrees with scikit-learn's QuadraticDiscriminantAnalysis",
                     });

}  // namespace
}  // namespace lumir::learn
