// The solver keeps, for each row, its label minus the decision so far (without intercept): the gradient in
// the words of decisions. The first row to move is the one of the largest gradient that may still rise.

#include "learn/smo.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "core/interrupt.h"
#include "learn/vectorised.h"

namespace lumir::learn {
namespace {

constexpr int kBlock = PaddedRows::kBlock;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr float kTau = 1e-12F;  // libsvm's least curvature

/// Places of rows, padded to whole blocks; `may_rise` and `may_fall` are 0 or -infinity, so that adding them is the
/// test.
struct Side {
  std::vector<double> gradient;
  std::vector<float> may_rise, may_fall, diagonal;

  explicit Side(int n)
      : gradient(PaddedRows::padded(static_cast<size_t>(n))),
        may_rise(gradient.size(), -std::numeric_limits<float>::infinity()),
        may_fall(may_rise),
        diagonal(gradient.size(), 1) {}
  int n() const { return static_cast<int>(gradient.size()); }
};

/// The largest of some numbers, and its place; -1 for none.
struct Largest {
  double value;
  int place = -1;
};

/// Moves gradients by -step * (kernel row i - kernel row j), and finds the largest that may rise in the same pass.
LUMIR_VECTORISED Largest move(double* __restrict gradient, const float* may_rise, const float* row_i,
                              const float* row_j, double step, int n) {
  Largest found{-kInfinity};
  for (int begin = 0; begin < n; begin += kBlock) {
    double largest = -kInfinity;
#pragma omp simd reduction(max : largest)
    for (int t = begin; t < begin + kBlock; ++t) {
      const double moved = gradient[t] - step * (static_cast<double>(row_i[t]) - static_cast<double>(row_j[t]));
      gradient[t] = moved;
      const double rising = moved + static_cast<double>(may_rise[t]);
      largest = rising > largest ? rising : largest;
    }
    if (largest > found.value) found = {largest, begin};
  }
  while (found.place >= 0 && gradient[found.place] + static_cast<double>(may_rise[found.place]) != found.value) {
    ++found.place;
  }
  return found;
}

/// What the pass over possible partners finds: how far the worst of them violates, and the one that gains most.
struct Partner {
  float violation = 0;
  Largest gain{0};
};

/// Partners with which moving row i gains.
LUMIR_VECTORISED Partner best_partner(const double* gradient, const float* may_fall, const float* row_i,
                                      const float* diagonal, double largest, float diagonal_i, int n) {
  Partner found;
  float violations[kBlock], gains[kBlock], best = 0;
  for (int begin = 0; begin < n; begin += kBlock) {
    float worst = 0;
#pragma omp simd reduction(max : worst)
    for (int t = 0; t < kBlock; ++t) {
      violations[t] = static_cast<float>(largest - gradient[begin + t]) + may_fall[begin + t];
      violations[t] = violations[t] > 0 ? violations[t] : 0;
      worst = violations[t] > worst ? violations[t] : worst;
    }
    if (worst == 0) continue;
    found.violation = std::max(found.violation, worst);
    float best_here = 0;
#pragma omp simd reduction(max : best_here)
    for (int t = 0; t < kBlock; ++t) {
      float curvature = diagonal_i + diagonal[begin + t] - 2 * row_i[begin + t];
      curvature = curvature > kTau ? curvature : kTau;
      gains[t] = violations[t] * violations[t] / curvature;
      best_here = gains[t] > best_here ? gains[t] : best_here;
    }
    if (best_here <= best) continue;
    best = best_here;
    int at = 0;
    while (gains[at] != best) ++at;
    found.gain = {best, begin + at};
  }
  return found;
}

}  // namespace

class SmoSolver::Steps {
 public:
  explicit Steps(const PairKernel& kernel)
      : kernel_(kernel),
        sides_{Side(kernel.positives()), Side(kernel.negatives())},
        coefficients_(static_cast<size_t>(kernel.size())) {
    for (int t = 0; t < kernel_.size(); ++t) side(t).diagonal[place(t)] = kernel.diagonal(t);
  }

