// How likely the classes are.

#include "learn/priors.h"

#include <cmath>
#include <numeric>

namespace lumir::learn {

std::vector<double> priors_of(const std::string& who, const std::vector<double>& given, const PresentRows& rows) {
  std::vector<double> priors = rows.class_sums();
  if (!given.empty()) {
    if (given.size() != static_cast<size_t>(rows.classes.all)) {
      throw ArgumentError(who + ": 'priors' has " + std::to_string(given.size()) + " numbers for " +
                          std::to_string(rows.classes.all) + " classes");
    }
    for (size_t c = 0; c < priors.size(); ++c) priors[c] = given[static_cast<size_t>(rows.classes.labels[c])];
  }
  const double sum = std::accumulate(priors.begin(), priors.end(), 0.0);
  if (!(sum > 0)) throw ArgumentError(who + ": 'priors' of the classes that have rows are all 0");
  for (double& prior : priors) prior /= sum;
  return priors;
}

std::vector<double> logarithms(const std::vector<double>& priors) {
  std::vector<double> logs;
  for (const double prior : priors) logs.push_back(std::log(prior));
  return logs;
}

}  // namespace lumir::learn
