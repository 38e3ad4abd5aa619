// Frames: what an extractor gives, rows over time, each row with a name.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/axes.h"
#include "core/spill.h"

namespace lumir::feature {

/// Moments of a clip (onsets, beats), ascending.
struct Times {
  std::vector<double> seconds;
};

/// What a feature gives: rows over frames, one number for the whole clip (tempo), several with names (harmony_mean,
/// harmony_var), or moments of it (onsets).
enum class Gives { rows, number, numbers, times };

/// One feature of a set. `first` is its first row, or its place among the scalars or the times; `rows` counts rows or
/// scalars.
struct Part {
  std::string name;  // "mfcc"
  size_t first = 0;
  size_t rows = 0;
  Gives gives = Gives::rows;
  AxesPtr axes = nullptr;  // of rows; null where it is not known what they are
};

/// [rows, frames] of float. Numbers of the whole clip and moments stand beside them.
struct Frames {
  size_t rows = 0;
  size_t frames = 0;
  Floats values;                          // row-major [rows, frames]
  std::vector<std::string> names;         // one for each row: "mfcc_03" (counted from 1), "rms"
  std::vector<std::string> scalar_names;  // "tempo"
  std::vector<double> scalars;
  std::vector<Times> times;
  std::vector<Part> parts;  // in the order of the set
  double frame_rate = 0;    // frames per second

  /// What the numbers have become; rows and columns stay what they were.
  void become(const std::string& words, const std::string& unit = "", Measure measure = Measure::plain) {
    for (auto& part : parts) part.axes = with_values(part.axes, words, unit, measure);
  }
  std::span<const float> row(size_t i) const { return {values.data() + i * frames, frames}; }
  std::span<float> row(size_t i) { return {values.data() + i * frames, frames}; }
};

/// What describes one recording: named numbers, as in a row of a table.
struct Description {
  std::vector<std::string> names;  // "mfcc_03_mean"
  std::vector<double> values;
};

}  // namespace lumir::feature