  SmoSolution solve(const SmoOptions& options) {
    if (would_be_the_same(options)) return last_;
    options_ = options;
    begin();
    SmoSolution solution;
    int i = largest_rising();
    for (long iteration = 0; i >= 0; ++iteration) {
      const KernelRow row_i = row(i);
      const Partner partner = partner_of(i, row_i);
      if (partner.violation < options.tolerance || partner.gain.place < 0) break;
      if (iteration == options.max_iterations) {
        solution.converged = false;
        break;
      }
      if (iteration % 4096 == 4095) check_interrupt();
      const int j = partner.gain.place;
      const KernelRow row_j = row(j);
      const double step = move_pair(i, j, row_i);
      i = advance(row_i, row_j, step);
    }
    solution.intercept = intercept();
    solution.coefficients = coefficients_;
    return last_ = solution;
  }

 private:
  bool is_positive(int t) const { return t < kernel_.positives(); }
  Side& side(int t) { return sides_[is_positive(t) ? 0 : 1]; }
  const Side& side(int t) const { return sides_[is_positive(t) ? 0 : 1]; }
  size_t place(int t) const { return static_cast<size_t>(is_positive(t) ? t : t - kernel_.positives()); }
  int row_at(bool positive, int place) const { return positive ? place : place + kernel_.positives(); }
  double cost(int t) const { return options_.costs[static_cast<size_t>(t)]; }
  double highest(int t) const { return is_positive(t) ? cost(t) : 0; }
  double lowest(int t) const { return is_positive(t) ? 0 : -cost(t); }
  double gradient(int t) const { return side(t).gradient[place(t)]; }
  double coefficient(int t) const { return coefficients_[static_cast<size_t>(t)]; }
  bool may_rise(int t) const { return side(t).may_rise[place(t)] == 0; }
  bool may_fall(int t) const { return side(t).may_fall[place(t)] == 0; }

  void note_bounds(int t) {
    constexpr float kNever = -std::numeric_limits<float>::infinity();
    side(t).may_rise[place(t)] = coefficient(t) < highest(t) ? 0 : kNever;
    side(t).may_fall[place(t)] = coefficient(t) > lowest(t) ? 0 : kNever;
  }

  bool would_be_the_same(const SmoOptions& options) const {
    return !held_back_ && options.tolerance == options_.tolerance &&
           options.max_iterations == options_.max_iterations &&
           std::equal(options_.costs.begin(), options_.costs.end(), options.costs.begin(), std::less_equal<>());
  }

  void begin() {
    held_back_ = false;
    std::fill(coefficients_.begin(), coefficients_.end(), 0);
    std::fill(sides_[0].gradient.begin(), sides_[0].gradient.end(), 1);
    std::fill(sides_[1].gradient.begin(), sides_[1].gradient.end(), -1);
    for (int t = 0; t < kernel_.size(); ++t) note_bounds(t);
  }

  /// Row i's kernel; what is formed with it is likely to be asked for next.
  KernelRow row(int i) {
    if (!kernel_.holds(i)) form_with(i);
    return kernel_.row(i);
  }

  void form_with(int i) {
    const double top = rising_most();
    double bottom = kInfinity;
    for (int t = 0; t < kernel_.size(); ++t) {
      if (may_fall(t)) bottom = std::min(bottom, gradient(t));
    }
    std::vector<std::pair<double, int>> others;  // by how far they violate, most first
    for (int t = 0; t < kernel_.size(); ++t) {
      if (t == i || kernel_.holds(t)) continue;
      const double up = may_rise(t) ? gradient(t) - bottom : 0, down = may_fall(t) ? top - gradient(t) : 0;
      if (std::max(up, down) > 0) others.emplace_back(-std::max(up, down), t);
    }
    const size_t more = std::min(kernel_.batch() - 1, others.size());
    std::partial_sort(others.begin(), others.begin() + static_cast<ptrdiff_t>(more), others.end());
    std::vector<int> rows{i};
    for (size_t k = 0; k < more; ++k) rows.push_back(others[k].second);
    kernel_.form(rows);
  }

