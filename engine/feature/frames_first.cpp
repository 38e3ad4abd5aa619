// Frames first: time as the first axis, as recurrent networks read it.

#include "feature/frames_step.h"
#include "tensor/convert.h"
#include "tensor/described.h"

namespace lumir::feature {
namespace {

at::Tensor frames_first(Frames frames, const NoOptions&) {
  FrameValues values(frames.values.size());
  for (size_t row = 0; row < frames.rows; ++row) {
    const auto from = frames.row(row);
    for (size_t t = 0; t < frames.frames; ++t) values[t * frames.rows + row] = from[t];
  }
  const auto rows = static_cast<int64_t>(frames.rows), count = static_cast<int64_t>(frames.frames);
  at::Tensor turned = tensor::from_floats(values, {count, rows});
  const bool alone = frames.parts.size() == 1;
  if (alone) tensor::describe(turned, frames.parts[0].axes, {tensor::Along::time, tensor::Along::rows});
  return turned;
}

const RegisterFramesStep frames_first_step{
    "frames_first",
    frames_first,
    {.summary = "Rows and frames exchanged: what a recurrent layer takes (batch_first = true).",
     .returns = "a tensor of [frames, rows]",
     .example = "feature.frames_first(feature.mfcc(clip))",
     .source = "Lumir's own; numpy.transpose",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
