// True lengths of padded sequences: how they change on their way through layers, and what is done with them.

#pragma once

#include <string>

#include <ATen/core/Tensor.h>

namespace lumir::nn {

/// How a kernel moves along one dimension.
struct Stride {
  int64_t kernel = 1, stride = 1, padding = 0, dilation = 1;
  bool ceil_mode = false;
};

/// The true lengths, int64 [batch], of what a kernel makes of sequences.
at::Tensor lengths_through(const at::Tensor& lengths, const Stride& along);

/// int64 [batch] on the device of x. Throws ArgumentError, begun by `who`, unless there is one for each row of x and
/// each is 1 to the size of dimension `time` (from 0).
at::Tensor checked_lengths(const at::Tensor& lengths, const at::Tensor& x, int64_t batch, int64_t time,
                           const std::string& who);

/// Throws ArgumentError, begun by `who`, where what looks like one sequence, x of [time, numbers], is the batch that is
/// worked on, whose rows have no time: rows of a table would be heard as the frames of one recording.
void refuse_flat_batch(const at::Tensor& x, bool batch_first, const std::string& who);

/// bool [batch, time]: true for frames beyond the true ones.
at::Tensor padding_mask(const at::Tensor& lengths, int64_t time);

}  // namespace lumir::nn
