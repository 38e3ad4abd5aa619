// Kernels of 3 x 3 and 5 x 5 convolutions with fewer products, for each processor level.
//
// Winograd's F(2 x 2, 3 x 3) as Lavin and Gray have it (Fast Algorithms for Convolutional Neural Networks, 2015): a
// patch of 4 x 4 places gives 2 x 2 by 16 products in place of 36. Patches and weights are brought into another form
// by sums alone; there each of sixteen places is a product of matrices over the channels.
//
// A 5 x 5 kernel is four of 3 x 3, two places apart: its patches are as many channels more (64 products in place of 100).
//
// A piece is some patches and some panels of channels; each number is summed in one order, so results do not depend
// on threads or pieces. They differ between processor levels in their last digits.

#pragma once

#include <atomic>
#include <cstdint>

namespace lumir::nn {

inline constexpr int64_t kForms = 16;  // numbers of a patch
// channels that weights have beside each other; pictures have whole panels of them
inline constexpr int64_t kPanel = 32;
// patches that go through the products together, or a whole multiple of those that do
inline constexpr int64_t kPatchesAtOnce = 12;

/// Where weights of [out, in, 3, 3] or [out, in, 5, 5] lie; negative steps turn a kernel round.
template <class Number>
struct KernelWeights {
  Number* data = nullptr;
  int64_t out_channels = 0, in_channels = 0;
  int64_t out_step = 0, in_step = 0, row_step = 0, column_step = 0;
  int64_t parts = 1;  // of 3 x 3, along a side
  int64_t inputs() const { return parts * parts * in_channels; }
  int64_t formed_size() const { return kForms * out_channels * inputs(); }
  Number* kernel(int64_t out, int64_t in) const { return data + out * out_step + in * in_step; }
};

/// Pictures whose channels lie beside each other.
struct PictureRows {
  const float* data = nullptr;
  int64_t count = 0, height = 0, width = 0, channels = 0;
};

struct Winograd {
  PictureRows x;
  int64_t padding_down = 0, padding_across = 0;
  int64_t parts = 1;  // of 3 x 3 that a kernel is made of, along a side
  int64_t out_channels = 0;
  const float* formed = nullptr;         // weights
  const float* bias = nullptr;           // null: none
  bool cuts = false;                     // what is below zero becomes zero
  float* out = nullptr;                  // [count, out_height, out_width, out_channels]
  const float* gradient = nullptr;       // by what came out, as that lies
  std::atomic<bool>* endless = nullptr;  // of each picture: infinity or NaN came out of it

  /// Channels that come in, once for each part.
  int64_t inputs() const { return parts * parts * x.channels; }
  int64_t out_height() const { return x.height + 2 * padding_down - 2 * parts; }
  int64_t out_width() const { return x.width + 2 * padding_across - 2 * parts; }
  int64_t down() const { return (out_height() + 1) / 2; }
  int64_t across() const { return (out_width() + 1) / 2; }
  int64_t patches() const { return x.count * down() * across(); }
};

/// Patches, channels that come out and inputs, both in whole panels.
struct WinogradPiece {
  int64_t first = 0, last = 0;
  int64_t first_out = 0, last_out = 0;
  int64_t first_in = 0, last_in = 0;
};

/// Brings the weights of some channels that come out into their form: panels of [forms, inputs, channels of the panel].
void winograd_weights(const KernelWeights<const float>& weights, float* formed, const WinogradPiece& piece);
/// What comes out of some patches; from all channels that come in.
void winograd_run(const Winograd& how, const WinogradPiece& piece);
/// Derivatives by weights in their form, of some patches, as winograd_weights lays them out; zeros at first.
void winograd_back(const Winograd& how, const WinogradPiece& piece, float* formed);
/// Derivatives by the weights themselves, the sum of `parts` that lie one behind the other.
void winograd_gather(const KernelWeights<float>& weights, const float* formed, int64_t parts,
                     const WinogradPiece& piece);

}  // namespace lumir::nn
