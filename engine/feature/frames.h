// Frames: what an extractor gives, rows over time, each row with a name.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace lumir::feature {

/// One feature of a set: `rows` rows that begin at `first`.
struct Part {
  std::string name;  // "mfcc"
  size_t first = 0;
  size_t rows = 0;
  bool scalar = false;  // one number for the whole clip (tempo), repeated over no frames: see Frames::scalars
};

/// [rows, frames] of float. Scalar parts have no frames; their numbers stand in `scalars`.
struct Frames {
  size_t rows = 0;
  size_t frames = 0;
  std::vector<float> values;            // row-major [rows, frames]
  std::vector<std::string> names;       // one for each row: "mfcc_03" (counted from 1), "rms"
  std::vector<std::string> scalar_names;  // "tempo"
  std::vector<double> scalars;
  std::vector<Part> parts;              // in the order of the set
  double frame_rate = 0;                // frames per second

  std::span<const float> row(size_t i) const { return {values.data() + i * frames, frames}; }
  std::span<float> row(size_t i) { return {values.data() + i * frames, frames}; }
};

/// What describes one recording: named numbers, as in a row of a table.
struct Description {
  std::vector<std::string> names;  // "mfcc_03_mean"
  std::vector<double> values;
};

}  // namespace lumir::feature
