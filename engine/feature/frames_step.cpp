// Frames out of tensors, and back.

#include "feature/frames_step.h"

#include "feature/extractor.h"
#include "tensor/convert.h"
#include "tensor/described.h"

namespace lumir::feature {
namespace {

const KindName<at::Tensor> tensor_word{"a tensor"};

/// Of a tensor of frames: what stands before rows and time is neither; a single dimension is time, where the axes know
/// it; a single number has none.
tensor::Dimensions dimensions_of(int64_t count, const AxesPtr& axes) {
  using tensor::Along;
  if (count == 0) return {};
  if (count == 1) return {axes && axes->step() > 0 ? Along::time : Along::rows};
  tensor::Dimensions dimensions(static_cast<size_t>(count), Along::other);
  std::copy(tensor::kRowsOverTime.begin(), tensor::kRowsOverTime.end(), dimensions.end() - 2);
  return dimensions;
}

/// Frames whose rows have no better names than numbers.
Frames unnamed(size_t rows, size_t frames, const std::vector<float>& values) {
  Frames out;
  out.rows = rows;
  out.frames = frames;
  out.values.assign(values.begin(), values.end());
  out.parts = {{"row", 0, rows}};
  for (size_t row = 0; row < rows; ++row) {
    out.names.push_back(numbered("row", static_cast<int>(row), static_cast<int>(rows)));
  }
  return out;
}

/// In the shape of the tensor that came in; throws ArgumentError where it cannot be.
at::Tensor as_tensor(const Frames& result, std::vector<int64_t> shape, const std::string& who) {
  const auto rows = static_cast<int64_t>(result.rows), length = static_cast<int64_t>(result.frames);
  int64_t rows_before = 1;
  for (size_t i = 0; i + 1 < shape.size(); ++i) rows_before *= shape[i];
  if (rows == rows_before) {
    if (!shape.empty()) shape.back() = length;
    return tensor::from_floats(result.values, shape);
  }
  if (shape.size() > 2) {
    throw ArgumentError(who + ": takes a tensor of [rows, frames], got one of " + std::to_string(shape.size()) +
                        " dimensions");
  }
  return tensor::from_floats(result.values, {rows, length});
}

}  // namespace

FramesInput::FramesInput(const std::any& input, const std::string& who) : who_(who) {
  if (const auto* held = held_as<Frames>(input)) {
    given_ = held;
    return;
  }
  const auto& tensor = input_as<at::Tensor>(input, who, "frames or a tensor");
  if (tensor.numel() == 0) throw ArgumentError(who + ": the tensor is empty");
  shape_ = tensor.sizes().vec();
  const auto count = static_cast<size_t>(tensor.numel());
  const size_t last = shape_->empty() ? 1 : static_cast<size_t>(shape_->back());
  made_ = unnamed(count / last, last, tensor::to_floats(tensor, who));
  const auto known = tensor::described(tensor);
  if (known.dimensions == dimensions_of(tensor.dim(), known.axes)) made_.parts[0].axes = known.axes;
}

std::any FramesInput::answer(Frames result) const {
  if (!shape_) return result;
  at::Tensor tensor = as_tensor(result, *shape_, who_);
  const AxesPtr& axes = result.parts[0].axes;
  if (axes && result.parts.size() == 1) tensor::describe(tensor, axes, dimensions_of(tensor.dim(), axes));
  return tensor;
}

Track track_of(Frames& frames) {
  return {frames.values.data(), frames.frames, static_cast<int>(frames.rows), static_cast<long>(frames.frames),
          frames.frame_rate};
}

}  // namespace lumir::feature
