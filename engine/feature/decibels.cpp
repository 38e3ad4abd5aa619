// Decibels over blocks and over whole tracks.

#include "feature/decibels.h"

#include <algorithm>
#include <cmath>

#include "feature/kernel.h"

namespace lumir::feature {

void block_to_decibels(const FrameBlock& power, float amin, Rows out) {
  for (int row = 0; row < power.rows(); ++row) out[row] = decibels(max(power[row], splat(amin)));
}

void limit_range(Track rows, float top_db) {
  if (rows.frames < 1) return;
  Lanes top = splat(-INFINITY);
  for (int i = 0; i < rows.rows(); ++i) {
    const auto row = rows.row(i);
    long t = 0;
    for (; t + kLanes <= rows.frames; t += kLanes) top = max(load(row.data() + t), top);
    for (; t < rows.frames; ++t) top = max(splat(row[static_cast<size_t>(t)]), top);
  }
  const float floor = largest(top) - top_db;
  for (int i = 0; i < rows.rows(); ++i) {
    for (float& value : rows.row(i)) value = value < floor ? floor : value;
  }
}

void track_to_decibels(Track rows, double reference, double amin, std::optional<double> top_db) {
  const double offset = 10 * std::log10(std::max(amin, reference));
  for (int i = 0; i < rows.rows(); ++i) {
    for (float& value : rows.row(i)) {
      value = static_cast<float>(10 * std::log10(std::max(amin, static_cast<double>(value))) - offset);
    }
  }
  if (top_db) limit_range(rows, static_cast<float>(*top_db));
}

LUMIR_KERNEL(block_to_decibels);
LUMIR_KERNEL(limit_range);

}  // namespace lumir::feature
