// Points of an embedding, and what acts on them.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "core/parallel.h"

namespace lumir::learn {

constexpr size_t kWorthThreads = 1000;  // points from which threads pay for their start

/// Calls body(begin, end) for pieces of n points or rows; which pieces depends on n alone.
template <size_t kPiece = 128, class Body>
void for_pieces(size_t n, const Body& body) {
  if (n < kWorthThreads) {
    body(0, n);
    return;
  }
  parallel_for((n + kPiece - 1) / kPiece,
               [&](size_t piece) { body(piece * kPiece, std::min((piece + 1) * kPiece, n)); });
}

/// Coordinates of each kind by themselves; of a line or a plane those that are missing stay 0.
class Points {
 public:
  explicit Points(size_t n) { coordinates_.fill(std::vector<float>(n)); }
  size_t size() const { return coordinates_[0].size(); }
  std::vector<float>& along(size_t dimension) { return coordinates_[dimension]; }
  const std::vector<float>& along(size_t dimension) const { return coordinates_[dimension]; }

 private:
  std::array<std::vector<float>, 3> coordinates_;
};

/// A force on one point, and the sum of the kernel, which the normaliser needs.
struct Force {
  std::array<float, 3> along{};
  float closeness = 0;
};

}  // namespace lumir::learn
