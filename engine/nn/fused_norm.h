// A norm over channels and the bend behind it, by kernels of our own.

#pragma once

#include <optional>

#include <ATen/core/Tensor.h>

#include "nn/bend.h"

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
};

struct NormRun {
  at::Tensor y;     // lies as x does
  Moments moments;  // what it went by
};

/// Whether kernels can: on the CPU, in floats or doubles, without gaps, and unless they are turned off.
bool can_fuse(const NormWork& work);
/// Values and gradients are those of at::batch_norm and the bend up to rounding; gradients of gradients go through these.
NormRun fused_norm(const NormWork& work);
/// Bends floats where they lie, [batch, channels, ...]; nothing is recorded.
at::Tensor bent_in_place(const at::Tensor& z, const Bending& bending);

}  // namespace lumir::nn
