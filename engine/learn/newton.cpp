// All borders go side by side: each step is two passes over the rows for all of them. A border keeps its matrix
// of second slopes, which only those rows change that the last step moved over an edge of the loss.

#include "learn/newton.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/interrupt.h"
#include "core/parallel.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

// Of all matrices of second slopes: 256 MB. Each thread that solves by one has two or three copies of it besides.
constexpr size_t kMostNumbers = size_t{1} << 25;
constexpr size_t kMostColumns = 1024;  // above, solving by one costs more than it saves
constexpr size_t kChunk = 4096;        // rows that change such a matrix together
constexpr size_t kPiece = 1024;        // rows of a sum along a step
constexpr int kMostTries = 20;         // of the length of a step
constexpr double kFlat = 0.1;          // share of the slope along a step that may be left at its end
constexpr double kRidge = 1e-13;       // share of the mean second slope that keeps a matrix positive

class Newton {
 public:
  explicit Newton(const PenalisedLoss& how)
      : how_(how),
        weights_(how.lines, how.x.columns()),
        gradient_(how.lines, how.x.columns()),
        decisions_(how.x.rows(), how.lines),
        curvatures_(how.lines, how.x.rows()),
        held_(how.lines, how.x.rows()),
        hessians_(how.lines),
        open_(how.lines) {}

  Matrix run(bool& converged) {
    for (int step = 0;; ++step) {
      check_interrupt();
      derive();
      converged = std::ranges::find(open_, char{true}) == open_.end();
      if (converged || step == how_.max_iter) break;
      if (step == 0) {
        bend(0);
        share_first();
      }
      parallel_for(how_.lines, [&](size_t line) {
        if (open_[line]) bend(line);
      });
      go(directions());
    }
    return std::move(weights_);
  }

 private:
  /// Slopes, second slopes and decisions at the weights; a line with a slope above the tolerance is open.
  void derive() {
    const auto at_row = [&](size_t i, std::span<double> row) {
      std::copy(row.begin(), row.end(), decisions_.row(i).begin());
      const double loss = how_.weights[i] * how_.loss(i, row);
      for (size_t line = 0; line < row.size(); ++line) {
        curvatures_(line, i) = how_.weights[i] * how_.curvature(i, line, row[line]);
        row[line] *= how_.weights[i];
      }
      return loss;
    };
    sum_losses(how_.x, weights_, at_row, gradient_);
    for (size_t line = 0; line < how_.lines; ++line) {
      double most = 0;
      for (size_t j = 0; j < how_.l2.size(); ++j) {
        gradient_(line, j) += how_.l2[j] * weights_(line, j);
        check_slope(how_, gradient_(line, j));
        most = std::max(most, std::fabs(gradient_(line, j)));
      }
      open_[line] = !(most <= how_.tolerance);
    }
  }

  /// Brings the matrix of second slopes of a line up to its rows' curvatures.
  void bend(size_t line) {
    Matrix& hessian = hessians_[line];
    if (hessian.rows == 0) hessian = Matrix(how_.l2.size(), how_.l2.size());
    for (const double sign : {1.0, -1.0}) {
      std::vector<int> changed;
      const auto now = curvatures_.row(line), before = held_.row(line);
      for (size_t i = 0; i < now.size(); ++i) {
        if (sign * (now[i] - before[i]) > 0) changed.push_back(static_cast<int>(i));
      }
      for (size_t begin = 0; begin < changed.size(); begin += kChunk) {
        const auto some = std::span(changed).subspan(begin, std::min(kChunk, changed.size() - begin));
        Matrix rows = how_.x.take(some);
        for (size_t i = 0; i < some.size(); ++i) {
          const auto at = static_cast<size_t>(some[i]);
          const double root = std::sqrt(std::fabs(now[at] - before[at]));
          for (double& number : rows.row(i)) number *= root;
        }
        const Matrix more = tensor::gram(rows);
        for (size_t k = 0; k < more.values.size(); ++k) hessian.values[k] += sign * more.values[k];
      }
    }
    std::copy_n(curvatures_.row(line).begin(), how_.x.rows(), held_.row(line).begin());
  }

  /// At the start all rows are on one side of the loss: what is known of the first line then holds for others.
  void share_first() {
    for (size_t line = 1; line < how_.lines; ++line) {
      if (hessians_[line].rows > 0 || !std::ranges::equal(curvatures_.row(line), curvatures_.row(0))) continue;
      hessians_[line] = hessians_[0];
      std::copy_n(held_.row(0).begin(), how_.x.rows(), held_.row(line).begin());
    }
  }

