// The solver keeps, for each row, its label minus the decision so far (without intercept): the gradient in
// the words of decisions. The first row to move is the one of the largest gradient that may still rise.
//
// Rows that stand at a bound and violate nothing are left out for a while, as in libsvm ("shrinking"): the rest is a
// machine of its own on a smaller kernel, whose rows may be left out again. When it is solved the gradients of all are
// brought up to what has moved, and all rows are looked at once more.

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
constexpr int kBetween = 500;   // iterations, until rows that stand still are looked for
constexpr double kFewer = 0.5;  // of the rows, at most: a smaller kernel of them takes a quarter of the memory

/// The row that may rise and has the largest gradient, and the negated smallest gradient of those that may fall.
struct Violation {
  double largest = -kInfinity;
  double negated_smallest = -kInfinity;
  int row = 0;
  double width() const { return largest + negated_smallest; }
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
                                  const double* diagonal, double largest, double diagonal_i, int n) {
  double best = 0;
  int row = -1;
  for (int begin = 0; begin < n; begin += kBlock) {
    // the choices in a loop of their own: GCC does not widen the other one with them in it
    double violation[kBlock], curvature[kBlock], gain[kBlock], best_here = 0;
#pragma omp simd
    for (int k = 0; k < kBlock; ++k) {
      const int t = begin + k;
      const double all = largest - value[t] + may_fall[t];
      const double bend = diagonal_i + diagonal[t] - 2 * static_cast<double>(row_i[t]);
      violation[k] = all > 0 ? all : 0;
      curvature[k] = bend > kTau ? bend : kTau;
    }
#pragma omp simd reduction(max : best_here)
    for (int k = 0; k < kBlock; ++k) {
      gain[k] = violation[k] * violation[k] / curvature[k];
      best_here = gain[k] > best_here ? gain[k] : best_here;
    }
    if (best_here > best) {
      best = best_here;
      row = begin;
      while (gain[row - begin] != best) ++row;
    }
  }
  return row;
}

/// Some rows of the two classes, with how far their coefficients have moved.
class Machine {
 public:
  /// The rows of a whole kernel, none of which has moved.
  Machine(const PairKernel& kernel, const std::vector<double>& costs) : Machine(kernel) {
    for (int t = 0; t < n_; ++t) {
      const bool positive = t < kernel.positives();
      gradients_.value[at(t)] = positive ? 1 : -1;
      highest_[at(t)] = positive ? costs[at(t)] : 0;
      lowest_[at(t)] = positive ? 0 : -costs[at(t)];
      note_bounds(t);
    }
  }

  /// Until no two rows violate the optimum by more than the tolerance; false where iterations ended before.
  bool solve(const SmoOptions& options, long& iterations) {
    const int between = std::min(n_, kBetween);
    Violation worst = found();
    for (int since = 0; worst.width() >= options.tolerance; ++since) {
      if (iterations == options.max_iterations) return false;
      if (since == between && kernel_.is_whole()) {
        since = 0;
        const std::vector<int> moving = rows_that_move(worst);
        if (moving.size() <= kFewer * static_cast<double>(n_)) {
          const bool solved = solve_part(moving, options, iterations);
          worst = found();
          if (!solved) return false;
          continue;
        }
      }
      if (++iterations % 4096 == 0) check_interrupt();
      const int i = worst.row;
      const int j = best_partner(gradients_.value.data(), gradients_.may_fall.data(), kernel_.row(i), diagonal_.data(),
                                 worst.largest, diagonal_[at(i)], kernel_.stride());
      if (j < 0) break;
      worst = advance(i, j, move_pair(i, j));
    }
    return true;
  }

  const std::vector<double>& coefficients() const { return coefficients_; }

  /// The mean gradient of the rows between their bounds; without any, the middle of what is allowed.
  double intercept() {
    double sum = 0;
    int free = 0;
    for (int t = 0; t < n_; ++t) {
      if (!may_rise(t) || !may_fall(t)) continue;
      sum += gradients_.value[at(t)];
      ++free;
    }
    const Violation worst = found();
    return free > 0 ? sum / free : (worst.largest - worst.negated_smallest) / 2;
  }

 private:
  explicit Machine(const PairKernel& kernel)
      : kernel_(kernel),
        n_(kernel.size()),
        gradients_(kernel.stride()),
        coefficients_(static_cast<size_t>(n_)),
        highest_(static_cast<size_t>(n_)),
        lowest_(static_cast<size_t>(n_)),
        diagonal_(static_cast<size_t>(kernel.stride()), 1.0) {
    for (int t = 0; t < n_; ++t) diagonal_[at(t)] = kernel.diagonal(t);
  }

