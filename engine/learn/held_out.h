// Rows held out within a fit, to stop it in time.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lumir::learn {

/// Both ascending.
struct HeldOut {
  std::vector<int> train;
  std::vector<int> held;
};

/// 0 .. n - 1.
std::vector<int> all_rows(size_t n);

/// A random `share` of the rows of each class, of those that have two or more. Throws ArgumentError, begun by `who`,
/// where nothing would be held or nothing left.
HeldOut hold_out(const std::string& who, const std::vector<int>& y, double share, uint64_t seed);

}  // namespace lumir::learn
