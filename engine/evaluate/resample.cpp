// Bootstrap draws of whole groups.

#include "evaluate/resample.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/parallel.h"
#include "core/random.h"

namespace lumir::evaluate {

Resampler::Resampler(const std::vector<std::string>& groups, size_t n_rows, uint64_t seed) : seed_(seed) {
  if (groups.empty()) {
    for (size_t i = 0; i < n_rows; ++i) members_.push_back({static_cast<int>(i)});
    return;
  }
  std::map<std::string, std::vector<int>> by_group;
  for (size_t i = 0; i < groups.size(); ++i) by_group[groups[i]].push_back(static_cast<int>(i));
  for (auto& [group, rows] : by_group) members_.push_back(std::move(rows));
}

void Resampler::draw(int i, std::span<double> weights) const {
  Random random(seed_, static_cast<uint64_t>(i) + 1);
  std::fill(weights.begin(), weights.end(), 0.0);
  for (size_t n = 0; n < members_.size(); ++n) {
    const auto& group = members_[random.below(static_cast<uint32_t>(members_.size()))];
    for (const int row : group) weights[static_cast<size_t>(row)] += 1;
  }
}

double percentile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(std::floor(place));
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::vector<Interval> intervals(const Resampler& resampler, size_t n_rows,
                                const std::vector<metric::Measurer>& measurers) {
  std::vector<std::vector<double>> drawn(measurers.size(), std::vector<double>(kResamples));
  constexpr size_t kPiece = 100;
  parallel_for(kResamples / kPiece, [&](size_t piece) {
    std::vector<double> weights(n_rows);
    for (size_t i = piece * kPiece; i < (piece + 1) * kPiece; ++i) {
      resampler.draw(static_cast<int>(i), weights);
      for (size_t m = 0; m < measurers.size(); ++m) drawn[m][i] = *measurers[m](weights).number();
    }
  });
  std::vector<Interval> out;
  for (size_t m = 0; m < measurers.size(); ++m) {
    auto& draws = drawn[m];
    std::sort(draws.begin(), draws.end());
    out.push_back({*measurers[m]().number(), percentile(draws, 0.025), percentile(draws, 0.975)});
  }
  return out;
}

}  // namespace lumir::evaluate