  static size_t at(int t) { return static_cast<size_t>(t); }
  bool may_rise(int t) const { return gradients_.may_rise[at(t)] == 0; }
  bool may_fall(int t) const { return gradients_.may_fall[at(t)] == 0; }

  void note_bounds(int t) {
    gradients_.may_rise[at(t)] = coefficients_[at(t)] < highest_[at(t)] ? 0 : -kInfinity;
    gradients_.may_fall[at(t)] = coefficients_[at(t)] > lowest_[at(t)] ? 0 : -kInfinity;
  }

  Violation advance(int i, int j, double step) {
    return update(gradients_.value.data(), gradients_.may_rise.data(), gradients_.may_fall.data(), kernel_.row(i),
                  kernel_.row(j), step, kernel_.stride());
  }
  /// A step of 0 moves nothing.
  Violation found() { return advance(0, 0, 0); }

  /// Raises coefficient i and lowers j by the same amount: as far as the optimum of the two, or to the nearer bound.
  double move_pair(int i, int j) {
    double curvature = diagonal_[at(i)] + diagonal_[at(j)] - 2 * static_cast<double>(kernel_.row(i)[j]);
    if (curvature <= 0) curvature = kTau;
    const double optimum = (gradients_.value[at(i)] - gradients_.value[at(j)]) / curvature;
    double& rising = coefficients_[at(i)];
    double& falling = coefficients_[at(j)];
    const double room_i = highest_[at(i)] - rising;
    const double room_j = falling - lowest_[at(j)];
    const double step = std::min({optimum, room_i, room_j});
    rising = step == room_i ? highest_[at(i)] : rising + step;
    falling = step == room_j ? lowest_[at(j)] : falling - step;
    note_bounds(i);
    note_bounds(j);
    return step;
  }

  /// All but those that are at a bound and violate nothing with any other row.
  std::vector<int> rows_that_move(const Violation& worst) const {
    std::vector<int> rows;
    for (int t = 0; t < n_; ++t) {
      const double gradient = gradients_.value[at(t)];
      const bool rises = may_rise(t) && gradient >= -worst.negated_smallest;
      const bool falls = may_fall(t) && gradient <= worst.largest;
      if (rises || falls || (may_rise(t) && may_fall(t))) rows.push_back(t);
    }
    return rows;
  }

  /// Solves these rows alone, the others standing still, and brings all gradients up to that.
  bool solve_part(const std::vector<int>& rows, const SmoOptions& options, long& iterations) {
    const auto positives = std::lower_bound(rows.begin(), rows.end(), kernel_.positives()) - rows.begin();
    const PairKernel kernel = kernel_.part(rows, static_cast<int>(positives));
    Machine part(kernel);
    for (int k = 0; k < part.n_; ++k) {
      const size_t t = at(rows[at(k)]);
      part.gradients_.value[at(k)] = gradients_.value[t];
      part.coefficients_[at(k)] = coefficients_[t];
      part.highest_[at(k)] = highest_[t];
      part.lowest_[at(k)] = lowest_[t];
      part.note_bounds(k);
    }
    const bool solved = part.solve(options, iterations);
    for (int k = 0; k < part.n_; ++k) {
      const int t = rows[at(k)];
      const double moved = part.coefficients_[at(k)] - coefficients_[at(t)];
      if (moved == 0) continue;
      coefficients_[at(t)] = part.coefficients_[at(k)];
      note_bounds(t);
      const float* row = kernel_.row(t);
      for (int s = 0; s < n_; ++s) gradients_.value[at(s)] -= moved * static_cast<double>(row[s]);
    }
    return solved;
  }

  const PairKernel& kernel_;
  int n_;
  Gradients gradients_;
  std::vector<double> coefficients_, highest_, lowest_;
  std::vector<double> diagonal_;
};

}  // namespace

SmoSolution solve_smo(const PairKernel& kernel, const SmoOptions& options) {
  Machine machine(kernel, options.costs);
  long iterations = 0;
  SmoSolution solution;
  solution.converged = machine.solve(options, iterations);
  solution.intercept = machine.intercept();
  solution.coefficients = machine.coefficients();
  return solution;
}

}  // namespace lumir::learn
