// Straight borders by L-BFGS; by Newton's steps, where lines do not look at each other, columns are not too many
// and one set of weights is best by more than rounding; column by column, where absolute weights are penalised.

#include "learn/linear_fit.h"

#include <algorithm>
#include <cmath>

#include "core/observer.h"
#include "learn/coordinate_descent.h"
#include "learn/lbfgs.h"
#include "learn/newton.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr double kStricter = 0.1;  // than `tol`: columns are stretched to a curvature of 1 at most
constexpr double kNewton = 0.01;   // than that: the last of Newton's steps are short, and cost little
constexpr double kApart = 1e-10;   // least second slope along any direction for Newton's steps; those of columns are 1

class Fit {
 public:
  Fit(const PresentRows& rows, const LinearFit& how)
      : rows_(rows), how_(how), columns_(rows.x().columns), centre_(columns_), stretch_(columns_ + how.fit_intercept) {
    const Matrix& x = rows.x();
    double total = 0;
    for (const double weight : rows.weights) total += weight;
    if (centres()) {
      for (size_t i = 0; i < x.rows; ++i) {
        for (size_t j = 0; j < columns_; ++j) centre_[j] += rows.weights[i] * x(i, j) / total;
      }
    }
    std::vector<double> squares(columns_);
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t j = 0; j < columns_; ++j) squares[j] += rows.weights[i] * square(x(i, j) - centre_[j]);
    }
    for (size_t j = 0; j < columns_; ++j) stretch_[j] = length(squares[j], how.l2);
    if (how.fit_intercept) {
      stretch_[columns_] = length(total * square(how.intercept_scaling), how.penalise_intercept ? how.l2 : 0);
    }
    stretched_ = Matrix(x.rows, stretch_.size());
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t j = 0; j < columns_; ++j) stretched_(i, j) = (x(i, j) - centre_[j]) * stretch_[j];
      if (how.fit_intercept) stretched_(i, columns_) = how.intercept_scaling * stretch_[columns_];
    }
  }

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
    Matrix rows = stretched_;
    for (size_t i = 0; i < rows.rows; ++i) {
      const double root = std::sqrt(how_.most_curvature * rows_.weights[i]);
      for (double& number : rows.row(i)) number *= root;
    }
    Matrix squares = tensor::gram(rows);
    for (size_t j = 0; j < stretch_.size(); ++j) squares(j, j) += penalty(j) - kApart;
    return tensor::solve_positive(squares, Matrix(stretch_.size(), 1)).has_value();
  }

  bool run_by_curvature() {
    PenalisedLoss how{stretched_, rows_.weights, how_.lines};
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

  const PresentRows& rows_;
  const LinearFit& how_;
  size_t columns_;
  std::vector<double> centre_, stretch_;
  Matrix stretched_;  // with a last column of the intercept, where there is one
  std::vector<double> weights_;
};

}  // namespace

LinearBorders fit_linear(const std::string& who, const PresentRows& rows, const LinearFit& how) {
  Fit fit(rows, how);
  if (!fit.run()) {
    observer().warn(who + ": stopped at 'max_iter' = " + std::to_string(how.max_iter) + " before it had converged");
  }
  return fit.borders();
}

}  // namespace lumir::learn
