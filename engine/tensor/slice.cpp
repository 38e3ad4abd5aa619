// Reads the text of a slice part by part and narrows the tensor as it goes.

#include "tensor/slice.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "core/error.h"

namespace lumir::tensor {
namespace {

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(mark);
    parts.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw ArgumentError("slice: '" + std::string(text) + "' " + why);
}

std::optional<int64_t> read_integer(std::string_view part, std::string_view whole) {
  if (part.empty()) return std::nullopt;
  int64_t number = 0;
  const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), number);
  if (problem != std::errc() || end != part.data() + part.size()) {
    refuse(whole, "is no slice ('" + std::string(part) + "' is no integer)");
  }
  return number;
}

/// 1 .. size from a position that may count from the end.
int64_t resolve(int64_t position, int64_t size, int64_t dimension, std::string_view text) {
  if (position == 0) refuse(text, "has a position 0; positions count from 1");
  const int64_t from_front = position > 0 ? position : size + 1 + position;
  if (from_front < 1 || from_front > size) {
    refuse(text, "reaches past dimension " + std::to_string(dimension) + ", which has " + std::to_string(size));
  }
  return from_front;
}

/// `dimension` is the axis as the user counts it, before positions took dimensions away.
at::Tensor apply_range(const at::Tensor& tensor, int64_t axis, int64_t dimension, std::string_view part,
                       std::string_view text) {
  const auto ends = split(part, ':');
  if (ends.size() > 3) refuse(text, "is no slice (a range is first:last:step)");
  const int64_t size = tensor.size(axis);
  const int64_t step = ends.size() == 3 ? read_integer(ends[2], text).value_or(1) : 1;
  if (step < 1) refuse(text, "has a step below 1; :flip() reverses");
  const auto given_first = read_integer(ends[0], text), given_last = read_integer(ends[1], text);
  if (given_first == 0 || given_last == 0) refuse(text, "has a position 0; positions count from 1");
  if (size == 0 && !given_first && !given_last) return tensor;
  const int64_t last = given_last ? resolve(*given_last, size, dimension, text) : size;
  const int64_t first = given_first ? resolve(*given_first, size, dimension, text) : 1;
  if (first > last) refuse(text, "runs backwards");
  return tensor.slice(axis, first - 1, last, step);
}

}  // namespace

at::Tensor slice(const at::Tensor& tensor, std::string_view text) {
  const auto parts = split(text, ',');
  const auto rests = std::count(parts.begin(), parts.end(), "...");
  const auto named = static_cast<int64_t>(parts.size()) - rests;
  if (rests > 1) refuse(text, "has '...' more than once");
  if (named > tensor.dim()) {
    refuse(text, "has " + std::to_string(named) + " parts for " + std::to_string(tensor.dim()) + " dimensions");
  }
  at::Tensor view = tensor;
  int64_t axis = 0;     // of the view
  int64_t dropped = 0;  // dimensions that a position took away
  for (const std::string_view part : parts) {
    if (part.empty()) refuse(text, "is no slice (a part of it is empty)");
    if (part == "...") {
      axis += tensor.dim() - named;
    } else if (part.find(':') != std::string_view::npos) {
      view = apply_range(view, axis, axis + dropped + 1, part, text);
      ++axis;
    } else {
      const int64_t position = *read_integer(part, text);
      view = view.select(axis, resolve(position, view.size(axis), axis + dropped + 1, text) - 1);
      ++dropped;
    }
  }
  return view;
}

at::Tensor select(const at::Tensor& tensor, int64_t position) {
  const std::string text = std::to_string(position);
  if (tensor.dim() == 0) refuse(text, "of a single number; :item() reads it");
  return tensor.select(0, resolve(position, tensor.size(0), 1, text) - 1);
}

}  // namespace lumir::tensor
