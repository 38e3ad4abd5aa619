// Nocedal, Updating Quasi-Newton Matrices with Limited Storage (1980).

#include "learn/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

#include "core/interrupt.h"
#include "learn/vectors.h"

namespace lumir::learn {
namespace {

constexpr size_t kMemory = 10;       // steps remembered
constexpr int kMostTries = 40;       // of the length of one step
constexpr double kDescent = 1e-4;    // share of the slope that a step must win
constexpr double kCurvature = 0.9;   // share of the slope that may be left
constexpr double kRounding = 1e-14;  // of a value
constexpr double kNoGain = 2e-15;    // of a value: nothing was won
constexpr int kMostStill = 5;        // steps that win nothing

double dot(std::span<const double> a, std::span<const double> b) { return learn::dot(a.data(), b.data(), a.size()); }

double largest(std::span<const double> numbers) {
  double most = 0;
  for (const double number : numbers) most = std::max(most, std::fabs(number));
  return most;
}

class Walk {
 public:
  Walk(const Objective& objective, std::vector<double>& w, const LbfgsOptions& options)
      : objective_(objective), options_(options), w_(w), gradient_(w.size()) {}

  LbfgsResult run() {
    LbfgsResult result;
    result.value = objective_(w_, gradient_);
    while (true) {
      if (largest(gradient_) <= options_.tolerance) result.converged = true;
      if (result.converged || result.iterations >= options_.max_iterations) return result;
      check_interrupt();
      ++result.iterations;
      const double before = result.value;
      if (!step(result.value)) {
        if (steps_.empty()) {  // nothing is won along the slope itself: as low as rounding lets it be
          result.converged = true;
          return result;
        }
        steps_.clear();
        continue;
      }
      still_ = before - result.value <= kNoGain * std::fabs(before) ? still_ + 1 : 0;
      result.converged = still_ >= kMostStill;
    }
  }

 private:
  struct Step {
    std::vector<double> moved, turned;  // of w and of its gradient
    double curvature;
  };

  /// The way down, by the remembered steps.
  std::vector<double> direction() const {
    std::vector<double> d = gradient_, alpha(steps_.size());
    for (size_t s = steps_.size(); s-- > 0;) {
      alpha[s] = dot(steps_[s].moved, d) / steps_[s].curvature;
      for (size_t i = 0; i < d.size(); ++i) d[i] -= alpha[s] * steps_[s].turned[i];
    }
    if (!steps_.empty()) {
      const double scale = steps_.back().curvature / dot(steps_.back().turned, steps_.back().turned);
      for (double& value : d) value *= scale;
    }
    for (size_t s = 0; s < steps_.size(); ++s) {
      const double beta = dot(steps_[s].turned, d) / steps_[s].curvature;
      for (size_t i = 0; i < d.size(); ++i) d[i] += (alpha[s] - beta) * steps_[s].moved[i];
    }
    for (double& value : d) value = -value;
    return d;
  }

  /// w + length * d.
  std::vector<double> moved(std::span<const double> d, double length) const {
    std::vector<double> to(w_.begin(), w_.end());
    for (size_t i = 0; i < to.size(); ++i) to[i] += length * d[i];
    return to;
  }

  /// One step; false where none goes down.
  bool step(double& value) {
    std::vector<double> d = direction();
    double slope = dot(d, gradient_);
    if (!(slope < 0)) {
      steps_.clear();
      d = direction();
      slope = dot(d, gradient_);
    }
    double low = 0, high = std::numeric_limits<double>::infinity();
    double length = steps_.empty() ? std::min(1.0, 1 / std::sqrt(-slope)) : 1;
    std::vector<double> gradient(w_.size());
    for (int tries = 0; tries < kMostTries; ++tries) {
      std::vector<double> to = moved(d, length);
      const double there = objective_(to, gradient);
      // close to the minimum values differ by rounding only, and the slope must tell (Hager and Zhang, 2005)
      const bool lower =
          std::isfinite(there) &&
          (there <= value + kDescent * length * slope ||
           (there <= value + kRounding * std::fabs(value) && dot(d, gradient) <= (2 * kDescent - 1) * slope));
      const bool steep = lower && dot(d, gradient) < kCurvature * slope;
      if (lower && !steep) {
        take(std::move(to), gradient);
        value = there;
        return true;
      }
      (lower ? low : high) = length;
      length = std::isinf(high) ? 2 * length : (low + high) / 2;
    }
    return false;
  }

  /// Goes there, and remembers how.
  void take(std::vector<double> to, const std::vector<double>& gradient) {
    Step step{to, gradient, 0};
    for (size_t i = 0; i < to.size(); ++i) {
      step.moved[i] -= w_[i];
      step.turned[i] -= gradient_[i];
    }
    step.curvature = dot(step.moved, step.turned);
    w_ = std::move(to);
    gradient_ = gradient;
    const double lengths = std::sqrt(dot(step.moved, step.moved) * dot(step.turned, step.turned));
    if (!(step.curvature > 1e-12 * lengths)) return;  // no valley: it would say nothing of the way down
    steps_.push_back(std::move(step));
    if (steps_.size() > kMemory) steps_.pop_front();
  }

  const Objective& objective_;
  const LbfgsOptions& options_;
  std::vector<double>& w_;
  std::vector<double> gradient_;
  std::deque<Step> steps_;
  int still_ = 0;
};

}  // namespace

LbfgsResult minimise(const Objective& objective, std::vector<double>& w, const LbfgsOptions& options) {
  return Walk(objective, w, options).run();
}

}  // namespace lumir::learn
