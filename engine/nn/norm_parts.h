// How a batch is dealt to the kernels of norms, and what these find is put together. Included where they are called.

#pragma once

#include <algorithm>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include "core/denormals.h"
#include "core/parallel.h"
#include "nn/norm_kernels.h"

namespace lumir::nn {

/// How the numbers of a batch lie: planes of channels, or rows of all channels of a place.
inline at::MemoryFormat format_of(const at::Tensor& x) {
  if (x.is_contiguous()) return at::MemoryFormat::Contiguous;
  return x.dim() == 5 ? at::MemoryFormat::ChannelsLast3d : at::MemoryFormat::ChannelsLast;
}

inline bool has_no_gaps(const at::Tensor& x) {
  if (x.is_contiguous()) return true;
  return (x.dim() == 4 || x.dim() == 5) && x.is_contiguous(format_of(x));
}

/// So many lines of so many numbers each, in parts that a core's own cache holds.
inline std::vector<Part> parts_of(int64_t lines, int64_t numbers) {
  constexpr int64_t kNumbers = 1 << 16;
  const int64_t size = std::max<int64_t>(1, kNumbers / numbers);
  std::vector<Part> all;
  for (int64_t first = 0; first < lines; first += size) all.push_back({first, std::min(first + size, lines)});
  return all;
}

/// A batch as kernels see it, and its parts.
struct Lines {
  explicit Lines(const at::Tensor& x) : channels(x.size(1)) {
    const int64_t places = x.numel() / x.size(0) / channels;
    positions = format_of(x) == at::MemoryFormat::Contiguous ? places : 1;
    lines = x.numel() / (positions == 1 ? channels : positions);
  }
  bool in_rows() const { return positions == 1; }
  /// Numbers of each channel.
  double count() const { return static_cast<double>(lines * positions * (in_rows() ? 1 : 1.0 / channels)); }

  std::vector<Part> parts() const { return parts_of(lines, in_rows() ? channels : positions); }

  int64_t channels, positions = 1, lines = 0;
};

/// Calls work(number, part) for all parts, in threads.
template <class Work>
void in_parts(const std::vector<Part>& parts, const Work& work) {
  parallel_for(parts.size(), [&](size_t i) {
    const FlushDenormals flush;
    work(i, parts[i]);
  });
}

/// What kernels find of two kinds for each channel, or for each plane, of each part.
template <class T>
struct Found {
  Found(const Lines& lines, size_t parts)
      : in_rows(lines.in_rows()),
        channels(lines.channels),
        first(static_cast<size_t>(in_rows ? channels * static_cast<int64_t>(parts) : lines.lines)),
        second(first.size()) {}
  size_t start(size_t number, const Part& part) const {
    return static_cast<size_t>(in_rows ? static_cast<int64_t>(number) * channels : part.first);
  }
  /// Calls body(channel, number of lines, the two) in one order.
  template <class Body>
  void each(const std::vector<Part>& parts, Body body) const {
    for (const Part& part : parts) {
      const auto number = static_cast<size_t>(&part - parts.data());
      const int64_t width = in_rows ? channels : part.last - part.first;
      for (int64_t i = 0; i < width; ++i) {
        const size_t at = start(number, part) + static_cast<size_t>(i);
        const int64_t channel = in_rows ? i : (part.first + i) % channels;
        body(static_cast<size_t>(channel), in_rows ? part.last - part.first : 1, first[at], second[at]);
      }
    }
  }

  bool in_rows;
  int64_t channels;
  std::vector<T> first, second;
};

/// Numbers of channels, with room for a register at the end.
template <class T, class Number>
std::vector<T> of_channels(int64_t channels, Number number) {
  std::vector<T> all(static_cast<size_t>(channels) + 64 / sizeof(T));
  for (int64_t c = 0; c < channels; ++c) all[static_cast<size_t>(c)] = static_cast<T>(number(static_cast<size_t>(c)));
  return all;
}

template <class T>
std::vector<double> doubles_of(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.contiguous();
  const T* numbers = dense.const_data_ptr<T>();
  return {numbers, numbers + dense.numel()};
}

template <class T>
at::Tensor tensor_of(const std::vector<double>& numbers, const at::TensorOptions& options) {
  at::Tensor tensor = at::empty({static_cast<int64_t>(numbers.size())}, options);
  std::copy(numbers.begin(), numbers.end(), tensor.data_ptr<T>());
  return tensor;
}

}  // namespace lumir::nn
