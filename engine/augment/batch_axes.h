// Which dimensions of a batch are time and frequency.

#pragma once

#include <string>
#include <variant>
#include <vector>

#include "augment/batch_effect.h"

namespace lumir::augment {

/// Of [batch, channel, mel, time] or [batch, time, features].
struct Axes {
  int64_t time = 0, frequency = 0;
};
using TimeDim = std::variant<int, std::string>;

/// The option `time_dim` of S, a TimeDim.
template <class S>
Option time_dim_option() {
  return Option{"time_dim", &S::time_dim,
                "the dimension of time, from 1; frequency is the other one of the last two. 'auto': the last of "
                "[batch, channel, mel, time], the second of [batch, time, features]",
                Choices{"auto"}, Range{2, 4}};
}
/// Throws ArgumentError, begun by `who`, where the batch has no such dimensions.
Axes axes_of(const Batch& batch, const TimeDim& time_dim, const std::string& who);

/// Throws ArgumentError, begun by `who`, unless x is pictures: [batch, ..., rows, columns].
void check_pictures(const at::Tensor& x, const std::string& who);
/// Throws ArgumentError, begun by `who`, unless one thing was drawn for each example of the batch.
void check_drawn(size_t drawn, const Batch& batch, const std::string& name, const std::string& who);
/// One tensor of all examples.
at::Tensor stacked(const std::vector<at::Tensor>& examples);
/// The batch with every example changed by itself.
template <class Change>
Batch with_each(const Batch& batch, Change change) {
  std::vector<at::Tensor> examples;
  for (int64_t i = 0; i < batch.x.size(0); ++i)
    examples.push_back(change(batch.x.select(0, i), static_cast<size_t>(i)));
  Batch changed = batch;
  changed.x = stacked(examples);
  return changed;
}

/// The i-th example as far as it is true along `time`, a dimension of the batch: all of it where nothing is padded.
at::Tensor example_of(const Batch& batch, int64_t i, int64_t time);
/// with_each, but each example only as far as it is true: what stands behind it stays there.
template <class Change>
Batch with_each_true(const Batch& batch, int64_t time, Change change) {
  if (!batch.lengths.defined()) return with_each(batch, change);
  Batch changed = batch;
  changed.x = batch.x.clone();
  for (int64_t i = 0; i < batch.x.size(0); ++i) {
    example_of(changed, i, time).copy_(change(example_of(batch, i, time), static_cast<size_t>(i)));
  }
  return changed;
}

}  // namespace lumir::augment
