// What kernels read and write: blocks of frames, and whole tracks.
//
// A block is kLanes consecutive frames; row i of it is one Lanes, a frame in each lane. A track is a node's rows over
// the whole clip. Both are views: plain numbers that mean the same to every processor level.

#pragma once

#include <cstddef>
#include <span>

#include "signal/lanes.h"

namespace lumir::signal {

/// kLanes of the widest level; rooms are made for it.
inline constexpr size_t kMostLanes = 16;

/// kLanes consecutive frames of something that has rows: [rows, kLanes].
struct FrameBlock {
  const float* values = nullptr;
  size_t stride = 0;  // floats from one row to the next
  int row_count = 0;
  float hertz_per_row = 0;  // for spectra

  int rows() const { return row_count; }
  Lanes operator[](int row) const { return load(values + static_cast<size_t>(row) * stride); }
};

/// A spectrum block; MagnitudeFrames and PowerFrames say which.
struct SpectrumBlock : FrameBlock {
  int bins() const { return row_count; }
  /// Hz at the middle of a bin.
  float frequency(int bin) const { return static_cast<float>(bin) * hertz_per_row; }
};

/// Where a kernel writes kLanes frames: `out[row] = lanes`.
struct Rows {
  struct Row {
    float* to;
    void operator=(Lanes lanes) const { store(to, lanes); }
  };
  float* values = nullptr;
  size_t stride = 0;
  int row_count = 0;

  int rows() const { return row_count; }
  Row operator[](int row) const { return {values + static_cast<size_t>(row) * stride}; }
};

/// Rows over a whole clip: [rows, frames]. Each row may be written up to `padded` frames: a multiple of kLanes.
struct Track {
  float* values = nullptr;
  size_t stride = 0;
  int row_count = 0;
  long frames = 0;
  double frame_rate = 0;  // frames per second; samples per second where the track is the sound itself

  int rows() const { return row_count; }
  std::span<float> row(int i) const { return {values + static_cast<size_t>(i) * stride, static_cast<size_t>(frames)}; }
};

/// The sound itself, as a track of one row.
struct Signal : Track {
  const float* samples() const { return values; }
  long length() const { return frames; }
  double rate() const { return frame_rate; }
};

}  // namespace lumir::signal
