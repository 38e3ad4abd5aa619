// Rows of every kind as tensors.

#include "data/tensor_rows.h"

#include <ATen/core/grad_mode.h>

#include "audio/clip.h"
#include "core/codec.h"
#include "feature/plan/frames.h"
#include "tensor/convert.h"

namespace lumir::data {

at::Tensor to_tensor(const std::any& row, const std::string& who) {
  if (const auto* tensor = held_as<at::Tensor>(row)) return *tensor;
  if (const auto* frames = held_as<feature::Frames>(row)) {
    return tensor::from_floats(std::span(frames->values.data(), frames->rows * frames->frames),
                               {static_cast<int64_t>(frames->rows), static_cast<int64_t>(frames->frames)});
  }
  if (const auto* clip = held_as<audio::Clip>(row)) {
    return tensor::from_floats(std::span(clip->samples.data(), clip->samples.size()),
                               {clip->channels, static_cast<int64_t>(clip->samples.size()) / clip->channels});
  }
  if (const auto* description = held_as<feature::Description>(row)) {
    return tensor::from_doubles(description->values, {static_cast<int64_t>(description->values.size())});
  }
  wrong_input(who, "rows of numbers, frames, clips or tensors", row);
}

TensorRows::TensorRows(Table table) : table_(std::move(table)) {}

TensorRows::TensorRows(const Dataset& dataset) {
  const auto [stored, rest] = dataset.before_draws();
  if (rest && !stored.chain()) {
    throw ArgumentError("batches: the first step of a chain must not draw: there is nothing to store before it");
  }
  table_ = stored.table();
  table_.chain = dataset.chain();
  rest_ = rest;
}

at::Tensor TensorRows::at(size_t i, uint64_t epoch, uint64_t repeat) const {
  const at::NoGradGuard guard;
  if (!table_.items) {
    const auto row = table_.x->row(i);
    return tensor::from_doubles({row.data(), row.size()}, {static_cast<int64_t>(row.size())}).to(at::kFloat);
  }
  std::any row = table_.items->at(i);
  if (rest_) {
    const Context context{.epoch = epoch, .row = content_of(std::any(table_.ids.at(i)))};
    try {
      row = rest_->apply(row, context.copy(repeat));
    } catch (const Error& problem) {
      throw Error(table_.paths.at(i) + ": " + problem.what());
    }
    if (std::any_cast<Several>(&row)) {
      throw ArgumentError(
          "batches: a chain that draws must give one thing for each row; excerpts and copies stand "
          "before the first step that draws");
    }
  }
  return to_tensor(row, "batches").to(at::kFloat);
}

}  // namespace lumir::data
