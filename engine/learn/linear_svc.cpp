// LinearSVC: support vectors with straight borders, one for each class against all others.
//
// The squared hinge is smooth, so that all borders are found at once by matrix products; the hinge itself has corners
// and goes through liblinear's descent along its dual coordinates, one border a thread.

#include <algorithm>
#include <cmath>

#include "core/interrupt.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/random.h"
#include "learn/column_squares.h"
#include "learn/linear_fit.h"
#include "learn/vectors.h"

namespace lumir::learn {
namespace {

struct LinearSVCOptions {
  std::string penalty = "l2";
  std::string loss = "squared_hinge";
  double C = 1;
  double tol = 1e-4;
  bool fit_intercept = true;
  double intercept_scaling = 1;
  ClassWeight class_weight;
  int max_iter = 1000;
  std::optional<int> seed;
  static Schema schema() {
    return {
        Option{"penalty", &LinearSVCOptions::penalty, "what keeps weights small", Choices{"l2", "l1"}},
        Option{"loss", &LinearSVCOptions::loss, "of a row on the wrong side", Choices{"squared_hinge", "hinge"}},
        Option{"C", &LinearSVCOptions::C, "cost of a row on the wrong side; smaller is smoother",
               Range{above(0), 1e100}},
        Option{"tol", &LinearSVCOptions::tol, "when to stop", kPositive},
        Option{"fit_intercept", &LinearSVCOptions::fit_intercept, "borders need not pass through 0"},
        Option{"intercept_scaling", &LinearSVCOptions::intercept_scaling,
               "the intercept is the weight of a column of this number, and penalised as one", Range{above(0), 1e100}},
        class_weight_option(&LinearSVCOptions::class_weight),
        Option{"max_iter", &LinearSVCOptions::max_iter, "steps of the solver", Range{1}},
        Option{"seed", &LinearSVCOptions::seed, "of the order in which 'hinge' visits rows; 'none' for lumir.seed's"}};
  }
};

/// Hsieh et al., A Dual Coordinate Descent Method for Large-scale Linear SVM (2008), Algorithm 1; `x` has the column
/// of the intercept.
class DualDescent {
 public:
  DualDescent(const Matrix& x, const std::vector<double>& squares, const std::vector<double>& costs,
              std::vector<int> sides)
      : x_(x), squares_(squares), costs_(costs), sides_(std::move(sides)), alpha_(x.rows), w_(x.columns) {}

  /// False where it stopped at `max_iter`.
  bool run(double tol, int max_iter, Random random) {
    for (int iteration = 0; iteration < max_iter; ++iteration) {
      check_interrupt();
      double most = -INFINITY, least = INFINITY;  // of the projected gradient
      for (const int row : random.permutation(static_cast<int>(x_.rows))) {
        const double slope = visit(static_cast<size_t>(row));
        most = std::max(most, slope);
        least = std::min(least, slope);
      }
      if (most - least <= tol) return true;
    }
    return false;
  }

  const std::vector<double>& weights() const { return w_; }

 private:
  double visit(size_t i) {
    const double side = sides_[i], slope = side * dot(w_.data(), x_.row(i).data(), x_.columns) - 1;
    double& alpha = alpha_[i];
    if ((alpha == 0 && slope > 0) || (alpha == costs_[i] && slope < 0)) return 0;
    const double before = alpha;
    alpha = std::clamp(alpha - slope / std::max(squares_[i], 1e-300), 0.0, costs_[i]);
    add_scaled((alpha - before) * side, x_.row(i).data(), w_.data(), x_.columns);
    return slope;
  }

  const Matrix& x_;
  const std::vector<double>& squares_;  // of each row
  const std::vector<double>& costs_;
  std::vector<int> sides_;
  std::vector<double> alpha_, w_;
};

class LinearSVC final : public Described<LinearClassifier, LinearSVCOptions> {
 public:
  LinearSVC(const Entry& entry, const Map& options) : Described(entry, options) {
    if (option().penalty == "l1" && option().loss == "hinge") {
      throw ArgumentError("LinearSVC: 'penalty' = 'l1' needs 'loss' = 'squared_hinge'");
    }
  }

 protected:
  void fit_present(const PresentRows& rows) override {
    find_class_weights(rows);
    if (option().loss == "hinge") {
      fit_hinge(rows);
    } else {
      fit_squares(rows);
    }
  }

