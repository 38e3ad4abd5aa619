// See iterative_stratification.h.

#include "data/iterative_stratification.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace lumir::data {
namespace {

class Dealer {
 public:
  Dealer(const Matrix& counts, const std::vector<double>& sizes, const std::vector<double>& shares)
      : counts_(counts), sizes_(sizes), left_(counts.columns), side_of_(counts.rows, -1) {
    for (size_t unit = 0; unit < counts.rows; ++unit) {
      for (size_t tag = 0; tag < counts.columns; ++tag) left_[tag] += counts(unit, tag);
    }
    const double rows = std::accumulate(sizes.begin(), sizes.end(), 0.0);
    for (const double share : shares) {
      wanted_rows_.push_back(share * rows);
      std::vector<double> wanted;
      for (const double of_tag : left_) wanted.push_back(share * of_tag);
      wanted_.push_back(std::move(wanted));
    }
  }

  std::vector<int> deal() {
    while (const auto tag = rarest()) deal_units_with(*tag);
    for (size_t unit = 0; unit < sizes_.size(); ++unit) {
      if (side_of_[unit] < 0) give(unit, best_side(std::nullopt));
    }
    return side_of_;
  }

 private:
  /// The tag that fewest rows are left of.
  std::optional<size_t> rarest() const {
    std::optional<size_t> found;
    for (size_t tag = 0; tag < left_.size(); ++tag) {
      if (left_[tag] > 0 && (!found || left_[tag] < left_[*found])) found = tag;
    }
    return found;
  }

  /// Units that have most of it first: what is left then evens out.
  void deal_units_with(size_t tag) {
    std::vector<size_t> units;
    for (size_t unit = 0; unit < sizes_.size(); ++unit) {
      if (side_of_[unit] < 0 && counts_(unit, tag) > 0) units.push_back(unit);
    }
    std::stable_sort(units.begin(), units.end(), [&](size_t a, size_t b) { return counts_(a, tag) > counts_(b, tag); });
    for (const size_t unit : units) give(unit, best_side(tag));
  }

  size_t best_side(std::optional<size_t> tag) const {
    size_t best = 0;
    const auto wants = [&](size_t side) {
      return std::pair(tag ? wanted_[side][*tag] : wanted_rows_[side], wanted_rows_[side]);
    };
    for (size_t side = 1; side < wanted_.size(); ++side) {
      if (wants(side) > wants(best)) best = side;
    }
    return best;
  }

  void give(size_t unit, size_t side) {
    side_of_[unit] = static_cast<int>(side);
    wanted_rows_[side] -= sizes_[unit];
    for (size_t tag = 0; tag < left_.size(); ++tag) {
      wanted_[side][tag] -= counts_(unit, tag);
      left_[tag] -= counts_(unit, tag);
    }
  }

  const Matrix& counts_;
  const std::vector<double>& sizes_;
  std::vector<double> left_;                 // rows of each tag that are not dealt yet
  std::vector<double> wanted_rows_;          // of each side
  std::vector<std::vector<double>> wanted_;  // [side][tag]
  std::vector<int> side_of_;
};

}  // namespace

std::vector<int> deal_by_tags(const Matrix& counts, const std::vector<double>& sizes,
                              const std::vector<double>& shares) {
  return Dealer(counts, sizes, shares).deal();
}

}  // namespace lumir::data
