// See coordinate_descent.h.

#include "learn/coordinate_descent.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/interrupt.h"
#include "learn/row_sums.h"
#include "learn/vectors.h"

namespace lumir::learn {
namespace {

constexpr int kMostSweeps = 100;     // over the columns, within a step
constexpr int kMostHalvings = 30;    // of a step
constexpr double kDescent = 0.01;    // share of the foretold gain that a step must win
constexpr double kSettled = 1e-3;    // share of the largest change of a step below which a sweep changes nothing
constexpr double kFlattest = 1e-12;  // curvature of a row, though it be sure of its class

/// Of a slope with the pull of absolute weights: how far it is from 0.
double violation(double slope, double weight, double l1) {
  if (weight != 0) return std::fabs(slope + (weight > 0 ? l1 : -l1));
  return std::max(0.0, std::fabs(slope) - l1);
}

/// Where the sum of l1 |w + shift| + l2 (w + shift)² / 2 over some weights is least.
double best_shift(std::vector<double> w, double l1, double l2) {
  std::sort(w.begin(), w.end(), std::greater<>());
  const auto n = static_cast<double>(w.size());
  double sum = 0;
  for (const double one : w) sum += one;
  for (size_t above = 0; above <= w.size(); ++above) {  // so many of the shifted weights are above 0
    const double pull = l1 * (2 * static_cast<double>(above) - n) + l2 * sum;
    const double from = above == 0 ? -INFINITY : -w[above - 1], to = above == w.size() ? INFINITY : -w[above];
    const double free = l2 > 0 ? -pull / (l2 * n) : pull < 0 ? INFINITY : pull > 0 ? -INFINITY : 0;
    if (free <= to) return std::max(free, from);
  }
  return 0;
}

class Descent {
 public:
  explicit Descent(const PenalisedLoss& how)
      : how_(how),
        columns_(how.x.columns(), how.x.rows()),
        weights_(how.lines, how.x.columns()),
        decisions_(how.x.rows(), how.lines),
        slopes_(how.x.rows()),
        curvatures_(how.x.rows()),
        shift_(how.x.rows()),
        pull_(how.x.columns()),
        bend_(how.x.columns()),
        change_(how.x.columns()) {
    std::vector<double> room(how.x.room(1));
    for (size_t i = 0; i < columns_.columns; ++i) {
      const double* row = how.x.block(i, 1, room.data());
      for (size_t j = 0; j < columns_.rows; ++j) columns_(j, i) = row[j];
    }
  }

  Matrix run(bool& converged) {
    converged = false;
    for (int i = 0; i < how_.max_iter && !converged; ++i) {
      check_interrupt();
      double worst = 0;
      for (size_t line = 0; line < how_.lines; ++line) worst = std::max(worst, improve(line));
      if (how_.softmax) shift_columns();
      converged = worst <= how_.tolerance;
    }
    return std::move(weights_);
  }

 private:
  /// The loss of all rows, were the decisions of a line moved by `length` times shift_; keeps slopes where asked.
  double loss_at(size_t line, double length, bool keep) {
    return sum_over_rows(how_.x.rows(), [&](size_t first, size_t last) {
      double sum = 0;
      std::vector<double> row(how_.lines);
      for (size_t i = first; i < last; ++i) {
        const auto from = decisions_.row(i);
        std::copy(from.begin(), from.end(), row.begin());
        row[line] += length * shift_[i];
        sum += how_.weights[i] * how_.loss(i, row);
        if (!keep) continue;
        slopes_[i] = how_.weights[i] * row[line];
        curvatures_[i] = how_.weights[i] * std::max(how_.curvature(i, line, row[line]), kFlattest);
      }
      return sum;
    });
  }

  double penalty(size_t line, double length) const {
    double sum = 0;
    for (size_t j = 0; j < change_.size(); ++j) {
      const double w = weights_(line, j) + length * change_[j];
      sum += how_.l1[j] * std::fabs(w) + how_.l2[j] * w * w / 2;
    }
    return sum;
  }

