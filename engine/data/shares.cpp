// See shares.h.

#include "data/shares.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lumir::data {

std::vector<size_t> share_out(const std::vector<size_t>& sizes, size_t total) {
  const size_t all = std::accumulate(sizes.begin(), sizes.end(), size_t{0});
  std::vector<size_t> shares;
  std::vector<std::pair<double, size_t>> remainders;
  size_t given = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    const double exact = static_cast<double>(total * sizes[i]) / static_cast<double>(all);
    shares.push_back(static_cast<size_t>(exact));
    given += shares.back();
    remainders.emplace_back(exact - std::floor(exact), i);
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [remainder, i] : remainders) {
    if (given >= total) break;
    ++shares[i];
    ++given;
  }
  return shares;
}

}  // namespace lumir::data