 private:
  size_t lines(const PresentRows& rows) const { return rows.n_classes() == 2 ? 1 : rows.classes.count(); }
  /// Which side of a line a row belongs to: the last of two classes, or the line's own.
  static int side(const PresentRows& rows, size_t row, size_t line) {
    const size_t own = rows.n_classes() == 2 ? 1 : line;
    return static_cast<size_t>(rows.y[row]) == own ? 1 : -1;
  }

  /// liblinear weighs a class where it is what a border tells from all others, and not among these others.
  void find_class_weights(const PresentRows& rows) {
    std::vector<double> sums(static_cast<size_t>(rows.classes.all));
    const std::vector<double> present = rows.class_sums();
    for (size_t c = 0; c < present.size(); ++c) sums[static_cast<size_t>(rows.classes.labels[c])] = present[c];
    const auto all = class_weights(name(), option().class_weight, rows.training(), sums);
    by_class_ = taken(all, rows.classes.labels);
  }

  /// What a row counts in a border, but for its own weight.
  double weight(const PresentRows& rows, size_t row, size_t line) const {
    const auto label = static_cast<size_t>(rows.y[row]);
    return rows.n_classes() == 2 || label == line ? by_class_[label] : 1;
  }

  void fit_squares(const PresentRows& rows) {
    LinearFit how;
    how.lines = lines(rows);
    how.fit_intercept = option().fit_intercept;
    how.penalise_intercept = true;
    how.intercept_scaling = option().intercept_scaling;
    (option().penalty == "l1" ? how.l1 : how.l2) = 1 / option().C;
    (option().penalty == "l1" ? how.l2 : how.l1) = 0;
    how.most_curvature = 2;
    how.max_iter = option().max_iter;
    how.tol = option().tol;
    how.loss = [&](size_t row, std::span<double> decisions) {
      double sum = 0;
      for (size_t line = 0; line < decisions.size(); ++line) {
        const double s = side(rows, row, line), lack = std::max(0.0, 1 - s * decisions[line]);
        const double counts = weight(rows, row, line);
        sum += counts * lack * lack;
        decisions[line] = -2 * counts * s * lack;
      }
      return sum;
    };
    how.curvature = [&](size_t row, size_t line, double slope) {
      return slope == 0 ? 0 : 2 * weight(rows, row, line);  // flat beyond the margin
    };
    borders_ = fit_linear(name(), rows, how);
  }

  void fit_hinge(const PresentRows& rows) {
    const size_t columns = rows.x().columns;
    Matrix x(rows.rows(), columns + option().fit_intercept, option().intercept_scaling);
    for (size_t i = 0; i < x.rows; ++i) {
      std::copy(rows.x().row(i).begin(), rows.x().row(i).end(), x.row(i).begin());
    }
    std::vector<double> squares;
    for (size_t i = 0; i < x.rows; ++i) squares.push_back(dot(x.row(i).data(), x.row(i).data(), x.columns));
    check_row_squares(name(), squares);
    borders_ = {Matrix(lines(rows), columns), std::vector<double>(lines(rows))};
    std::vector<char> solved(lines(rows));
    parallel_for(solved.size(), [&](size_t line) {
      std::vector<int> sides;
      std::vector<double> costs;
      for (size_t i = 0; i < x.rows; ++i) {
        sides.push_back(side(rows, i, line));
        costs.push_back(option().C * rows.weights[i] * weight(rows, i, line));
      }
      DualDescent descent(x, squares, costs, std::move(sides));
      solved[line] = descent.run(option().tol, option().max_iter, Random(seed_or_global(option().seed), line));
      std::copy_n(descent.weights().begin(), columns, borders_.coef.row(line).begin());
      if (option().fit_intercept) borders_.intercept[line] = descent.weights()[columns] * option().intercept_scaling;
    });
    if (std::count(solved.begin(), solved.end(), 0) > 0) {
      observer().warn("LinearSVC: stopped at 'max_iter' = " + std::to_string(option().max_iter) +
                      " before it had converged");
    }
  }

  std::vector<double> by_class_;  // weights of the present classes
};

LUMIR_ESTIMATOR(
    LinearSVC,
    {
        .summary = "Support vectors with straight borders, one for each class against all others (scikit-learn's "
                   "multi_class = 'crammer_singer' is left out).",
        .returns = "a classifier; scores are distances from the borders; 'coef' and 'intercept'",
        .example = "learn.LinearSVC { C = 0.1 }",
        .source = "Fan et al., LIBLINEAR (2008); agrees with scikit-learn's LinearSVC (ovr)",
    });

}  // namespace
}  // namespace lumir::learn
