// What a view knows of the tensor that it is a part of, told by its strides: so a slice, a selection, a transposition and
// a split are one thing here, whatever operator made them.

#include <algorithm>
#include <numeric>
#include <optional>

#include "tensor/handed.h"

namespace lumir::tensor {
namespace {

/// How a view lies in its source, by dimensions of the source: where it begins, the dimension of the view that runs
/// along it, and by which step.
struct Stretch {
  int64_t first = 0;
  std::optional<int64_t> along;
  int64_t step = 1;
};

/// Dimensions of the source from the longest stride to the shortest: a place in memory is counted in them like a number
/// in its digits.
std::vector<int64_t> by_stride(const at::Tensor& source) {
  std::vector<int64_t> order(static_cast<size_t>(source.dim()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return source.stride(a) > source.stride(b); });
  return order;
}

/// The dimension of the source that dimension `d` of the view runs along: one that no other does, and within which the
/// view ends. Where the view has a single place, only the same stride tells.
std::optional<int64_t> source_of(const at::Tensor& view, int64_t d, const at::Tensor& source,
                                 const std::vector<int64_t>& order, const std::vector<Stretch>& stretches) {
  for (const int64_t s : order) {
    const int64_t stride = source.stride(s);
    if (stretches[static_cast<size_t>(s)].along || stride < 1 || view.stride(d) % stride != 0) continue;
    const int64_t step = view.stride(d) / stride;
    const bool fits = view.size(d) == 1 ? step == 1 : (view.size(d) - 1) * step < source.size(s);
    if (step > 0 && fits) return s;
  }
  return std::nullopt;
}

std::optional<std::vector<Stretch>> laid_in(const at::Tensor& view, const at::Tensor& source) {
  if (view.scalar_type() != source.scalar_type() || view.numel() == 0 || view.layout() != source.layout()) return {};
  std::vector<Stretch> stretches(static_cast<size_t>(source.dim()));
  const auto order = by_stride(source);
  for (const bool longer : {true, false}) {  // dimensions of one place take what is left
    for (int64_t d = 0; d < view.dim(); ++d) {
      if ((view.size(d) > 1) != longer) continue;
      const auto s = source_of(view, d, source, order, stretches);
      if (s) stretches[static_cast<size_t>(*s)].along = d;
      if (s && longer) stretches[static_cast<size_t>(*s)].step = view.stride(d) / source.stride(*s);
      if (!s && longer) return {};
    }
  }
  int64_t rest = view.storage_offset() - source.storage_offset();
  for (const int64_t s : order) {
    Stretch& stretch = stretches[static_cast<size_t>(s)];
    if (source.stride(s) < 1 || rest < 0) return {};
    stretch.first = std::min(rest / source.stride(s), source.size(s) - 1);
    rest -= stretch.first * source.stride(s);
    const int64_t count = stretch.along ? view.size(*stretch.along) : 1;
    if (stretch.first + (count - 1) * stretch.step >= source.size(s)) return {};
  }
  if (rest != 0) return {};
  return stretches;
}

}  // namespace

Described view_axes(const at::Tensor& view, const at::Tensor& source) {
  const Described known = described(source);
  if (!known.axes) return {};
  const auto stretches = laid_in(view, source);
  if (!stretches) return {};
  auto part = std::make_shared<Axes>(*known.axes);
  Dimensions dimensions(static_cast<size_t>(view.dim()), Along::other);
  for (size_t s = 0; s < stretches->size(); ++s) {
    const Stretch& stretch = (*stretches)[s];
    const Along along = known.dimensions[s];
    const auto first = static_cast<size_t>(stretch.first);
    if (!stretch.along) {
      pick(*part, along, first);
    } else {
      dimensions[static_cast<size_t>(*stretch.along)] = along;
      narrow(*part, along, first, static_cast<size_t>(stretch.step), static_cast<size_t>(view.size(*stretch.along)));
    }
  }
  return {part, dimensions};
}

}  // namespace lumir::tensor