  /// One number added to a column's weights of all lines changes no softmax: the penalty alone says which, and what no
  /// line finds by itself is found at once.
  void shift_columns() {
    for (size_t j = 0; j < how_.l1.size(); ++j) {
      if (how_.l1[j] <= 0) continue;
      std::vector<double> w(how_.lines);
      for (size_t line = 0; line < how_.lines; ++line) w[line] = weights_(line, j);
      const double shift = best_shift(std::move(w), how_.l1[j], how_.l2[j]);
      if (shift == 0) continue;
      for (size_t line = 0; line < how_.lines; ++line) weights_(line, j) += shift;
      for (size_t i = 0; i < decisions_.rows; ++i) {
        for (double& decision : decisions_.row(i)) decision += shift * columns_(j, i);
      }
    }
  }

  /// A step of one line; answers how far from 0 its worst slope was before.
  double improve(size_t line) {
    std::fill(shift_.begin(), shift_.end(), 0);
    std::fill(change_.begin(), change_.end(), 0);
    const double before = loss_at(line, 0, true) + penalty(line, 0);
    double worst = 0;
    for (size_t j = 0; j < pull_.size(); ++j) {
      const auto column = columns_.row(j);
      pull_[j] = dot(column.data(), slopes_.data(), column.size()) + how_.l2[j] * weights_(line, j);
      check_slope(how_, pull_[j]);
      bend_[j] = how_.l2[j];
      for (size_t i = 0; i < column.size(); ++i) bend_[j] += curvatures_[i] * column[i] * column[i];
      worst = std::max(worst, violation(pull_[j], weights_(line, j), how_.l1[j]));
    }
    if (worst <= how_.tolerance) return worst;
    double largest = 0;
    for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
      const double moved = sweep_over(line);
      largest = std::max(largest, moved);
      if (moved <= kSettled * largest) break;
    }
    take(line, before);
    return worst;
  }

  /// Sets each weight of the line to its best by the curvature at hand; the largest change, by the root of its bend.
  double sweep_over(size_t line) {
    double largest = 0;
    for (size_t j = 0; j < change_.size(); ++j) {
      if (!(bend_[j] > 0)) continue;
      const auto column = columns_.row(j);
      double slope = pull_[j] + how_.l2[j] * change_[j];
      for (size_t i = 0; i < column.size(); ++i) slope += curvatures_[i] * column[i] * shift_[i];
      const double now = weights_(line, j) + change_[j], free = now - slope / bend_[j];
      const double cut = how_.l1[j] / bend_[j];
      const double best = free > cut ? free - cut : free < -cut ? free + cut : 0;
      const double move = best - now;
      if (move == 0) continue;
      change_[j] += move;
      for (size_t i = 0; i < column.size(); ++i) shift_[i] += move * column[i];
      largest = std::max(largest, std::fabs(move) * std::sqrt(bend_[j]));
    }
    return largest;
  }

  /// Goes the whole way, or half of it, or a fourth ... until enough is won.
  void take(size_t line, double before) {
    double foretold = penalty(line, 1) - penalty(line, 0);
    for (size_t j = 0; j < change_.size(); ++j) foretold += (pull_[j] - how_.l2[j] * weights_(line, j)) * change_[j];
    double length = 1;
    for (int halving = 0; halving < kMostHalvings; ++halving, length /= 2) {
      const double there = loss_at(line, length, false) + penalty(line, length);
      if (there <= before + kDescent * length * std::min(0.0, foretold)) break;
    }
    for (size_t j = 0; j < change_.size(); ++j) weights_(line, j) += length * change_[j];
    for (size_t i = 0; i < shift_.size(); ++i) decisions_(i, line) += length * shift_[i];
  }

  const PenalisedLoss& how_;
  Matrix columns_;    // [columns, rows]
  Matrix weights_;    // [lines, columns]
  Matrix decisions_;  // [rows, lines]
  // of the line at hand: by row, what loss and change of weights do to its decision; by column, slope and curvature
  std::vector<double> slopes_, curvatures_, shift_;
  std::vector<double> pull_, bend_, change_;
};

}  // namespace

Matrix descend(const PenalisedLoss& how, bool& converged) { return Descent(how).run(converged); }

}  // namespace lumir::learn
