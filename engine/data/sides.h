// The sides of a split: what each is called, and what any two of them share.
//
// A split has two sides, or three: one to learn from, one to choose by, one to be scored on once. What a later side
// holds, no earlier one may have learned from, so every pair is audited.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "data/audit.h"
#include "data/dataset.h"

namespace lumir::data {

/// In the order in which a split answers them.
enum class Side { none, train, valid, test };

/// "train", "validation", "test".
std::string name_of(Side side);

/// Rows (0-based, ascending) of the sides that there are.
using SideRows = std::map<Side, std::vector<int>>;
/// The rows of each side, where `sides` says for every row which it is on.
SideRows rows_of_sides(const std::vector<Side>& sides);

/// The sides of a corpus that comes with a column `split`: training (train), validation (valid, val, dev) or test
/// (eval) in every row. Throws ArgumentError where there is no such column, or a word in it is none of these.
std::vector<Side> official_sides(const Dataset& songs);

/// Two sides, and what the audit says of them.
struct ComparedSides {
  Side learns = Side::train;
  Side tests = Side::valid;
  bool alone = true;  // the split has no others
  Audit audit;
};

/// As treat_leaks of audit.h; `rows` are those of the side that learns.
void treat_leaks(ComparedSides& sides, const std::string& leak, const std::string& who, std::vector<int>& rows);

/// All findings as those of one audit.
Audit joined(const std::vector<ComparedSides>& compared);
/// Audit::line for a split with so many sides.
std::string audit_line(const Audit& audit, size_t sides);

}  // namespace lumir::data
