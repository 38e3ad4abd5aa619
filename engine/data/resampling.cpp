// See resampling.h.

#include "data/resampling.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/error.h"
#include "core/matrix.h"
#include "core/random.h"
#include "data/sample.h"
#include "data/words.h"

namespace lumir::data {
namespace {

std::vector<std::string> units_of(const std::vector<std::string>& groups, size_t rows) {
  if (!groups.empty()) return groups;
  std::vector<std::string> own;
  for (size_t row = 0; row < rows; ++row) own.push_back(with_digits(static_cast<int>(row), 9));
  return own;
}

/// Folds of rows in another order: groups have other names, rows without groups other places.
std::vector<Fold> shuffled_folds(const std::vector<int>& y, const std::vector<std::string>& groups,
                                 const RoundOptions& options, const FoldWords& words, Random random) {
  const auto n = static_cast<int>(y.size());
  if (!groups.empty()) {
    const auto names = distinct(groups);
    const auto order = random.permutation(static_cast<int>(names.size()));
    std::map<std::string, std::string> renamed;
    for (size_t i = 0; i < names.size(); ++i) renamed[names[i]] = with_digits(order[i], 9);
    std::vector<std::string> other;
    for (const auto& group : groups) other.push_back(renamed.at(group));
    return make_folds(y, other, options.folds, options.stratify, words);
  }
  const auto order = random.permutation(n);
  auto folds = make_folds(taken(y, order), {}, options.folds, options.stratify, words);
  for (auto& fold : folds) {
    for (auto* side : {&fold.train, &fold.valid}) {
      for (int& row : *side) row = order[static_cast<size_t>(row)];
      std::sort(side->begin(), side->end());
    }
  }
  return folds;
}

/// Rows of the groups that test, and all others.
Fold fold_of(const std::vector<std::string>& units, const std::vector<std::string>& tested) {
  Fold fold;
  for (size_t row = 0; row < units.size(); ++row) {
    const bool tests = std::binary_search(tested.begin(), tested.end(), units[row]);
    (tests ? fold.valid : fold.train).push_back(static_cast<int>(row));
  }
  return fold;
}

std::vector<Fold> one_out(const std::vector<std::string>& groups, const FoldWords& words) {
  if (groups.empty()) {
    throw ArgumentError("folds: split = 'leave_one_out' needs groups (by = a column, or groups = { ... } of a table)");
  }
  const auto names = distinct(groups);
  if (names.size() < 2) throw ArgumentError("folds: one " + words.by + " only, and none would be left to learn from");
  std::vector<Fold> rounds;
  for (const auto& name : names) rounds.push_back(fold_of(groups, {name}));
  return rounds;
}

/// Groups by the class of their first row, or all together.
std::map<int, std::vector<std::string>> strata_of(const std::vector<int>& y, const std::vector<std::string>& units,
                                                  bool by_class) {
  std::map<std::string, int> class_of;
  for (size_t row = 0; row < units.size(); ++row) class_of.emplace(units[row], by_class ? y[row] : 0);
  std::map<int, std::vector<std::string>> strata;
  for (const auto& [unit, label] : class_of) strata[label].push_back(unit);
  return strata;
}

/// Of every class its share, rounded so that the whole comes out; a class of one group only teaches.
Fold drawn(const std::map<int, std::vector<std::string>>& strata, const std::vector<std::string>& units, double hold,
           Random random) {
  std::vector<std::string> tested;
  double owed = 0;
  for (const auto& [label, members] : strata) {
    const auto n = members.size();
    owed += hold * static_cast<double>(n);
    const auto most = n > 1 ? n - 1 : 0;
    const auto wanted = std::min(most, static_cast<size_t>(std::max(0.0, std::round(owed))));
    owed -= static_cast<double>(wanted);
    const auto order = random.permutation(static_cast<int>(n));
    for (size_t i = 0; i < wanted; ++i) tested.push_back(members[static_cast<size_t>(order[i])]);
  }
  std::sort(tested.begin(), tested.end());
  return fold_of(units, tested);
}

std::vector<Fold> draws(const std::vector<int>& y, const std::vector<std::string>& groups, const RoundOptions& options,
                        const FoldWords& words, uint64_t seed) {
  const auto units = units_of(groups, y.size());
  const auto strata = strata_of(y, units, options.stratify);
  std::vector<Fold> rounds;
  for (int round = 0; round < options.folds; ++round) {
    rounds.push_back(drawn(strata, units, options.hold, Random(seed, "round " + std::to_string(round))));
    if (!rounds.back().valid.empty()) continue;
    throw ArgumentError("folds: 'hold' = " + show_number(options.hold) + " of " +
                        count_of(distinct(units).size(), words.by) + " is none of them");
  }
  return rounds;
}

}  // namespace

Schema RoundOptions::schema() {
  return {
      Option{"folds", &RoundOptions::folds, "rounds of each repeat; of 'shuffle', draws", Range{1, 1e4}},
      Option{"by", &RoundOptions::by, "what stays together: a level such as 'album'; '' for the data's own"},
      Option{"stratify", &RoundOptions::stratify, "keep the shares of the classes alike"},
      Option{"split", &RoundOptions::split,
             "'folds': each row tests once; 'shuffle': draws of a share; 'leave_one_out': each group tests once, alone",
             Choices{"folds", "shuffle", "leave_one_out"}},
      Option{"repeats", &RoundOptions::repeats, "how often 'folds' are dealt, from the second on in another order",
             Range{1, 1e4}},
      Option{"shuffle", &RoundOptions::shuffle, "deal 'folds' in an order that is drawn the first time too"},
      Option{"hold", &RoundOptions::hold, "the share of the groups that 'shuffle' tests on", Range{above(0), below(1)}},
      Option{"seed", &RoundOptions::seed, "of what is drawn; 'none' takes that of lumir.seed"},
      Option{"leak", &RoundOptions::leak,
             "what is done where a round leaks: an error, going on, or leaving the songs that both sides have out of "
             "training",
             Choices{"refused", "allowed", "moved"}}};
}

std::vector<Fold> make_rounds(const std::vector<int>& y, const std::vector<std::string>& groups,
                              const RoundOptions& options, const FoldWords& words) {
  const uint64_t seed = seed_or_global(options.seed);
  if (options.split == "leave_one_out") return one_out(groups, words);
  if (options.split == "shuffle") return draws(y, groups, options, words, seed);
  std::vector<Fold> rounds;
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    const bool drawn_order = options.shuffle || repeat > 0;
    auto folds = drawn_order
                     ? shuffled_folds(y, groups, options, words, Random(seed, "repeat " + std::to_string(repeat)))
                     : make_folds(y, groups, options.folds, options.stratify, words);
    std::move(folds.begin(), folds.end(), std::back_inserter(rounds));
  }
  return rounds;
}

}  // namespace lumir::data
