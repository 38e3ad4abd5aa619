// Masks of attention as numbers that are added to scores: 0 for what is seen, -inf for what is not.

#pragma once

#include <string>

#include <ATen/core/Tensor.h>

namespace lumir::nn {

/// Numbers as they are; of a mask of booleans 0, and -inf where it is true. `like` gives type and device.
at::Tensor as_scores(const at::Tensor& mask, const at::Tensor& like);

/// [1, queries, keys] or [rows, queries, keys] of a mask [queries, keys] or [rows, queries, keys]: true is not seen,
/// numbers are taken as they are. `like` gives type and device. Throws ArgumentError for other shapes.
at::Tensor score_mask(const at::Tensor& mask, int64_t queries, int64_t keys, int64_t rows, const at::Tensor& like,
                      const std::string& who);
/// [batch, keys] of a mask of that shape, or of [keys] where the batch is one.
at::Tensor padding_scores(const at::Tensor& mask, int64_t keys, int64_t batch, const at::Tensor& like,
                          const std::string& who);
/// [batch * heads, 1, keys] of [batch, keys].
at::Tensor for_heads(const at::Tensor& scores, int64_t heads);

}  // namespace lumir::nn
