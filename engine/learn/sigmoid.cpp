// Newton's method with backtracking, in two numbers.

#include "learn/sigmoid.h"

#include <algorithm>
#include <cmath>

namespace lumir::learn {
namespace {

constexpr int kMostIterations = 100;
constexpr double kLeastStep = 1e-10, kEnough = 1e-7, kRidge = 1e-12;

struct Sums {
  double aa = kRidge, bb = kRidge, ab = 0, a = 0, b = 0;  // of curvature and slope
};

class Fit {
 public:
  Fit(std::span<const double> decisions, const std::vector<bool>& positive, std::span<const double> weights)
      : decisions_(decisions), weights_(weights) {
    double in = 0, out = 0;
    for (size_t i = 0; i < decisions.size(); ++i) (positive[i] ? in : out) += weight(i);
    for (size_t i = 0; i < decisions.size(); ++i) {  // targets a little off 0 and 1, as Platt has them
      targets_.push_back(positive[i] ? (in + 1) / (in + 2) : 1 / (out + 2));
    }
    now_ = {0, std::log((out + 1) / (in + 1))};
  }

  Sigmoid run() {
    double value = loss(now_);
    for (int iteration = 0; iteration < kMostIterations; ++iteration) {
      const Sums sums = derivatives();
      if (std::fabs(sums.a) < kEnough && std::fabs(sums.b) < kEnough) break;
      const double determinant = sums.aa * sums.bb - sums.ab * sums.ab;
      const double da = -(sums.bb * sums.a - sums.ab * sums.b) / determinant;
      const double db = -(-sums.ab * sums.a + sums.aa * sums.b) / determinant;
      const double slope = sums.a * da + sums.b * db;
      double step = 1;
      for (; step >= kLeastStep; step /= 2) {
        const Sigmoid next{now_.a + step * da, now_.b + step * db};
        const double there = loss(next);
        if (!(there < value + 1e-4 * step * slope)) continue;
        now_ = next;
        value = there;
        break;
      }
      if (step < kLeastStep) break;
    }
    return now_;
  }

 private:
  double weight(size_t i) const { return weights_.empty() ? 1 : weights_[i]; }

  double loss(const Sigmoid& at) const {
    double sum = 0;
    for (size_t i = 0; i < decisions_.size(); ++i) {
      const double f = decisions_[i] * at.a + at.b;
      const double t = f >= 0 ? targets_[i] : targets_[i] - 1;
      sum += weight(i) * (t * f + std::log1p(std::exp(-std::fabs(f))));
    }
    return sum;
  }

  Sums derivatives() const {
    Sums sums;
    for (size_t i = 0; i < decisions_.size(); ++i) {
      const double d = decisions_[i], p = now_(d), curvature = weight(i) * p * (1 - p);
      const double slope = weight(i) * (targets_[i] - p);
      sums.aa += d * d * curvature;
      sums.bb += curvature;
      sums.ab += d * curvature;
      sums.a += d * slope;
      sums.b += slope;
    }
    return sums;
  }

  std::span<const double> decisions_, weights_;
  std::vector<double> targets_;
  Sigmoid now_;
};

}  // namespace

double Sigmoid::operator()(double decision) const {
  const double f = decision * a + b, e = std::exp(-std::fabs(f));
  return f >= 0 ? e / (1 + e) : 1 / (1 + e);
}

Sigmoid fit_sigmoid(std::span<const double> decisions, const std::vector<bool>& positive,
                    std::span<const double> weights) {
  // large decisions are measured in units that keep the exponent in range
  constexpr double kLarge = 30;
  double most = 0;
  for (const double decision : decisions) most = std::max(most, std::fabs(decision));
  if (most < kLarge) return Fit(decisions, positive, weights).run();
  std::vector<double> scaled;
  for (const double decision : decisions) scaled.push_back(decision * (kLarge / most));
  Sigmoid found = Fit(scaled, positive, weights).run();
  found.a *= kLarge / most;
  return found;
}

}  // namespace lumir::learn
