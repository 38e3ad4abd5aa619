// Masks of attention as numbers that are added to scores: 0 for what is seen, -inf for what is not.

#pragma once

#include <string>

#include "nn/module.h"

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

/// What a layer that attends can tell, whether its outputs hold it or not.
class Attending {
 public:
  virtual ~Attending() = default;
  /// How much each query looks at each key, [batch, heads, queries, keys], of an input that the layer takes: shares, of
  /// which none is left out by dropout.
  virtual at::Tensor weights_of(const Flow& input) const = 0;
};

/// The weights of one call of a layer.
struct AttentionMap {
  std::string path;  // of the layer: "body.layers.0.self_attn"
  at::Tensor weights;
};
/// Sends the input through the network once, in eval and without gradients, and answers what each layer that attends
/// looked at, in the order in which they were called. Modes are as before afterwards.
std::vector<AttentionMap> attention_maps(const ModulePtr& network, const Flow& input);

}  // namespace lumir::nn
