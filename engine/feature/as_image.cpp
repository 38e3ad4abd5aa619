// As image: one channel in front, as convolutional networks read pictures.

#include "feature/frames_step.h"
#include "tensor/convert.h"

namespace lumir::feature {
namespace {

at::Tensor as_image(Frames frames, const NoOptions&) {
  return tensor::from_floats(frames.values,
                             {1, static_cast<int64_t>(frames.rows), static_cast<int64_t>(frames.frames)});
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