  Matrix directions() const {
    Matrix steps(how_.lines, how_.l2.size());
    parallel_for(how_.lines, [&](size_t line) {
      if (!open_[line]) return;
      Matrix hessian = hessians_[line], pull(how_.l2.size(), 1);
      double trace = 0;
      for (size_t j = 0; j < pull.rows; ++j) {
        hessian(j, j) += how_.l2[j];
        trace += hessian(j, j);
        pull(j, 0) = -gradient_(line, j);
      }
      auto solved = tensor::solve_positive(hessian, pull);
      double ridge = kRidge * trace / static_cast<double>(pull.rows);
      for (; !solved && ridge > 0 && std::isfinite(ridge); ridge *= 100) {
        check_interrupt();
        for (size_t j = 0; j < pull.rows; ++j) hessian(j, j) += ridge;
        solved = tensor::solve_positive(hessian, pull);
      }
      const auto& found = solved ? *solved : pull;
      std::copy(found.values.begin(), found.values.end(), steps.row(line).begin());
    });
    return steps;
  }

  /// Goes along each direction as far as the slope is steep.
  void go(const Matrix& steps) {
    const Matrix moves = decisions_of(how_.x, steps);
    const std::vector<double> start = slopes_at(std::vector<double>(how_.lines), steps, moves);
    std::vector<double> lengths(how_.lines, 1), low(how_.lines), low_slope = start;
    std::vector<double> high(how_.lines, std::numeric_limits<double>::infinity()), high_slope(how_.lines);
    bool steep = true;
    for (int tries = 0; steep && tries < kMostTries; ++tries) {
      const std::vector<double> slopes = slopes_at(lengths, steps, moves);
      steep = false;
      for (size_t line = 0; line < how_.lines; ++line) {
        if (std::fabs(slopes[line]) <= kFlat * std::fabs(start[line])) continue;
        steep = true;
        (slopes[line] < 0 ? low : high)[line] = lengths[line];
        (slopes[line] < 0 ? low_slope : high_slope)[line] = slopes[line];
        const double share = -low_slope[line] / (high_slope[line] - low_slope[line]);
        lengths[line] = std::isinf(high[line]) ? 2 * lengths[line]
                                               : low[line] + std::clamp(share, 0.05, 0.95) * (high[line] - low[line]);
      }
    }
    for (size_t line = 0; line < how_.lines; ++line) {
      for (size_t j = 0; j < steps.columns; ++j) weights_(line, j) += lengths[line] * steps(line, j);
    }
  }

  /// How the loss of each line changes along its direction, at this share of it; `moves` are those of decisions.
  std::vector<double> slopes_at(const std::vector<double>& lengths, const Matrix& steps, const Matrix& moves) const {
    Matrix sums((moves.rows + kPiece - 1) / kPiece, how_.lines);
    parallel_for(sums.rows, [&](size_t piece) {
      std::vector<double> row(how_.lines);
      for (size_t i = piece * kPiece; i < std::min((piece + 1) * kPiece, moves.rows); ++i) {
        for (size_t line = 0; line < row.size(); ++line) {
          row[line] = decisions_(i, line) + lengths[line] * moves(i, line);
        }
        how_.loss(i, row);
        for (size_t line = 0; line < row.size(); ++line) {
          sums(piece, line) += how_.weights[i] * row[line] * moves(i, line);
        }
      }
    });
    std::vector<double> slopes(how_.lines);
    for (size_t line = 0; line < how_.lines; ++line) {
      for (size_t piece = 0; piece < sums.rows; ++piece) slopes[line] += sums(piece, line);
      for (size_t j = 0; j < steps.columns; ++j) {
        slopes[line] += how_.l2[j] * (weights_(line, j) + lengths[line] * steps(line, j)) * steps(line, j);
      }
    }
    return slopes;
  }

  const PenalisedLoss& how_;
  Matrix weights_, gradient_;     // [lines, columns]
  Matrix decisions_;              // [rows, lines]
  Matrix curvatures_, held_;      // [lines, rows]: at the weights, and in the matrices of second slopes
  std::vector<Matrix> hessians_;  // of each line, without the penalty
  std::vector<char> open_;        // lines that are not at their least
};

}  // namespace

bool has_room_for_newton(size_t lines, size_t columns) {
  return columns <= kMostColumns && lines * columns * columns <= kMostNumbers;
}

Matrix descend_by_newton(const PenalisedLoss& how, bool& converged) { return Newton(how).run(converged); }

}  // namespace lumir::learn
