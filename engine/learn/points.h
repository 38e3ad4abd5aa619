// Points of an embedding, and what acts on them.

#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace lumir::learn {

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
