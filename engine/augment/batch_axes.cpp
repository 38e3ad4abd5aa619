// Dimensions of batches.

#include "augment/batch_axes.h"

#include <algorithm>

#include <ATen/ops/stack.h>

#include "tensor/show.h"

namespace lumir::augment {

Axes axes_of(const Batch& batch, const TimeDim& time_dim, const std::string& who) {
  const int64_t dim = batch.x.dim();
  const int* given = std::get_if<int>(&time_dim);
  const int64_t time = given ? *given - 1 : dim == 3 ? 1 : dim - 1;
  if (dim < 3 || dim > 4 || time < dim - 2 || time > dim - 1) {
    throw ArgumentError(who + ": takes a batch of [batch, channel, mel, time] or [batch, time, features]" +
                        (given ? " with time_dim = " + std::to_string(*given) : std::string()) + ", got " +
                        tensor::show_shape(batch.x.sizes()));
  }
  return {time, 2 * dim - 3 - time};
}

void check_pictures(const at::Tensor& x, const std::string& who) {
  if (x.dim() >= 3) return;
  throw ArgumentError(who + ": takes a batch of [batch, ..., rows, columns], got " + tensor::show_shape(x.sizes()));
}

void check_drawn(size_t drawn, const Batch& batch, const std::string& name, const std::string& who) {
  if (static_cast<int64_t>(drawn) == batch.x.size(0)) return;
  throw ArgumentError(who + ": '" + name + "' must be of " + std::to_string(batch.x.size(0)) + " examples, got " +
                      std::to_string(drawn));
}

at::Tensor example_of(const Batch& batch, int64_t i, int64_t time) {
  at::Tensor example = batch.x.select(0, i);
  if (!batch.lengths.defined()) return example;
  return example.narrow(time - 1, 0, std::min(batch.lengths.select(0, i).item<int64_t>(), batch.x.size(time)));
}

at::Tensor stacked(const std::vector<at::Tensor>& examples) { return at::stack(examples); }

}  // namespace lumir::augment