  double rising_most() const {
    double most = -kInfinity;
    for (int t = 0; t < kernel_.size(); ++t) {
      if (may_rise(t)) most = std::max(most, gradient(t));
    }
    return most;
  }

  /// -1 where none may rise.
  int largest_rising() const {
    int found = -1;
    for (int t = 0; t < kernel_.size(); ++t) {
      if (may_rise(t) && (found < 0 || gradient(t) > gradient(found))) found = t;
    }
    return found;
  }

  int advance(const KernelRow& row_i, const KernelRow& row_j, double step) {
    Side &p = sides_[0], &n = sides_[1];
    const Largest positive = move(p.gradient.data(), p.may_rise.data(), row_i.positives, row_j.positives, step, p.n());
    const Largest negative = move(n.gradient.data(), n.may_rise.data(), row_i.negatives, row_j.negatives, step, n.n());
    if (positive.place < 0 && negative.place < 0) return -1;
    return positive.value >= negative.value ? row_at(true, positive.place) : row_at(false, negative.place);
  }

  Partner partner_of(int i, const KernelRow& row_i) const {
    const Side &p = sides_[0], &n = sides_[1];
    const double largest = gradient(i);
    const float own = kernel_.diagonal(i);
    Partner best =
        best_partner(p.gradient.data(), p.may_fall.data(), row_i.positives, p.diagonal.data(), largest, own, p.n());
    Partner other =
        best_partner(n.gradient.data(), n.may_fall.data(), row_i.negatives, n.diagonal.data(), largest, own, n.n());
    if (other.gain.place >= 0) other.gain.place = row_at(false, other.gain.place);
    if (other.gain.value > best.gain.value) best.gain = other.gain;
    best.violation = std::max(best.violation, other.violation);
    return best;
  }

  /// Raises coefficient i and lowers j by the same amount: as far as the optimum of the two, or to the nearer bound.
  double move_pair(int i, int j, const KernelRow& row_i) {
    const float between = is_positive(j) ? row_i.positives[place(j)] : row_i.negatives[place(j)];
    double curvature =
        static_cast<double>(kernel_.diagonal(i)) + kernel_.diagonal(j) - 2 * static_cast<double>(between);
    if (curvature <= 0) curvature = kTau;
    const double optimum = (gradient(i) - gradient(j)) / curvature;
    double& rising = coefficients_[static_cast<size_t>(i)];
    double& falling = coefficients_[static_cast<size_t>(j)];
    const double room_i = highest(i) - rising;
    const double room_j = falling - lowest(j);
    const double step = std::min({optimum, room_i, room_j});
    held_back_ |= (step == room_i && is_positive(i)) || (step == room_j && !is_positive(j));
    rising = step == room_i ? highest(i) : rising + step;
    falling = step == room_j ? lowest(j) : falling - step;
    note_bounds(i);
    note_bounds(j);
    return step;
  }

  /// The mean gradient of the rows between their bounds; without any, the middle of what is allowed.
  double intercept() const {
    double sum = 0, top = -kInfinity, bottom = kInfinity;
    int free = 0;
    for (int t = 0; t < kernel_.size(); ++t) {
      if (may_rise(t)) top = std::max(top, gradient(t));
      if (may_fall(t)) bottom = std::min(bottom, gradient(t));
      if (!may_rise(t) || !may_fall(t)) continue;
      sum += gradient(t);
      ++free;
    }
    return free > 0 ? sum / free : (top + bottom) / 2;
  }

  const PairKernel& kernel_;
  SmoOptions options_;  // of the last problem
  SmoSolution last_;
  bool held_back_ = true;  // whether a cost cut a step of the last one short
  Side sides_[2];          // of the positives, of the negatives
  std::vector<double> coefficients_;
};

SmoSolver::SmoSolver(const PairKernel& kernel) : steps_(std::make_unique<Steps>(kernel)) {}
SmoSolver::~SmoSolver() = default;
SmoSolution SmoSolver::solve(const SmoOptions& options) { return steps_->solve(options); }

}  // namespace lumir::learn
