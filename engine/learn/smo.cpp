// The solver keeps, for each row, its label minus the decision so far (without intercept): the gradient in
// the words of decisions. The first row to move is the one of the largest gradient that may still rise.

#include "learn/smo.h"

#include <algorithm>
#include <limits>

#include "core/interrupt.h"
#include "learn/vectorised.h"

namespace lumir::learn {
namespace {

constexpr int kBlock = 32;  // rows that a vector loop takes at once
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kTau = 1e-12;  // libsvm's least curvature

/// The row that may rise and has the largest gradient, and the negated smallest gradient of those that may fall.
struct Violation {
  double largest = -kInfinity;
  double negated_smallest = -kInfinity;
  int row = 0;
};

/// All arrays are padded to whole blocks; `may_rise` and `may_fall` are 0 or -infinity, so that adding them
/// is the test.
struct Gradients {
  std::vector<double> value;
  std::vector<double> may_rise;
  std::vector<double> may_fall;

  explicit Gradients(int n)
      : value(static_cast<size_t>(n)),
        may_rise(static_cast<size_t>(n), -kInfinity),
        may_fall(static_cast<size_t>(n), -kInfinity) {}
};

/// Moves gradients by -step * (kernel row i - kernel row j) and finds the next violation in the same pass.
LUMIR_VECTORISED Violation update(double* __restrict value, const double* may_rise, const double* may_fall,
                                  const float* row_i, const float* row_j, double step, int n) {
  Violation found;
  for (int begin = 0; begin < n; begin += kBlock) {
    double largest = -kInfinity, negated_smallest = found.negated_smallest;
#pragma omp simd reduction(max : largest, negated_smallest)
    for (int t = begin; t < begin + kBlock; ++t) {
      const double moved = value[t] - step * (static_cast<double>(row_i[t]) - static_cast<double>(row_j[t]));
      value[t] = moved;
      const double rising = moved + may_rise[t];
      const double falling = may_fall[t] - moved;
      largest = rising > largest ? rising : largest;
      negated_smallest = falling > negated_smallest ? falling : negated_smallest;
    }
    found.negated_smallest = negated_smallest;
    if (largest > found.largest) {
      found.largest = largest;
      found.row = begin;
    }
  }
  const int end = std::min(found.row + kBlock, n);
  while (found.row < end && value[found.row] + may_rise[found.row] != found.largest) ++found.row;
  return found;
}

/// The partner with which moving row i gains most; -1 where none violates.
LUMIR_VECTORISED int best_partner(const double* value, const double* may_fall, const float* row_i,
                                  const double* diagonal, double largest, double diagonal_i, double* __restrict gain,
                                  int n) {
  double best = 0;
  int best_block = -1;
  for (int begin = 0; begin < n; begin += kBlock) {
    double best_here = 0;
#pragma omp simd reduction(max : best_here)
    for (int t = begin; t < begin + kBlock; ++t) {
      const double violation = largest - value[t] + may_fall[t];
      double curvature = diagonal_i + diagonal[t] - 2 * static_cast<double>(row_i[t]);
      curvature = curvature > kTau ? curvature : kTau;
      const double positive = violation > 0 ? violation : 0;
      gain[t] = positive * positive / curvature;
      best_here = gain[t] > best_here ? gain[t] : best_here;
    }
    if (best_here > best) {
      best = best_here;
      best_block = begin;
    }
  }
  if (best_block < 0) return -1;
  int row = best_block;
  while (gain[row] != best) ++row;
  return row;
}

class Solver {
 public:
  Solver(const PairKernel& kernel, const SmoOptions& options)
      : kernel_(kernel),
        options_(options),
        n_(kernel.size()),
        gradients_(kernel.stride()),
        coefficients_(static_cast<size_t>(n_)),
        diagonal_(static_cast<size_t>(kernel.stride()), 1.0),
        gain_(static_cast<size_t>(kernel.stride())) {
    for (int t = 0; t < n_; ++t) {
      gradients_.value[at(t)] = is_positive(t) ? 1 : -1;
      diagonal_[at(t)] = kernel.diagonal(t);
      note_bounds(t);
    }
  }

  SmoSolution solve() {
    SmoSolution solution;
    // a step of 0 moves nothing and finds the first violation
    Violation worst = advance(0, 0, 0);
    for (long iteration = 0; worst.largest + worst.negated_smallest >= options_.tolerance; ++iteration) {
      if (iteration == options_.max_iterations) {
        solution.converged = false;
        break;
      }
      if (iteration % 4096 == 4095) check_interrupt();
      const int i = worst.row;
      const int j = best_partner(gradients_.value.data(), gradients_.may_fall.data(), kernel_.row(i), diagonal_.data(),
                                 worst.largest, diagonal_[at(i)], gain_.data(), kernel_.stride());
      if (j < 0) break;
      const double step = move_pair(i, j);
      worst = advance(i, j, step);
    }
    solution.intercept = intercept(worst);
    solution.coefficients = std::move(coefficients_);
    return solution;
  }

 private:
  static size_t at(int t) { return static_cast<size_t>(t); }
  bool is_positive(int t) const { return t < kernel_.positives(); }
  double highest(int t) const { return is_positive(t) ? options_.costs[static_cast<size_t>(t)] : 0; }
  double lowest(int t) const { return is_positive(t) ? 0 : -options_.costs[static_cast<size_t>(t)]; }

  void note_bounds(int t) {
    gradients_.may_rise[at(t)] = coefficients_[at(t)] < highest(t) ? 0 : -kInfinity;
    gradients_.may_fall[at(t)] = coefficients_[at(t)] > lowest(t) ? 0 : -kInfinity;
  }

  Violation advance(int i, int j, double step) {
    return update(gradients_.value.data(), gradients_.may_rise.data(), gradients_.may_fall.data(), kernel_.row(i),
                  kernel_.row(j), step, kernel_.stride());
  }

  /// Raises coefficient i and lowers j by the same amount: as far as the optimum of the two, or to the nearer bound.
  double move_pair(int i, int j) {
    double curvature = diagonal_[at(i)] + diagonal_[at(j)] - 2 * static_cast<double>(kernel_.row(i)[j]);
    if (curvature <= 0) curvature = kTau;
    const double optimum = (gradients_.value[at(i)] - gradients_.value[at(j)]) / curvature;
    double& rising = coefficients_[at(i)];
    double& falling = coefficients_[at(j)];
    const double room_i = highest(i) - rising;
    const double room_j = falling - lowest(j);
    const double step = std::min({optimum, room_i, room_j});
    rising = step == room_i ? highest(i) : rising + step;
    falling = step == room_j ? lowest(j) : falling - step;
    note_bounds(i);
    note_bounds(j);
    return step;
  }

  /// The mean gradient of the rows between their bounds; without any, the middle of what is allowed.
  double intercept(const Violation& worst) const {
    double sum = 0;
    int free = 0;
    for (int t = 0; t < n_; ++t) {
      if (gradients_.may_rise[at(t)] != 0 || gradients_.may_fall[at(t)] != 0) continue;
      sum += gradients_.value[at(t)];
      ++free;
    }
    return free > 0 ? sum / free : (worst.largest - worst.negated_smallest) / 2;
  }

  const PairKernel& kernel_;
  const SmoOptions& options_;
  int n_;
  Gradients gradients_;
  std::vector<double> coefficients_;
  std::vector<double> diagonal_;
  std::vector<double> gain_;
};

}  // namespace

SmoSolution solve_smo(const PairKernel& kernel, const SmoOptions& options) { return Solver(kernel, options).solve(); }

}  // namespace lumir::learn
