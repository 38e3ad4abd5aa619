// Kernels of norms over the channels of a batch, with the bend that follows, for each processor level.
//
// LibTorch reads a batch twice for its moments and once for each operator behind them, and writes it each time. Here a
// number is scaled, shifted and bent in one pass, and the way back works the bend out again in place of reading it.
//
// Numbers are dealt to parts by their count alone, and what is summed of each is added up in order: results do not
// depend on threads. They differ between processor levels in their last digits.

#pragma once

#include <cstdint>

#include "nn/bend.h"

namespace lumir::nn {

/// A batch, and what is done to the numbers of each channel. Arrays of channels have room for a whole register at their
/// end.
template <class T>
struct Norm {
  int64_t channels = 1;
  int64_t positions = 1;  // of a channel beside each other (a plane); 1: the channels of a place are (a row)
  const T* x = nullptr;
  const T *scale = nullptr, *shift = nullptr;  // z = x * scale + shift, which is bent
  Bend bend = Bend::none;
  T slope = 1;
  T* out = nullptr;  // what is bent; on the way back, derivatives by x

  // of the way back: by x it is factor * (g - middle - (x - mean) * share), where g are the derivatives by z
  const T* gradient = nullptr;  // by what was bent
  const T *mean = nullptr, *factor = nullptr, *middle = nullptr, *share = nullptr;

  bool in_rows() const { return positions == 1; }
};

/// Rows, or planes.
struct Part {
  int64_t first = 0, last = 0;
};

/// Of each channel (each plane) of a part the mean, and the sum of squares about it.
void norm_moments_floats(const Norm<float>& norm, const Part& part, float* means, float* squares);
void norm_moments_doubles(const Norm<double>& norm, const Part& part, double* means, double* squares);
void norm_apply_floats(const Norm<float>& norm, const Part& part);
void norm_apply_doubles(const Norm<double>& norm, const Part& part);
/// Of each channel (each plane) of a part the sum of g, and of g * (x - mean).
void norm_sums_floats(const Norm<float>& norm, const Part& part, float* sums, float* products);
void norm_sums_doubles(const Norm<double>& norm, const Part& part, double* sums, double* products);
void norm_back_floats(const Norm<float>& norm, const Part& part);
void norm_back_doubles(const Norm<double>& norm, const Part& part);

/// Pictures in rows, and blocks of their places beside each other, of which the largest number is kept. What is beyond the
/// last whole block is left out.
template <class T>
struct BlockRun {
  int64_t height = 1, width = 1;  // of a picture
  int64_t block_height = 1, block_width = 1;
  T* chosen = nullptr;       // the x of each block's largest number, [pictures, down, across, channels]; null: not kept
  uint8_t* which = nullptr;  // where in its block that stands, row by row

  int64_t down() const { return height / block_height; }
  int64_t across() const { return width / block_width; }
};

/// Of each block the largest bent number, into norm.out. Lines are rows of blocks. Bends must not fall anywhere.
void norm_largest_floats(const Norm<float>& norm, const BlockRun<float>& blocks, const Part& lines);
void norm_largest_doubles(const Norm<double>& norm, const BlockRun<double>& blocks, const Part& lines);
/// Derivatives by x, where norm.gradient are those by the largest. Lines are rows of pictures.
void norm_largest_back_floats(const Norm<float>& norm, const BlockRun<float>& blocks, const Part& lines);
void norm_largest_back_doubles(const Norm<double>& norm, const BlockRun<double>& blocks, const Part& lines);

}  // namespace lumir::nn
