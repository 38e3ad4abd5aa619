// What a tensor knows that was put together of whole tensors, or of rows and columns of one.

#include <algorithm>

#include "tensor/handed.h"

namespace lumir::tensor {
namespace {

bool same_numbers(const Axes& a, const Axes& b) {
  return a.values == b.values && a.unit == b.unit && a.measure == b.measure;
}

bool same_rows(const Axes& a, const Axes& b) {
  return a.rows == b.rows && a.rows_unit == b.rows_unit && a.places == b.places && a.names == b.names;
}

/// The places that booleans or positions from 1 (from the end below 0) stand for, counted from 0.
std::optional<std::vector<size_t>> places_in(const at::Tensor& which, int64_t size) {
  if (which.dim() != 1 || !which.is_cpu() || which.is_floating_point() || which.is_complex()) return std::nullopt;
  const bool mask = which.scalar_type() == at::kBool;
  const at::Tensor numbers = which.to(at::kLong).contiguous();
  const int64_t* at = numbers.const_data_ptr<int64_t>();
  std::vector<size_t> places;
  for (int64_t i = 0; i < numbers.numel(); ++i) {
    if (mask && at[i] == 0) continue;
    const int64_t place = mask ? i : at[i] > 0 ? at[i] - 1 : at[i] + size;
    if (place < 0 || place >= size) return std::nullopt;
    places.push_back(static_cast<size_t>(place));
  }
  return places;
}

}  // namespace

Described chosen_axes(const at::Tensor& source, int64_t dimension, const at::Tensor& which) {
  Described known = described(source);
  if (!known.axes || dimension < 0 || dimension >= source.dim()) return {};
  const auto places = places_in(which, source.size(dimension));
  if (!places) return {};
  auto part = std::make_shared<Axes>(*known.axes);
  Along& along = known.dimensions[static_cast<size_t>(dimension)];
  if (!choose(*part, along, *places)) along = Along::other;
  return {part, known.dimensions};
}

Described joined_axes(std::span<const at::Tensor> parts, int64_t dimension) {
  const Described first = parts.empty() ? Described{} : described(parts[0]);
  if (!first.axes || dimension < 0 || dimension >= parts[0].dim()) return {};
  auto axes = std::make_shared<Axes>(*first.axes);
  const Along along = first.dimensions[static_cast<size_t>(dimension)];
  auto rows = static_cast<size_t>(parts[0].size(dimension));
  for (const at::Tensor& part : parts.subspan(1)) {
    const Described next = described(part);
    if (!next.axes || next.dimensions != first.dimensions || next.axes->step() != axes->step()) return {};
    if (!same_numbers(*first.axes, *next.axes)) axes = std::make_shared<Axes>(*with_values(axes, ""));
    if (along == Along::rows) {
      append_rows(*axes, rows, *next.axes, static_cast<size_t>(part.size(dimension)));
      rows += static_cast<size_t>(part.size(dimension));
    } else if (!same_rows(*axes, *next.axes)) {
      return {};
    }
  }
  return {axes, first.dimensions};
}

}  // namespace lumir::tensor
