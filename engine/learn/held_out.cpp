// Rows held out.

#include "learn/held_out.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/error.h"
#include "core/random.h"
#include "core/value.h"

namespace lumir::learn {

std::vector<int> all_rows(size_t n) {
  std::vector<int> rows(n);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

HeldOut hold_out(const std::string& who, const std::vector<int>& y, double share, uint64_t seed) {
  std::map<int, std::vector<int>> rows_of;
  for (size_t i = 0; i < y.size(); ++i) rows_of[y[i]].push_back(static_cast<int>(i));
  HeldOut sides;
  Random random(seed, "held out");
  double due = 0;  // what rounding has left over goes to the next class
  for (const auto& [label, rows] : rows_of) {
    due += share * static_cast<double>(rows.size());
    const auto count = std::min(static_cast<size_t>(std::max(std::round(due), 0.0)), rows.size() - 1);
    due -= static_cast<double>(count);
    const std::vector<int> order = random.permutation(static_cast<int>(rows.size()));
    for (size_t i = 0; i < rows.size(); ++i) {
      (i < count ? sides.held : sides.train).push_back(rows[static_cast<size_t>(order[i])]);
    }
  }
  std::sort(sides.held.begin(), sides.held.end());
  std::sort(sides.train.begin(), sides.train.end());
  if (sides.held.empty()) {
    throw ArgumentError(who + ": too few rows to hold out " + show_number(share) +
                        " of them; raise "
                        "'validation_fraction' or do without early stopping");
  }
  return sides;
}

}  // namespace lumir::learn
