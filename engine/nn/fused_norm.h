// A norm over channels, the bend behind it and the pooling behind that, by kernels of our own.

#pragma once

#include <optional>

#include <ATen/core/Tensor.h>

#include "nn/bend.h"
#include "nn/pooled.h"

namespace lumir::nn {

/// Of each channel: [channels]. The variance is that of the batch itself, divided by how many numbers there are.
struct Moments {
  at::Tensor mean, variance;
};

struct NormWork {
  at::Tensor x;                  // [batch, channels, ...]
  at::Tensor weight, bias;       // [channels]
  std::optional<Moments> known;  // what it goes by; else by the moments of the batch
  double eps = 1e-5;
  Bending bending;
  std::optional<Blocks> blocks;  // behind the bend; what is beyond the last whole block is left out
};

struct NormRun {
  at::Tensor y;     // lies as x does
  Moments moments;  // what it went by
};

/// Whether kernels can: on the CPU, in floats or doubles, without gaps, blocks with the channels of a place beside each
/// other, and unless they are turned off.
bool can_fuse(const NormWork& work);
/// Values and gradients are those of at::batch_norm and the bend up to rounding; gradients of gradients go through these.
NormRun fused_norm(const NormWork& work);
/// Bends floats where they lie, [batch, channels, ...], or takes the largest of each block; nothing is recorded.
at::Tensor bent_in_place(const at::Tensor& z, const Bending& bending, const std::optional<Blocks>& blocks);
/// Of each block the largest, by LibTorch's operator; x itself where there are none.
at::Tensor largest_of(const at::Tensor& x, const std::optional<Blocks>& blocks);

}  // namespace lumir::nn
