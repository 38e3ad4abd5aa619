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

std::vector<int> Resampler::draw(int i) const {
  Random random(seed_, static_cast<uint64_t>(i) + 1);
  std::vector<int> rows;
  for (size_t n = 0; n < members_.size(); ++n) {
    const auto& group = members_[random.below(static_cast<uint32_t>(members_.size()))];
    rows.insert(rows.end(), group.begin(), group.end());
  }
  return rows;
}

double percentile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(std::floor(place));
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::vector<Interval> intervals(const Resampler& resampler, size_t n_rows,
                                const std::function<std::vector<double>(const std::vector<int>& rows)>& score) {
  std::vector<int> all(n_rows);
  for (size_t i = 0; i < n_rows; ++i) all[i] = static_cast<int>(i);
  const std::vector<double> values = score(all);
  std::vector<std::vector<double>> drawn(kResamples);
  constexpr size_t kPiece = 100;
  parallel_for(kResamples / kPiece, [&](size_t piece) {
    for (size_t i = piece * kPiece; i < (piece + 1) * kPiece; ++i)
      drawn[i] = score(resampler.draw(static_cast<int>(i)));
  });
  std::vector<Interval> out(values.size());
  std::vector<double> column(kResamples);
  for (size_t name = 0; name < values.size(); ++name) {
    for (size_t i = 0; i < kResamples; ++i) column[i] = drawn[i][name];
    std::sort(column.begin(), column.end());
    out[name] = {values[name], percentile(column, 0.025), percentile(column, 0.975)};
  }
  return out;
}

}  // namespace lumir::evaluate
