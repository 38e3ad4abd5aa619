// Resampling: every way of cutting rows again and again into those that teach and those that test.
//
//   folds          each row tests once (folds.h); repeated, in another order each time
//   shuffle        so many draws of a share of the groups
//   leave_one_out  each group tests once, alone

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/schema.h"
#include "data/folds.h"

namespace lumir::data {

struct RoundOptions {
  int folds = 5;
  std::string by = "";
  bool stratify = true;
  std::string split = "folds";
  int repeats = 1;
  bool shuffle = false;
  double hold = 0.2;
  std::optional<int> seed = std::nullopt;
  std::string leak = "refused";
  static Schema schema();
};

/// `groups` may be empty: each row is one. Throws ArgumentError as make_folds does, for leave_one_out without groups, and
/// where a share of the groups is none or all of them.
std::vector<Fold> make_rounds(const std::vector<int>& y, const std::vector<std::string>& groups,
                              const RoundOptions& options, const FoldWords& words);

}  // namespace lumir::data
