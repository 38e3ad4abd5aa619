#include "learn/pairwise.h"

#include <algorithm>
#include <cmath>

#include "core/parallel.h"
#include "learn/vectors.h"

namespace lumir::learn {
namespace {

/// The pairs' decisions for one row, from its kernel with every training row; positive for the first class.
void decide(const PairwiseMachine& machine, std::span<const double> kernel_row, std::span<double> decisions) {
  const auto part = [&](int c, int against) {
    const auto coefficients = machine.segment(c, against);
    return dot(coefficients.data(), kernel_row.data() + machine.classes.first(c), coefficients.size());
  };
  size_t pair = 0;
  for (int a = 0; a < machine.classes.count(); ++a) {
    for (int b = a + 1; b < machine.classes.count(); ++b, ++pair) {
      decisions[pair] = part(a, b) + part(b, a) + machine.intercept[pair];
    }
  }
}

/// The classes' probabilities from those of pairs: Wu, Lin and Weng, Probability Estimates for Multi-class
/// Classification by Pairwise Coupling (2004), as libsvm has it. `pairs`(a, b) is how much likelier a is than b,
/// together 1.
std::vector<double> couple(const Matrix& pairs) {
  const size_t n = pairs.rows;
  Matrix q(n, n);
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = 0; b < n; ++b) {
      if (a == b) continue;
      q(a, a) += pairs(b, a) * pairs(b, a);
      q(a, b) = -pairs(b, a) * pairs(a, b);
    }
  }
  std::vector<double> p(n, 1 / static_cast<double>(n)), qp(n);
  const size_t most = std::max<size_t>(100, n);
  const double enough = 0.005 / static_cast<double>(n);
  for (size_t iteration = 0; iteration < most; ++iteration) {
    double whole = 0, off = 0;
    for (size_t a = 0; a < n; ++a) {
      qp[a] = dot(q.row(a).data(), p.data(), n);
      whole += p[a] * qp[a];
    }
    for (size_t a = 0; a < n; ++a) off = std::max(off, std::fabs(qp[a] - whole));
    if (off < enough) break;
    for (size_t a = 0; a < n; ++a) {
      const double change = (whole - qp[a]) / q(a, a);
      p[a] += change;
      whole = (whole + change * (change * q(a, a) + 2 * qp[a])) / (1 + change) / (1 + change);
      for (size_t b = 0; b < n; ++b) {
        qp[b] = (qp[b] + change * q(a, b)) / (1 + change);
        p[b] /= 1 + change;
      }
    }
  }
  return p;
}

}  // namespace

std::vector<ClassPair> pairs_of(const ClassSegments& classes) {
  std::vector<ClassPair> pairs;
  for (int a = 0; a < classes.count(); ++a) {
    for (int b = a + 1; b < classes.count(); ++b) pairs.push_back({a, b, static_cast<int>(pairs.size())});
  }
  return pairs;
}

void for_decisions(const PairwiseMachine& machine, const Matrix& kernel_rows,
                   const std::function<void(size_t, std::span<const double>)>& use) {
  parallel_for(kernel_rows.rows, [&](size_t i) {
    std::vector<double> decisions(machine.intercept.size());
    decide(machine, kernel_rows.row(i), decisions);
    use(i, decisions);
  });
}

int vote(const ClassSegments& classes, std::span<const double> decisions) {
  std::vector<int> votes(static_cast<size_t>(classes.count()));
  size_t pair = 0;
  for (size_t a = 0; a < votes.size(); ++a) {
    for (size_t b = a + 1; b < votes.size(); ++b, ++pair) ++votes[decisions[pair] > 0 ? a : b];
  }
  const auto winner = std::max_element(votes.begin(), votes.end());
  return classes.labels[static_cast<size_t>(winner - votes.begin())];
}

void rank(const ClassSegments& classes, std::span<const double> decisions, std::span<double> scores) {
  const size_t n = static_cast<size_t>(classes.count());
  std::vector<double> votes(n), confidence(n);
  size_t pair = 0;
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = a + 1; b < n; ++b, ++pair) {
      votes[decisions[pair] >= 0 ? a : b] += 1;
      confidence[a] += decisions[pair];
      confidence[b] -= decisions[pair];
    }
  }
  double least = 0;
  for (size_t c = 0; c < n; ++c) {
    double& score = scores[static_cast<size_t>(classes.labels[c])];
    score = n == 2 ? confidence[c] : votes[c] + confidence[c] / (3 * (std::fabs(confidence[c]) + 1));
    least = std::min(least, score);
  }
  for (size_t c = 0; c < scores.size(); ++c) {
    if (!std::binary_search(classes.labels.begin(), classes.labels.end(), static_cast<int>(c))) scores[c] = least - 1;
  }
}

void estimate(const PairwiseMachine& machine, std::span<const double> decisions, std::span<double> scores) {
  constexpr double kLeast = 1e-7;
  const auto n = static_cast<size_t>(machine.classes.count());
  Matrix pairs(n, n);
  size_t pair = 0;
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = a + 1; b < n; ++b, ++pair) {
      pairs(a, b) = std::clamp(machine.sigmoids[pair](decisions[pair]), kLeast, 1 - kLeast);
      pairs(b, a) = 1 - pairs(a, b);
    }
  }
  const std::vector<double> shares = couple(pairs);
  std::fill(scores.begin(), scores.end(), 0);
  for (size_t c = 0; c < n; ++c) scores[static_cast<size_t>(machine.classes.labels[c])] = shares[c];
}

}  // namespace lumir::learn
