// Straight borders by L-BFGS; by Newton's steps, where lines do not look at each other, columns are not too many
// and one set of weights is best by more than rounding; column by column, where absolute weights are penalised.

#include "learn/linear_fit.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/observer.h"
#include "learn/column_squares.h"
#include "learn/coordinate_descent.h"
#include "learn/held_out.h"
#include "learn/lbfgs.h"
#include "learn/newton.h"
#include "learn/row_sums.h"
#include "learn/vectors.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr double kStricter = 0.1;  // than `tol`: columns are stretched to a curvature of 1 at most
constexpr double kNewton = 0.01;   // than that: the last of Newton's steps are short, and cost little
constexpr size_t kChunk = 4096;    // rows that are stretched together, where all are multiplied
constexpr double kApart = 1e-10;   // least second slope along any direction for Newton's steps; those of columns are 1

class Fit {
 public:
  Fit(const std::string& who, const PresentRows& rows, const LinearFit& how)
      : who_(who),
        rows_(rows),
        how_(how),
        columns_(rows.x().columns),
        centre_(found_centre()),
        stretch_(found_stretch()),
        stretched_(rows.x(), centre_, stretch_, how.intercept_scaling) {}

  /// False where it stopped at max_iter.
  bool run() {
    if (how_.l1 > 0 || suits_newton()) return run_by_curvature();
    LbfgsOptions options;
    options.max_iterations = how_.max_iter;
    options.tolerance = how_.tol * kStricter;
    weights_.assign(how_.lines * stretch_.size(), 0);
    return minimise([&](auto w, auto gradient) { return value(w, gradient); }, weights_, options).converged;
  }

  LinearBorders borders() const {
    LinearBorders borders{Matrix(how_.lines, columns_), std::vector<double>(how_.lines)};
    for (size_t line = 0; line < how_.lines; ++line) {
      const double* w = weights_.data() + line * stretch_.size();
      if (how_.fit_intercept) borders.intercept[line] = w[columns_] * stretch_[columns_] * how_.intercept_scaling;
      for (size_t j = 0; j < columns_; ++j) {
        borders.coef(line, j) = w[j] * stretch_[j];
        borders.intercept[line] -= borders.coef(line, j) * centre_[j];
      }
    }
    return borders;
  }

 private:
  static double square(double value) { return value * value; }
  /// A penalised intercept is one of columns that are not centred.
  bool centres() const { return how_.fit_intercept && !how_.penalise_intercept; }
  bool is_penalised(size_t column) const { return column < columns_ || how_.penalise_intercept; }

  double total() const { return std::accumulate(rows_.weights.begin(), rows_.weights.end(), 0.0); }

  std::vector<double> found_centre() const {
    if (!centres()) return std::vector<double>(columns_);
    const Matrix& x = rows_.x();
    Matrix sums = sums_over_rows(x.rows, 1, columns_, [&](size_t i, Matrix& sum) {
      add_scaled(rows_.weights[i], x.row(i).data(), sum.values.data(), columns_);
    });
    const double all = total();
    for (double& sum : sums.values) sum /= all;
    return sums.values;
  }

  std::vector<double> found_stretch() const {
    std::vector<double> stretch;
    for (const double squares : column_squares(who_, rows_.x(), centre_, rows_.weights)) {
      stretch.push_back(length(squares, how_.l2));
    }
    if (how_.fit_intercept) {
      stretch.push_back(length(total() * square(how_.intercept_scaling), how_.penalise_intercept ? how_.l2 : 0));
    }
    return stretch;
  }

  /// What makes a column's curvature 1 at most.
  double length(double squares, double penalty) const {
    const double curvature = how_.most_curvature * squares + penalty;
    return curvature > 0 ? 1 / std::sqrt(curvature) : 1;
  }

  double penalty(size_t column) const { return is_penalised(column) ? how_.l2 * square(stretch_[column]) : 0; }

  /// Whether no weights can change together and leave the loss as it is, as those of columns that are alike do:
  /// steps along slopes never go there, Newton's would go anywhere.
  bool suits_newton() const {
    if (how_.softmax || how_.l2 == 0 || !has_room_for_newton(how_.lines, stretch_.size())) return false;
    double least = 1;
    for (size_t j = 0; j < stretch_.size(); ++j) {
      if (is_penalised(j)) least = std::min(least, penalty(j));
    }
    if (least >= kApart) return true;
    Matrix squares(stretch_.size(), stretch_.size());
    const std::vector<int> all = all_rows(stretched_.rows());
    for (size_t begin = 0; begin < all.size(); begin += kChunk) {
      const auto some = std::span(all).subspan(begin, std::min(kChunk, all.size() - begin));
      Matrix rows = stretched_.take(some);
      for (size_t i = 0; i < rows.rows; ++i) {
        const double root = std::sqrt(how_.most_curvature * rows_.weights[begin + i]);
        for (double& number : rows.row(i)) number *= root;
      }
      add_scaled(1, tensor::gram(rows).values.data(), squares.values.data(), squares.values.size());
    }
    for (size_t j = 0; j < stretch_.size(); ++j) squares(j, j) += penalty(j) - kApart;
    return tensor::solve_positive(squares, Matrix(stretch_.size(), 1)).has_value();
  }

  bool run_by_curvature() {
    PenalisedLoss how{who_, stretched_, rows_.weights, how_.lines};
    for (size_t j = 0; j < stretch_.size(); ++j) {
      how.l1.push_back(is_penalised(j) ? how_.l1 * stretch_[j] : 0);
      how.l2.push_back(penalty(j));
    }
    how.max_iter = how_.max_iter;
    how.tolerance = how_.tol * kStricter * kNewton;
    how.loss = how_.loss;
    how.curvature = how_.curvature;
    how.softmax = how_.softmax;
    bool converged = false;
    weights_ = (how_.l1 > 0 ? descend(how, converged) : descend_by_newton(how, converged)).values;
    return converged;
  }

  double value(std::span<const double> w, std::span<double> gradient) {
    Matrix weights(how_.lines, stretch_.size());
    std::copy(w.begin(), w.end(), weights.values.begin());
    Matrix slopes;
    const auto weighted_loss = [&](size_t row, std::span<double> decisions) {
      const double loss = rows_.weights[row] * how_.loss(row, decisions);
      for (double& slope : decisions) slope *= rows_.weights[row];
      return loss;
    };
    double sum = sum_losses(stretched_, weights, weighted_loss, slopes);
    std::copy(slopes.values.begin(), slopes.values.end(), gradient.begin());
    for (size_t at = 0; at < w.size(); ++at) {
      const double pull = penalty(at % stretch_.size()) * w[at];
      sum += pull * w[at] / 2;
      gradient[at] += pull;
    }
    return sum;
  }

  const std::string& who_;
  const PresentRows& rows_;
  const LinearFit& how_;
  size_t columns_;
  std::vector<double> centre_, stretch_;
  StretchedRows stretched_;  // with a last column of the intercept, where there is one
  std::vector<double> weights_;
};

}  // namespace

LinearBorders fit_linear(const std::string& who, const PresentRows& rows, const LinearFit& how) {
  Fit fit(who, rows, how);
  if (!fit.run()) {
    observer().warn(who + ": stopped at 'max_iter' = " + std::to_string(how.max_iter) + " before it had converged");
  }
  return fit.borders();
}

}  // namespace lumir::learn
