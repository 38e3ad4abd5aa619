// As image: one channel in front, as convolutional networks read pictures.

#include "feature/frames_step.h"
#include "tensor/convert.h"
#include "tensor/described.h"

namespace lumir::feature {
namespace {

at::Tensor as_image(Frames frames, const NoOptions&) {
  const auto rows = static_cast<int64_t>(frames.rows), count = static_cast<int64_t>(frames.frames);
  at::Tensor image = tensor::from_floats(frames.values, {1, rows, count});
  const bool alone = frames.parts.size() == 1;
  using tensor::Along;
  if (alone) tensor::describe(image, frames.parts[0].axes, {Along::other, Along::rows, Along::time});
  return image;
}

const RegisterFramesStep as_image_step{
    "as_image",
    as_image,
    {.summary = "Rows and frames as a picture of one channel: what a convolution in two dimensions takes.",
     .returns = "a tensor of [1, rows, frames]",
     .example = "feature.as_image(feature.melspectrogram(clip))",
     .source = "Lumir's own; torch.unsqueeze",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
