// Decibels over blocks and over whole tracks.

#include "feature/decibels.h"

#include <algorithm>
#include <cmath>

#include "core/spill.h"
#include "signal/kernel.h"

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
    relieve_memory();
  }
  const float floor = largest(top) - top_db;
  for (int i = 0; i < rows.rows(); ++i) {
    for (float& value : rows.row(i)) value = value < floor ? floor : value;
    relieve_memory();
  }
}

/// factor * (log10(max(amin, x)) - log10(reference)) in place; exactly 0 for the reference itself.
void row_to_decibels(float* values, long n, float reference, float amin, float factor) {
  const float factor2 = factor * 0.30102999566398120f;  // of log2
  const Lanes zero = log2(splat(reference));
  const auto convert = [&](Lanes value) {
    value = splat(amin) > value ? splat(amin) : value;
    const Lanes converted = factor2 * (log2(value) - zero);
    return value - value == 0 ? converted : value;  // what is not finite stays
  };
  long t = 0;
  for (; t + kLanes <= n; t += kLanes) store(values + t, convert(load(values + t)));
  for (; t < n; ++t) values[t] = convert(splat(values[t]))[0];
}

LUMIR_KERNEL(block_to_decibels);
LUMIR_KERNEL(limit_range);
LUMIR_KERNEL(row_to_decibels);

#ifndef LUMIR_KERNELS_ONLY
void track_to_decibels(Track rows, double reference, double amin, std::optional<double> top_db, double factor) {
  const auto convert = best(&row_to_decibels);
  const auto zero = static_cast<float>(std::max(amin, reference));
  for (int i = 0; i < rows.rows(); ++i) {
    convert(rows.row(i).data(), rows.frames, zero, static_cast<float>(amin), static_cast<float>(factor));
  }
  if (top_db) best (&limit_range)(rows, static_cast<float>(*top_db));
}

double DecibelOptions::reference(Track rows) const {
  if (const double* number = std::get_if<double>(&ref)) return *number;
  float greatest = 0;
  for (int i = 0; i < rows.rows(); ++i) {
    for (float value : rows.row(i)) greatest = std::max(greatest, value);
  }
  return greatest;
}
#endif

}  // namespace lumir::feature
