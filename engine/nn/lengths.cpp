// Lengths through kernels, checks of lengths, masks.

#include "nn/lengths.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/div.h>
#include <ATen/ops/ge.h>

#include "core/error.h"
#include "tensor/show.h"
#include "tensor/worked_on.h"

namespace lumir::nn {

at::Tensor lengths_through(const at::Tensor& lengths, const Stride& along) {
  const int64_t reach = along.dilation * (along.kernel - 1) + 1;
  const int64_t rest = along.ceil_mode ? along.stride - 1 : 0;  // a step that is begun counts
  const at::Tensor room = lengths.to(at::kLong) + (2 * along.padding - reach + rest);
  at::Tensor after = at::div(room, along.stride, "floor") + 1;
  if (along.ceil_mode) {  // the last window begins within what came in or its padding at the front
    const at::Tensor begin = (after - 1) * along.stride;
    after = after - at::ge(begin, lengths.to(at::kLong) + along.padding).to(at::kLong);
  }
  return after.clamp_min(0);
}

at::Tensor checked_lengths(const at::Tensor& lengths, const at::Tensor& x, int64_t batch, int64_t time,
                           const std::string& who) {
  const int64_t rows = x.size(batch), frames = x.size(time);
  if (lengths.dim() != 1 || lengths.size(0) != rows) {
    throw ArgumentError(who + ": 'lengths' must be [" + std::to_string(rows) + "], one for each sequence, got " +
                        tensor::show_shape(lengths.sizes()));
  }
  const at::Tensor whole = lengths.detach().to(at::kLong);
  if (rows == 0) return whole.to(x.device());
  const auto shortest = whole.min().item<int64_t>(), longest = whole.max().item<int64_t>();
  if (shortest < 1 || longest > frames) {
    throw ArgumentError(who + ": 'lengths' must be 1 to " + std::to_string(frames) + ", got " +
                        std::to_string(shortest < 1 ? shortest : longest));
  }
  return whole.to(x.device());
}

void refuse_flat_batch(const at::Tensor& x, bool batch_first, const std::string& who) {
  if (x.dim() != 2 || tensor::worked_on().flat_rows != x.size(0)) return;
  throw ArgumentError(who + ": got a batch of " + std::to_string(x.size(0)) + " rows without time, " +
                      tensor::show_shape(x.sizes()) + ", which would be taken for one sequence; rows of [time, " +
                      std::to_string(x.size(1)) + "] have time, and x:unsqueeze(" + (batch_first ? "2" : "1") +
                      ") makes each row a frame");
}

at::Tensor padding_mask(const at::Tensor& lengths, int64_t time) {
  return at::ge(at::arange(time, lengths.options()).unsqueeze(0), lengths.unsqueeze(1));
}

}  // namespace lumir::nn
